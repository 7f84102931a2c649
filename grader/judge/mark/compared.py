"""From a comparison to the facts of an outcome."""

from __future__ import annotations

from dataclasses import replace

from grader.compare.comparison import Comparison
from grader.judge.words.values import shown
from grader.model.fact import Facts
from grader.model.fact_marking import Compared
from grader.model.verdict import Reason

__all__ = ["compared"]

#: What a value of another shape is, its shape says; the value may be large.
_SAID_BY_SHAPE = (Reason.WRONG_SHAPE, Reason.TRANSPOSED, Reason.WRONG_LENGTH, Reason.RAGGED)


def compared(comparison: Comparison, *, hidden: bool = False, returned: bool = False) -> Facts:
    """What a comparison found; nothing where the value was accepted. `returned`: by a function."""
    if comparison.accepted or comparison.reason is None:
        return Facts()
    detail = comparison.detail
    wrong = comparison.reason is Reason.WRONG_VALUE and comparison.expected is not None
    if wrong and shown(comparison.actual) == shown(comparison.expected):
        detail = replace(detail, in_full=True)
    by_shape = comparison.reason in _SAID_BY_SHAPE
    if returned and comparison.actual is None and not by_shape:
        detail = replace(detail, returned=True)
    return Facts.of(
        Compared(
            reason=comparison.reason,
            actual=None if by_shape else comparison.actual,
            expected=comparison.expected,
            difference=comparison.difference,
            allowed=comparison.allowed,
            path=comparison.path,
            wrong=comparison.wrong,
            total=comparison.total,
            detail=detail,
            hidden=hidden,
        )
    )
