"""Generic slips that need no mistake in the spec: a sign, a factor, a copy, a shifted list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from grader.judge.expect.world import Worlds
from grader.judge.explain.chance import chance_of
from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Evidence, as_numbers, plain_numbers
from grader.model.assignment import Part
from grader.model.fact import Facts
from grader.model.fact_explaining import AnswerPlace, Diverges, HintKind
from grader.model.outcome import PartOutcome
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["copied", "divergence", "likelier_than_chance", "shifted", "transformed"]

_FACTORS = {
    -1.0: HintKind.SIGN,
    2.0: HintKind.DOUBLED,
    0.5: HintKind.HALVED,
    -2.0: HintKind.SIGN_AND_FACTOR,
    -0.5: HintKind.SIGN_AND_FACTOR,
}
_NO_ROWS = (Reason.ROW_MISSING, Reason.TOO_MANY_ROWS)
_POWERS = range(-6, 7)
#: How often a wrong number comes about in this way, roughly: a hint must be likelier than chance.
_OFTEN = {
    HintKind.SIGN: 0.3,
    HintKind.DOUBLED: 0.05,
    HintKind.HALVED: 0.05,
    HintKind.SIGN_AND_FACTOR: 0.02,
    HintKind.POWER_OF_TEN: 0.02,
    HintKind.CONJUGATE: 0.3,
    HintKind.I_LOST: 0.3,
    HintKind.PARTS_SWAPPED: 0.05,
}
_COPIED_FROM_BEFORE = 0.2  # of what it is made from at once
_COPIED = 0.05  # of anything else
_TELLS = 2.0  # tolerances between two numbers that a question tells apart


def transformed(answer: Evidence, actual: Value, expected: Value) -> HintKind | None:
    """Which slip it is when the answer is a simple multiple of the right one, or None.

    For a formula both are its values at the sampled points. A chosen option is not a multiple of
    another, also where options are numbers.
    """
    if answer.question.nature.option:
        return None
    given = actual if answer.formula is not None else plain_numbers(actual, expected)
    wanted = np.asarray(expected)
    if given is None or np.shape(given) != wanted.shape or wanted.dtype.kind not in "iufc":
        return None
    if not np.any(wanted):
        return None
    for factor, slip in _FACTORS.items():
        if _is_multiple(answer.part, given, expected, factor):
            return slip
    for power in _POWERS:
        if power and _is_multiple(answer.part, given, expected, 10.0**power):
            return HintKind.POWER_OF_TEN
    if np.iscomplexobj(wanted):
        return _complex_slip(answer.part, given, as_numbers(wanted))
    if answer.formula is not None and _is_constant_multiple(given, wanted):
        return HintKind.CONSTANT
    return None


def likelier_than_chance(slip: HintKind, answer: Evidence, actual: Value, expected: Value) -> bool:
    """Whether an answer that is a multiple of the right one is told so: not a number of so few
    digits that many a wrong one would be."""
    if answer.formula is not None or slip not in _OFTEN:
        return True
    number = plain_numbers(actual, expected)
    return number is not None and chance_of(answer, number, expected) <= _OFTEN[slip]


def _is_multiple(part: Part, given: Value, expected: Value, factor: float) -> bool:
    scaled = as_numbers(expected) * factor
    # Where the right value passes for its own multiple, the multiple says nothing.
    zero = np.zeros(scaled.shape)[()]
    return (
        apart(part, given, scaled[()]) <= 1.0
        and apart(part, scaled[()], expected) > 2.0
        and apart(part, scaled[()], zero) > 2.0
        and apart(part, given, zero) > 2.0
    )


def _complex_slip(part: Part, given: Value, wanted: Any) -> HintKind | None:
    """A slip with i, where the right answer is not the same without it."""
    swapped = wanted.imag + 1j * wanted.real
    slips = [(HintKind.CONJUGATE, np.conj(wanted)), (HintKind.PARTS_SWAPPED, swapped)]
    if not np.any(np.imag(given)):
        lost = [wanted.real, wanted.real + wanted.imag, np.abs(wanted.imag)]
        slips = [(HintKind.I_LOST, one.astype(complex)) for one in lost if np.any(one)]
    for slip, other in slips:
        if apart(part, given, other[()]) <= 1.0 and apart(part, other[()], wanted[()]) > _TELLS:
            return slip
    return None


def _is_constant_multiple(given: Any, wanted: Any) -> bool:
    defined = np.isfinite(given) & np.isfinite(wanted)
    if np.any(given[defined & (wanted == 0)]):
        return False  # a multiple of nought is nought
    defined &= wanted != 0
    if defined.sum() < 3 or np.ptp(wanted[defined]) <= 1e-12 * abs(wanted[defined][0]):
        return False  # any number is a multiple of a constant
    with np.errstate(over="ignore", invalid="ignore"):  # a student's numbers may be of any size
        ratios = given[defined] / wanted[defined]
        constant = np.allclose(ratios, ratios[0], rtol=1e-9, atol=0.0)
    return bool(constant and ratios[0] != 0 and abs(ratios[0] - 1) > 1e-9)


def copied(answer: Evidence, answers: Sequence[Evidence], worlds: Worlds) -> AnswerPlace | None:
    """The student's own answer to another question, before this one, that it is the same as: of
    several the nearest. None where so many numbers are easily the same by accident."""
    kind = answer.question.nature
    if answer.row is not None or not kind.numbers or kind.rows:
        return None
    here = worlds.instance(answer.part.at)
    ranked = []
    for other in answers:
        back = worlds.graph.distance(answer.step, other.step)
        if back is not None and other.place != answer.place and other.formula is None:
            elsewhere = not worlds.instance(other.part.at).agrees(here, worlds.made_of(other.step))
            ranked.append(((elsewhere, back), other))
    ranked.sort(key=lambda one: (one[0], one[1].place))
    right = worlds.under().value(answer.step, here)
    for rank, other in ranked:
        if _equal(other.value, answer.value):
            number = plain_numbers(answer.value, right)
            as_near = sum(one <= rank for one, _ in ranked)
            often = _COPIED_FROM_BEFORE if rank == (False, 1) else _COPIED
            likely = number is not None and as_near * chance_of(answer, number, right) <= often
            return other.place if likely else None
    return None


def _equal(one: Value, other: Value) -> bool:
    """Whether two answers are the same numbers, however they were typed."""
    numbers = plain_numbers(one, other)
    return numbers is not None and bool(np.array_equal(numbers, plain_numbers(other, other)))


def shifted(part: Part, rows: Sequence[Value], expected: Sequence[Value]) -> int:
    """1 where every row is that of the step after, -1 of the step before, else 0."""
    for offset in (1, -1):
        pairs = [
            (row, expected[index + offset])
            for index, row in enumerate(rows)
            if 0 <= index + offset < len(expected)
        ]
        # Where a list stands still, one step more or less makes no difference.
        moves = [apart(part, one, other) > _TELLS for one, other in pairwise(expected)]
        if sum(moves) >= 2 and len(pairs) >= 2 and all(_same(part, *pair) for pair in pairs):
            return offset
    return 0


def divergence(parts: Sequence[PartOutcome], first: int) -> Facts:
    """Where a list that begins right first goes wrong; its first row has the number `first`.

    A row that is right as far as its digits go is not a wrong one.
    """
    right = (Verdict.CORRECT, Verdict.FOLLOWS, Verdict.IMPRECISE)
    wrong = [number for number, part in enumerate(parts) if part.verdict not in right]
    if not wrong or wrong[0] == 0 or parts[wrong[0]].reason in _NO_ROWS:
        return Facts()
    return Facts.of(Diverges(row=wrong[0] + first))


def _same(part: Part, row: Value, wanted: Value) -> bool:
    numbers = plain_numbers(row, wanted)
    return numbers is not None and apart(part, numbers, wanted) <= 1.0
