"""Is this value right? Pure functions of the actual value, the expected value and a tolerance."""

from __future__ import annotations

from grader.compare.comparison import Comparison
from grader.model.tolerance import Tolerance
from grader.model.value import ComplexText, NumberText, Value
from grader.model.verdict import Reason

__all__ = ["Comparison", "compare"]


def compare(*, actual: Value, expected: Value, tolerance: Tolerance) -> Comparison:
    """Judge one answer: a number, an array, nested values, or a number as it was typed.

    A text is read as a typed number, whose digits count where the tolerance asks for digits; a
    text inside a list is not. Whatever `actual` is, none of its own methods is called: an object
    cannot say of itself that it is right. Raises ValueError when `expected` is a text that is not
    a number, or a value for which the tolerance makes no sense.
    """
    # Imported here because `grader` itself imports this name, and must not wait for numpy.
    from grader.compare.nested import compare_value
    from grader.compare.plain import plain

    if isinstance(expected, str):
        key = NumberText.parse(expected) or ComplexText.parse(expected)
        if key is None:
            msg = f"the expected value {expected!r} is not a number"
            raise ValueError(msg)
        expected = key
    actual = plain(actual)
    if isinstance(actual, str):
        typed = NumberText.parse(actual) or ComplexText.parse(actual)
        if typed is None:
            return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual)
        actual = typed
    return compare_value(actual=actual, expected=expected, tolerance=tolerance)
