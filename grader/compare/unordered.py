"""Are these the right numbers, or rows, in whatever order?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grader.compare.comparison import Comparison
from grader.compare.elements import judge_entry
from grader.compare.entries import Entries
from grader.compare.matching import matched
from grader.compare.scale import Scale
from grader.compare.screen import bounds, inside, outside
from grader.model.tolerance import Tolerance
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["MOST_UNORDERED", "compare_unordered", "paired"]

MOST_UNORDERED = 200


def compare_unordered(
    given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale, actual: Value
) -> Comparison:
    """Whether each element can be paired with a key of its own, within the same tolerance.

    An element is an entry of a flat list, else a row. Where pairs exist only if some elements may
    have too few digits, the whole is imprecise. Raises ValueError for more than 200 elements.
    """
    count = keys.shape[0]
    if count > MOST_UNORDERED:
        msg = f"at most {MOST_UNORDERED} elements are compared in any order, not {count}"
        raise ValueError(msg)
    width = math.prod(keys.shape[1:])
    right, rough, digits = _allowed(given, keys, width, tolerance, scale)
    if None not in matched(right):
        return Comparison.correct(total=len(keys))
    pairs = matched(rough)
    if None not in pairs:
        return Comparison(
            verdict=Verdict.IMPRECISE,
            reason=digits,
            credit=tolerance.imprecise_credit,
            actual=actual,
            wrong=1,
        )
    strange = [answer for answer in range(count) if not rough[answer]]
    worst = strange[0] if strange else pairs.index(None)
    taken = {key for key in pairs if key is not None}
    missing = next(key for key in range(count) if key not in taken)
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE if strange else Reason.REPEATED,
        path=((worst,),),
        actual=_element(given, worst, width),
        expected=_element(keys, missing, width),
        wrong=pairs.count(None),
        total=count,
    )


def paired(given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale) -> tuple[int, int]:
    """How many elements are right, and how many more are right but for their digits; there may be
    more or fewer of them than keys, at most 200 of each."""
    width = math.prod(keys.shape[1:])
    right, rough, _ = _allowed(given, keys, width, tolerance, scale)
    precise = sum(key is not None for key in matched(right))
    return precise, sum(key is not None for key in matched(rough)) - precise


def _allowed(
    given: Entries, keys: Entries, width: int, tolerance: Tolerance, scale: Scale
) -> tuple[list[int], list[int], Reason]:
    """For each element the keys that it may stand for, as bits: with digits enough, and in all;
    and what the digits of the others are."""
    right, rough = [0] * given.shape[0], [0] * given.shape[0]
    digits = Reason.TOO_FEW_DIGITS
    for key in range(keys.shape[0]):
        for answer, verdict, reason in _beside(given, keys, key, width, tolerance, scale):
            if verdict is Verdict.CORRECT:
                right[answer] |= 1 << key
            elif verdict is Verdict.IMPRECISE:
                digits = reason or digits
            if verdict in (Verdict.CORRECT, Verdict.IMPRECISE):
                rough[answer] |= 1 << key
    return right, rough, digits


def _element(entries: Entries, row: int, width: int) -> Value:
    numbers = [entries[position] for position in range(row * width, (row + 1) * width)]
    return numbers if len(entries.shape) > 1 else numbers[0]


def _beside(
    given: Entries, keys: Entries, key: int, width: int, tolerance: Tolerance, scale: Scale
) -> list[tuple[int, Verdict, Reason | None]]:
    """Which elements may stand for this key, and whether they have digits enough."""
    clear, wrong = _screened(given, keys, key, width, tolerance, scale)
    found: list[tuple[int, Verdict, Reason | None]] = []
    for answer in np.flatnonzero(~wrong.any(axis=1)).tolist():
        verdict, reason = Verdict.CORRECT, None
        for offset in np.flatnonzero(~clear[answer]).tolist():
            position = key * width + offset
            comparison = judge_entry(
                given, keys, position, tolerance, scale, answer=answer * width + offset
            )
            if comparison.verdict is Verdict.IMPRECISE:
                verdict, reason = comparison.verdict, comparison.reason
            elif not comparison.accepted:
                break
        else:
            found.append((answer, verdict, reason))
    return found


def _screened(
    given: Entries, keys: Entries, key: int, width: int, tolerance: Tolerance, scale: Scale
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What floating point tells of each entry of each element beside this key."""
    rows = (given.shape[0], width)
    nothing = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    if given.floats is None or keys.floats is None:
        return nothing
    if keys.are_complex and not tolerance.is_distance:
        return nothing
    mine = slice(key * width, (key + 1) * width)
    e = keys.floats[mine]
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        bound = bounds(e, tolerance, scale.rows(mine).sizes(e))
        if bound is None:
            return nothing
        s = given.floats.reshape(rows)
        distance = np.abs(s - e)
        return inside(distance, bound), outside(s, np.broadcast_to(e, rows), distance, bound)
