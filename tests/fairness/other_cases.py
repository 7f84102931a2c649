"""Slips of kinds that no rule of the judge was written for: what is read off, copied or taken from
a wrong place, and steps that are computed by other code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from grader.checks.prepare import Prepared
from grader.model.assignment import FunctionQuestion
from grader.solver import Reference, ReferenceFault
from grader.solver.mutants import load_mutant, mutants, spread
from tests.fairness.cases import Case, with_other_givens
from tests.fairness.homeworks import COURSES, HOMEWORKS, Homework
from tests.fairness.student import Place, Slips, Student
from tests.homeworks import prepared

__all__ = ["other_cases_of"]

_STEPS = 120  # of an assignment: changes of its reference
_DIGITS = (2, 3, 4)  # significant ones, to which a wrong number is rounded

#: what becomes of one number
_READ_OFF: Mapping[str, Callable[[float], float]] = {
    "digits exchanged": lambda value: _exchanged(value),
    "squared": lambda value: value**2,
    "root": lambda value: abs(value) ** 0.5,
    "reciprocal": lambda value: 1 / value if value else 1.0,
    "other units": lambda value: 60 * value,
}


@cache
def other_cases_of(slug: str) -> tuple[Case, ...]:
    """All cases of an assignment, in a fixed order."""
    homework = HOMEWORKS.get(slug) or COURSES[slug]
    made = prepared(slug)
    found = [*_in_places(made, homework), *_several(made, homework), *_steps(made, homework)]
    for number, other in enumerate(with_other_givens(made), start=1):
        found += [
            replace(case, name=f"{case.name} (other numbers {number})")
            for case in (*_in_places(other, homework), *_several(other, homework))
        ]
    return tuple(found)


def _in_places(made: Prepared, homework: Homework) -> Iterator[Case]:
    right = Student(made, homework, Slips())
    for number, place in enumerate(right.written):
        for kind, slip in _slips_at(right, place).items():
            yield _case(made, homework, kind, place, Slips(values={place: slip}))
        for kind, slip in {"digits exchanged": _READ_OFF["digits exchanged"]}.items():
            typed = Slips(values={place: partial(_one_entry, slip)}, typed_only=True)
            yield _case(made, homework, f"{kind}, in the sheet only", place, typed)
        digits = _DIGITS[number % len(_DIGITS)]
        rounded = Slips(values={place: partial(_wrong_and_rounded, digits)})
        yield _case(made, homework, "wrong and rounded", place, rounded)


def _slips_at(right: Student, place: Place) -> dict[str, Callable[[Any], Any]]:
    """What can go wrong in one place, by kind."""
    found: dict[str, Callable[[Any], Any]] = {
        kind: partial(_one_entry, slip) for kind, slip in _READ_OFF.items()
    }
    value = right.meant[place]
    if np.ndim(value):
        found["sign of one entry"] = partial(_one_entry, lambda entry: -entry)
        found["entries exchanged"] = lambda row: np.asarray(row)[::-1]
    order = [one for one in right.meant if one[0] == place[0]]
    here = order.index(place)
    above, below = order[max(here - 1, 0)], order[min(here + 1, len(order) - 1)]
    for kind, other in (("value above", above), ("value below", below)):
        if other != place and np.shape(right.meant[other]) == np.shape(value):
            found[kind] = partial(_copied, right.meant[other])
    return found


def _several(made: Prepared, homework: Homework) -> Iterator[Case]:
    """Two slips in different questions, three anywhere, and one beside a slip in the code."""
    right = Student(made, homework, Slips())
    places = list(right.written)
    by_question: dict[str, list[Place]] = {}
    for place in places:
        by_question.setdefault(place[0], []).append(place)
    number = 0
    for one, other in combinations(by_question.values(), 2):
        for first in one[:4]:
            number += 1
            slips = _chosen(right, (first, other[number % len(other)]), number)
            yield _case(made, homework, "two questions", first, Slips(values=slips))
    for number, place in enumerate(places):
        three = (place, *(places[(number + step) % len(places)] for step in (2, 5)))
        slips = _chosen(right, tuple(dict.fromkeys(three)), number)
        yield _case(made, homework, "three slips", place, Slips(values=slips))
    wrong = list(_wrong_code(made))
    for number, place in enumerate(places if wrong else ()):
        _, code = wrong[number % len(wrong)]
        slips = _chosen(right, (place,), number)
        yield _case(made, homework, "code and sheet", place, Slips(values=slips, code=code))


def _chosen(
    right: Student, places: tuple[Place, ...], number: int
) -> dict[Place, Callable[[Any], Any]]:
    found = {}
    for turn, place in enumerate(places):
        slips = [slip for _, slip in sorted(_slips_at(right, place).items())]
        found[place] = slips[(number + 3 * turn) % len(slips)]
    return found


def _wrong_code(made: Prepared) -> list[tuple[str, Reference]]:
    asked = {one.step for one in made.assignment.questions if isinstance(one, FunctionQuestion)}
    return [one for one in _changed(made) if one[0].split(":")[0] in asked][::5]


def _steps(made: Prepared, homework: Homework) -> Iterator[Case]:
    for number, (name, reference) in enumerate(_changed(made)):
        place: Place = (name, "")
        yield _case(made, homework, "another step", place, Slips(sheet=reference))
        if number % 3 == 0:
            rounded = Slips(sheet=reference, digits=4)
            yield _case(made, homework, "another step, rounded", place, rounded)


def _changed(made: Prepared) -> Iterator[tuple[str, Reference]]:
    """The reference with one change in one of its functions; those of mistakes are left out."""
    assert made.reference is not None
    path = made.reference.path
    stand_ins = {new for one in made.assignment.mistakes for new in one.replace.values()}
    names = {getattr(new, "name", new) for new in stand_ins}
    found = [one for one in mutants(path.read_text("utf-8"), path) if one.step not in names]
    for mutant in spread(found, _STEPS):
        try:
            yield f"{mutant.step}: {mutant.change}", load_mutant(mutant)
        except ReferenceFault:
            continue


def _case(made: Prepared, homework: Homework, kind: str, place: Place, slips: Slips) -> Case:
    where = ".".join(str(one) for one in place if one != "")
    return Case(made=made, homework=homework, kind=kind, name=where, slips=slips)


# -- slips -----------------------------------------------------------------------------------------


def _exchanged(value: float) -> float:
    """The first two different digits that stand beside each other, exchanged."""
    text = f"{value:.4g}"
    for first in range(len(text) - 1):
        pair = text[first : first + 2]
        if pair.isdigit() and pair[0] != pair[1]:
            return float(text[:first] + pair[::-1] + text[first + 2 :])
    return value + 0.3


def _one_entry(slip: Callable[[float], float], value: Any) -> Any:
    """The slip in the last entry of an array, or in the number."""
    if not np.ndim(value):
        return slip(float(value))
    changed = np.array(value, dtype=float)
    changed.flat[-1] = slip(float(changed.flat[-1]))
    return changed


def _wrong_and_rounded(digits: int, value: Any) -> Any:
    wrong = np.asarray(value, dtype=float) * 1.3 + 0.05
    return np.vectorize(lambda one: float(f"{one:.{digits}g}"))(wrong)[()]


def _copied(other: Any, _value: Any) -> Any:
    return other
