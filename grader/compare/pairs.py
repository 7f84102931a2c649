"""How many of some numbers, or rows, are among the right ones, in whatever order?"""

from __future__ import annotations

from typing import NamedTuple

from grader.compare.comparison import Comparison
from grader.compare.entries import like_keys, outline, read_entries
from grader.compare.scale import scale_of
from grader.compare.unordered import MOST_UNORDERED, paired
from grader.model.tolerance import Tolerance
from grader.model.value import Value

__all__ = ["Pairs", "pairs_of"]


class Pairs(NamedTuple):
    """Each element is paired with a key of its own, so that none counts twice."""

    right: int
    imprecise: int  #: right but for their digits
    given: int
    wanted: int


def pairs_of(*, actual: Value, expected: Value, tolerance: Tolerance) -> Pairs | None:
    """Pair the elements of a list with those of the key; there may be more or fewer of them.

    None where the actual value is not a list of such elements: a table beside numbers, rows of
    another length, more than 200 of them, or something that is not a finite number.
    """
    found, wanted = outline(actual), outline(expected)
    if not found.shape or not wanted.shape or found.shape[1:] != wanted.shape[1:]:
        return None
    if max(found.shape[0], wanted.shape[0]) > MOST_UNORDERED:
        return None
    given, keys = read_entries(found), read_entries(wanted)
    if isinstance(given, Comparison) or isinstance(keys, Comparison):
        return None
    given = like_keys(given, keys)
    if isinstance(given, Comparison):
        return None
    right, imprecise = paired(given, keys, tolerance, scale_of(keys, tolerance, None))
    return Pairs(right, imprecise, found.shape[0], wanted.shape[0])
