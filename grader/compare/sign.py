"""Is an array right but for the sign of the whole? An eigenvector is as good as its opposite."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.comparison import Comparison
from grader.compare.complexes import Number
from grader.compare.entries import Entries
from grader.model.value import ComplexText, NumberText
from grader.model.verdict import Verdict

__all__ = ["compare_up_to_sign", "opposite"]

_Judge: TypeAlias = Callable[[Entries, Entries], Comparison]
_FROM_BAD_TO_GOOD = (Verdict.INVALID, Verdict.INCORRECT, Verdict.IMPRECISE, Verdict.CORRECT)


def compare_up_to_sign(given: Entries, keys: Entries, judge: _Judge) -> Comparison:
    """The better of the comparisons with the key and with its opposite; with the key in a tie."""
    straight = judge(given, keys)
    if straight.accepted:
        return straight
    turned = judge(given, opposite(keys))
    if turned.accepted:
        return turned
    nearer = _quality(turned) > _quality(straight)
    return replace(turned, detail=replace(turned.detail, sign_turned=True)) if nearer else straight


def opposite(entries: Entries) -> Entries:
    """The same numbers with the other sign, and as many digits."""
    items = entries.items
    return Entries(
        entries.shape,
        -_signed(items) if isinstance(items, np.ndarray) else [*map(_negative, items)],
        None if entries.floats is None else -entries.floats,
        entries.are_complex,
    )


def _signed(items: NDArray[Any]) -> NDArray[Any]:
    """Unsigned integers have no opposite, and the least of the signed ones has none of its type."""
    return items if items.dtype.kind in "fc" else items.astype(object)


def _negative(number: Number) -> Number:
    if isinstance(number, ComplexText):
        real, imag = _minus(number.real), _minus(number.imag)
        sign = "" if imag.text[0] == "-" else "+"
        return ComplexText(f"{real.text}{sign}{imag.text}i", real, imag)
    return _minus(number) if isinstance(number, NumberText) else -number


def _minus(number: NumberText) -> NumberText:
    text = number.text
    return NumberText(text[1:] if text[0] == "-" else f"-{text.removeprefix('+')}")


def _quality(comparison: Comparison) -> tuple[int, int, float]:
    difference = math.inf if comparison.difference is None else comparison.difference
    return _FROM_BAD_TO_GOOD.index(comparison.verdict), -comparison.wrong, -difference
