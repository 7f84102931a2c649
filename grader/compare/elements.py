"""Are the numbers of an array right, entry by entry?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.complexes import compare_either
from grader.compare.entries import Entries, place
from grader.compare.scale import Scale
from grader.compare.screen import bounds, doubtless, inside, outside, plain_bounds, plainly_right
from grader.model.tolerance import Tolerance
from grader.model.verdict import Verdict

__all__ = ["are_plainly_right", "compare_elements", "judge_entry"]

_SHORT = 6  # below this an array is judged faster one by one


def are_plainly_right(given: Entries, keys: Entries, tolerance: Tolerance) -> bool:
    """Whether a few numbers are right beyond doubt, whatever more a size of neighbours allows."""
    s, e = given.floats, keys.floats
    if s is None or e is None or keys.are_complex or len(keys) >= _SHORT:
        return False
    own_size = tolerance.is_distance and tolerance.scale in (None, "entry")
    return own_size and plainly_right(s, e, tolerance)


def compare_elements(
    given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale
) -> Comparison:
    """Compare each entry with the key's. The worst is reported, and how many are wrong."""
    positions, others = _undecided(given, keys, tolerance, scale)
    refused = [
        (position, comparison)
        for position in positions
        if not (comparison := judge_entry(given, keys, position, tolerance, scale)).accepted
    ]
    if not refused:
        return Comparison.correct(total=len(keys))
    position, worst = max(refused, key=lambda item: (_severity(item[1]), -item[0]))
    return Comparison(
        verdict=worst.verdict,
        reason=worst.reason,
        credit=worst.credit,
        path=place(position, keys.shape),
        actual=worst.actual,
        expected=worst.expected,
        difference=worst.difference,
        allowed=worst.allowed,
        wrong=len(refused) + others,
        total=len(keys),
        detail=worst.detail,
    )


def judge_entry(
    given: Entries,
    keys: Entries,
    position: int,
    tolerance: Tolerance,
    scale: Scale,
    *,
    answer: int | None = None,
) -> Comparison:
    """Compare one entry exactly; `answer` is where the answer stands if not beside its key."""
    return compare_either(
        actual=given[position if answer is None else answer],
        expected=keys[position],
        tolerance=tolerance,
        scale_floor=scale.floor_at(position),
        scale=scale.size,
    )


def _severity(comparison: Comparison) -> tuple[bool, bool, float]:
    invalid = comparison.verdict is Verdict.INVALID
    excess = comparison.difference if comparison.difference is not None else math.inf
    return invalid, comparison.verdict is Verdict.INCORRECT, excess


def _undecided(
    given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale
) -> tuple[Sequence[int], int]:
    """The positions to judge exactly, and how many others are wrong beyond doubt.

    Floating point clears entries well inside their bound, and gives up those well outside but the
    one furthest off, which is to be reported.
    """
    s, e = given.floats, keys.floats
    everything = range(len(keys))
    if s is None or e is None or (keys.are_complex and not tolerance.is_distance):
        return everything, 0
    if len(keys) < _SHORT and not keys.are_complex:
        numbers = e.tolist()
        sizes = [scale.float_size(key, position) for position, key in enumerate(numbers)]
        pairs = zip(s.tolist(), numbers, plain_bounds(tolerance, sizes), strict=True)
        return [position for position, pair in enumerate(pairs) if not doubtless(*pair)], 0
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        bound = bounds(e, tolerance, scale.sizes(e))
        if bound is None:
            return everything, 0
        distance = np.abs(s - e)
        clear = inside(distance, bound)
        if clear.all():
            return [], 0
        wrong = outside(s, e, distance, bound)
    if wrong.any():
        wrong[np.argmax(np.where(wrong, distance, -1.0))] = False
    return np.flatnonzero(~clear & ~wrong).tolist(), int(wrong.sum())
