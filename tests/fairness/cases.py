"""Right work with one slip in it, of every kind, in each place of each homework."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np

from grader.checks.prepare import Prepared
from grader.judge.expect.key import build_key
from grader.model.assignment import AnswerQuestion
from tests.fairness.homeworks import HOMEWORKS, Homework
from tests.fairness.student import Place, Slips, Student
from tests.fairness.written import slips_of
from tests.homeworks import prepared

__all__ = ["Case", "cases_of", "with_other_givens"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A student's slips in a homework. `kind` is what the table counts by."""

    made: Prepared
    homework: Homework
    kind: str
    name: str
    slips: Slips

    def __str__(self) -> str:
        return f"{self.homework.slug}: {self.kind}: {self.name}"


#: a homework with other numbers, where fewer things are equal by luck
_OTHER_GIVENS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "dl2022-exercise-3": (
        {"x": 2, "y": -1, "w0": 0.7, "w1": 0.6, "w2": 1.3, "ws": 0.4, "learning_rate": 0.3},
        {"x": 1.5, "y": 2, "w0": 0.9, "w1": -0.8, "w2": 0.5, "ws": 1.1, "learning_rate": 0.2},
    ),
    "ecs289-homework": ({"start": [-2, 1.5], "learning_rate": 0.04, "momentum": 0.8},),
}

_NUMBER_SLIPS: Mapping[str, Callable[[Any], Any]] = {
    "sign": lambda value: -value,
    "factor 2": lambda value: 2 * value,
    "factor 1/2": lambda value: value / 2,
    "power of ten": lambda value: value / 10,
    "dropped term": lambda value: value - 0.125,
    "added term": lambda value: value + 0.35,
}
_ROW_SLIPS: Mapping[str, Callable[[Any], Any]] = {
    "sign": lambda row: row * (np.array([-1, 1]) if np.ndim(row) else -1),
    "dropped term": lambda row: row - (np.array([0.0, 0.07]) if np.ndim(row) else 0.07),
    "wrong neighbour": lambda row: row[::-1] if np.ndim(row) else row + 0.3,
    "factor 2": lambda row: row * (np.array([1, 2]) if np.ndim(row) else 2),
}


@cache
def cases_of(slug: str) -> tuple[Case, ...]:
    """All cases of a homework, in a fixed order."""
    homework = HOMEWORKS[slug]
    made = prepared(slug)
    found = list(_all(made, homework))
    for number, other in enumerate(with_other_givens(made), start=1):
        found += [
            replace(case, name=f"{case.name} (other numbers {number})")
            for case in (*_values(other, homework), *_lists(other, homework))
        ]
    return tuple(found)


def with_other_givens(made: Prepared) -> Iterator[Prepared]:
    """The assignment with other numbers, where there are any."""
    for givens in _OTHER_GIVENS.get(made.assignment.slug, ()):
        yield _with_givens(made, givens)


def _with_givens(made: Prepared, givens: Mapping[str, Any]) -> Prepared:
    """The same assignment with other numbers; answers that it stated are computed."""
    questions = tuple(
        replace(one, parts=tuple(replace(part, expected=None) for part in one.parts))
        if isinstance(one, AnswerQuestion) and one.kind in ("number", "iterates")
        else one
        for one in made.assignment.questions
    )
    assignment = replace(
        made.assignment, givens={**made.assignment.givens, **givens}, questions=questions
    )
    return replace(made, assignment=assignment, key=build_key(assignment, made.reference))


def _all(made: Prepared, homework: Homework) -> Iterator[Case]:
    yield from _values(made, homework)
    yield from _lists(made, homework)
    yield from _formulas(made, homework)
    yield from _labels(made, homework)
    yield from _mistakes(made, homework)
    yield from _rounded(made, homework)
    yield from _two(made, homework)


def _values(made: Prepared, homework: Homework) -> Iterator[Case]:
    right = Student(made, homework, Slips())
    for place in right.written:
        if isinstance(place[1], int):
            continue
        slips = dict(_NUMBER_SLIPS)
        others = [float(right.meant[one]) for one in right.meant if one[0] == place[0]]
        others = [one for one in others if abs(one - float(right.meant[place])) > 0.01]
        if others:
            slips["copied"] = partial(_copied, others[0])
        for name, slip in slips.items():
            yield _case(made, homework, name, place, Slips(values={place: slip}))


def _copied(other: float, _value: Any) -> float:
    return other


def _lists(made: Prepared, homework: Homework) -> Iterator[Case]:
    right = Student(made, homework, Slips())
    rows = [place for place in right.written if isinstance(place[1], int)]
    for place, (name, slip) in product(rows, _ROW_SLIPS.items()):
        yield _case(made, homework, name, place, Slips(values={place: slip}))
    lists = sorted({place[0] for place in rows})
    if lists:
        yield _case(made, homework, "off by one row", ("lists", ""), Slips(rows_before=True))
    for place in rows:
        slips = Slips(values={place: _ROW_SLIPS["dropped term"]}, rows_before=True)
        yield _case(made, homework, "off by one row and a slip", place, slips)


def _case(made: Prepared, homework: Homework, kind: str, place: Place, slips: Slips) -> Case:
    where = ".".join(str(one) for one in place if one != "")
    return Case(made=made, homework=homework, kind=kind, name=where, slips=slips)


def _formulas(made: Prepared, homework: Homework) -> Iterator[Case]:
    for step, formula in homework.formulas.items():
        if formula == step:
            continue  # a leaf
        right = Student(made, homework, Slips()).formula(step)
        for kind, text in slips_of(right, dict(homework.neighbours)):
            name = f"{step}: {text}"
            yield _case(made, homework, kind, (name, ""), Slips(formulas={step: text}))


def _labels(made: Prepared, homework: Homework) -> Iterator[Case]:
    leaves = [step for step, formula in homework.formulas.items() if formula == step]
    for number, one in enumerate(leaves):
        for other in leaves[number + 1 :]:
            slips = Slips(labels={one: other, other: one})
            yield _case(made, homework, "labels exchanged", (one, other), slips)


def _mistakes(made: Prepared, homework: Homework) -> Iterator[Case]:
    for mistake in made.assignment.mistakes:
        yield _case(made, homework, "mistake", (mistake.id, ""), Slips(mistake=mistake))


def _rounded(made: Prepared, homework: Homework) -> Iterator[Case]:
    right = Student(made, homework, Slips())
    if not right.written:
        return
    for digits, keeps in product((2, 3, 4), (False, True)):
        name = f"{digits} decimals{', keeps all' if keeps else ''}"
        yield _case(made, homework, "rounded", (name, ""), Slips(digits=digits, keeps=keeps))
    for number, place in enumerate(right.written):
        if number % 2 == 0:
            slips = _ROW_SLIPS if isinstance(place[1], int) else _NUMBER_SLIPS
            for digits, keeps in ((4, False), (4, True)):
                one = Slips(values={place: slips["dropped term"]}, digits=digits, keeps=keeps)
                kind = "rounded, keeps all, and a slip" if keeps else "rounded and a slip"
                yield _case(made, homework, kind, place, one)


def _two(made: Prepared, homework: Homework) -> Iterator[Case]:
    """Two slips in one work, the second some answers after the first."""
    places = list(Student(made, homework, Slips()).written)
    for number, place in enumerate(places):
        later = places[(number * 7 + 3) % len(places)]
        if later == place:
            continue
        slips: dict[Place, Callable[[Any], Any]] = {}
        for one, name in ((place, "sign"), (later, "dropped term")):
            slips[one] = (_ROW_SLIPS if isinstance(one[1], int) else _NUMBER_SLIPS)[name]
        yield _case(made, homework, "two slips", (*place, *later), Slips(values=slips))  # type: ignore[arg-type]  # of slips of values
