"""The earlier answers that a later one may start from, and which sizes make sense there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from grader.compare.digits import decimal_places, stated_digits
from grader.judge.expect.instance import Instance
from grader.judge.expect.world import Worlds
from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Evidence, as_numbers, half_units, plain_numbers
from grader.model.assignment import CarryForward, Part
from grader.model.fact_explaining import AnswerPlace
from grader.model.value import ComplexText, NumberText, Value, map_leaves, walk

__all__ = [
    "Basis",
    "Begun",
    "basis_of",
    "few_digits",
    "is_formula",
    "meant_by",
    "named_in",
    "own_numbers",
    "plausible",
    "root_mean_square",
]

_ENOUGH = 3  # significant figures of a start, where no digits are asked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Earlier answers of the student's own, taken as known by the reference.

    For a formula the values have the sampled points as first axis. Where `rows` is set they are
    the state before a row of iterates, and the recurrence is applied to them.
    """

    starts: Mapping[str, Value]
    usual: Mapping[str, Value]  #: what the reference has in their place
    places: tuple[AnswerPlace, ...]  #: where these were answered, those that are not right first
    wrong: bool  #: one of them is not right
    loose: frozenset[str] = frozenset()  #: steps whose starts are wrong, and nothing accounts for
    #: for each of these, the answer it was given in, and the number of a row
    loose_from: Mapping[str, tuple[AnswerPlace, int | None]] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()  #: those that follow from wrong ones themselves
    halves: Mapping[str, Value] = field(default_factory=dict)  #: half a unit of each as typed
    rows: tuple[str, ...] = ()
    off: bool = False  #: beside rows: one of them is wrong by more than its last digit
    formulas: tuple[AnswerPlace, ...] = ()  #: beside rows: where own formulas for functions stand
    returns: int = 0  #: which of the values that the recurrence returns is the answer
    own_formula: bool = False
    fabricated: bool = False  #: one of them is made up, or an own formula that nothing accounts for
    #: which entries of wrong ones were typed with fewer digits than their questions ask for
    coarse: Mapping[str, Value] = field(default_factory=dict)

    @property
    def functions(self) -> tuple[str, ...]:
        """Beside rows: the function steps for which the student's formulas stand."""
        return tuple(name for name in self.starts if name not in self.rows) if self.rows else ()

    @property
    def fine(self) -> Basis:
        """The same, with nothing behind the last digits where too few of them were typed."""
        halves = {
            name: np.where(self.coarse[name], 0.0, half) if name in self.coarse else half
            for name, half in self.halves.items()
        }
        return replace(self, halves=halves)

    @property
    def rounded(self) -> bool:
        """Whether what it starts from is right, up to the digits in which it was typed."""
        return not (self.off or self.formulas) if self.rows else not self.wrong

    @property
    def stops(self) -> frozenset[str]:
        """The steps that are taken as known, so that no mistake in them matters."""
        return frozenset(self.functions if self.rows else self.starts)


class Begun(NamedTuple):
    """An earlier answer that is started from, its value, and the right one."""

    answer: Evidence
    value: Value
    usual: Value


def is_formula(answer: Evidence) -> bool:
    return answer.question.nature.formula


def basis_of(
    starts: Sequence[Begun],
    accounted: Collection[AnswerPlace] = (),
    made_up: Collection[AnswerPlace] = (),
    derived: Collection[AnswerPlace] = (),
) -> Basis:
    """What an answer is recomputed from, those that are not right first."""
    ordered = sorted(starts, key=lambda one: (one.answer.right, one.answer.place))
    wrong = not ordered[0].answer.right
    # A formula that stands for a function was looked at by itself: it has no size to move.
    loose: dict[str, tuple[AnswerPlace, int | None]] = {
        one.answer.step: (one.answer.place, None)
        for one in starts
        if not one.answer.right
        and one.answer.place not in accounted
        and not _is_function(one.value)
    }
    return Basis(
        starts={one.answer.step: one.value for one in ordered},
        usual={one.answer.step: one.usual for one in ordered},
        places=tuple(one.answer.place for one in ordered if not (wrong and one.answer.right)),
        wrong=wrong,
        loose=frozenset(loose),
        loose_from=loose,
        derived=frozenset(one.answer.step for one in starts if one.answer.place in derived),
        halves={
            one.answer.step: half_units(one.answer.value, one.value)
            for one in ordered
            # A right start that was rounded is exact here: with all digits the answer is right.
            if not one.answer.right and not is_formula(one.answer)
        },
        fabricated=any(one.answer.place in made_up for one in starts),
        coarse={
            one.answer.step: few_digits(one.answer.value, one.value, one.answer.part)
            for one in ordered
            if not one.answer.right and one.answer.question.nature.numbers
        },
    )


def few_digits(value: Value, number: Value, part: Part) -> Value:
    """Which entries of a typed answer have fewer digits than the question asks for, in the shape of
    `number`, its plain value.

    Where no digits are asked for, three significant figures are enough, and fewer if the last of
    them says as much as the tolerance does.
    """
    wanted, places = _wanted_digits(part)
    halves = half_units(value, number)

    def few(one: Value) -> Value:
        if isinstance(one, np.ndarray):
            return np.zeros(one.shape)  # code gave it: no digits were typed
        if isinstance(one, ComplexText):
            return max(few(one.real), few(one.imag))
        digits = stated_digits(one, places=places) if isinstance(one, NumberText) else None
        return float(digits is not None and digits[1] < wanted)

    mask = np.asarray(map_leaves(value, few), dtype=np.float64).reshape(np.shape(number)) > 0
    tolerance = part.tolerance
    if not (tolerance.judges_digits or tolerance.published):
        off = [
            apart(part, one + half, one) > 1.0
            for one, half in zip(np.ravel(number), np.ravel(halves), strict=True)
        ]
        mask &= np.array(off).reshape(np.shape(number))
    return mask


def _wanted_digits(part: Part) -> tuple[int, bool]:
    """How many digits are asked for, and whether they are decimal places."""
    tolerance = part.tolerance
    if tolerance.published:
        units = [decimal_places(one) for one in walk(part.expected) if isinstance(one, NumberText)]
        return max((unit for unit in units if unit is not None), default=0), True
    if tolerance.decimals is not None:
        return tolerance.decimals, True
    return (_ENOUGH if tolerance.sigfigs is None else tolerance.sigfigs), False


def _is_function(value: Value) -> bool:
    """Whether a start stands for a function step, at one instance or at each sampled point."""
    return callable(value) or (isinstance(value, tuple) and any(map(callable, value)))


def named_in(starts: Sequence[Begun], steps: Collection[str]) -> list[Begun]:
    """The starts of a formula with those taken as right that it names; none where that changes
    nothing, or leaves none that is wrong.

    A step that a formula names stands there by its name, whatever the student has for it. Example:
    x1 is labelled wrongly, and so is f, as c. Then the label x1·c of the product x1·f follows: it
    speaks of x1, which is made of whatever it is made of.
    """
    wrong = {one.answer.step for one in starts if not one.answer.right}
    named = wrong & set(steps)
    if not named or named == wrong:
        return []
    return [
        one._replace(value=one.usual, answer=replace(one.answer, right=True))
        if one.answer.step in named
        else one
        for one in starts
    ]


def own_numbers(
    answers: Mapping[str, Sequence[tuple[Evidence, Instance]]], worlds: Worlds, at: Instance
) -> dict[str, Value]:
    """The wrong numbers that a student gave at an instance, by step: `answers` are those about each
    step, with their instances."""
    found: dict[str, Value] = {}
    for step, others in answers.items():
        for other, there in others:
            nature = other.question.nature
            if step in found or other.right or not nature.numbers or nature.rows:
                continue
            if there is at or there.agrees(at, worlds.made_of(step)):
                value = plain_numbers(other.value, worlds.under().value(step, at))
                if value is not None:
                    found[step] = value
    return found


def meant_by(option: Value, like: Value) -> Value:
    """The value that the reference would give for a chosen option, or None if it has none.

    `like` is its right value there: a text, a bool or a whole number, whose type the options have
    as well. The spec and `chosen_option` name them by texts.
    """
    if isinstance(like, bool):
        return {str(one): one for one in (True, False)}.get(option)
    if isinstance(like, int):
        number = re.fullmatch(r"-?[0-9]{1,18}", str(option))
        return int(number[0]) if number else None
    return option if isinstance(like, str) and isinstance(option, str) else None


def plausible(value: Value, policy: CarryForward, *usual: Value) -> bool:
    """Whether the size of a value, its root mean square, lies near that of the usual values.

    With several usual values it is enough to be near one: an iterate may pass zero on its way.
    """
    least, most = map(float, policy.plausible)
    size, sizes = root_mean_square(value), [root_mean_square(one) for one in usual]
    if not any(sizes):
        return size <= most
    return least * min(sizes) <= size <= most * max(sizes)


def root_mean_square(value: Value) -> float:
    """The size of the finite numbers of a value, 0 without any."""
    numbers = np.abs(as_numbers(value))
    numbers = numbers[np.isfinite(numbers)]
    largest = float(np.max(numbers, initial=0.0))
    # Taken out of the square, which a large number would overflow.
    return largest * float(np.sqrt(np.mean((numbers / largest) ** 2))) if largest else 0.0
