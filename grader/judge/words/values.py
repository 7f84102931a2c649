"""Values in a sentence: short, and without a call of anything that is in them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TypeAlias

import numpy as np

from grader.model.value import ComplexText, NumberText, Opaque, Value

__all__ = ["Shape", "cut", "form_text", "shape_text", "shown"]

Shape: TypeAlias = tuple[int, ...]

_SHOWN_ITEMS = 20
_SHOWN_DEPTH = 4
_SHOWN_WHOLE = 10**50


def shown(value: Value, limit: int = 60, *, in_full: bool = False) -> str:
    """A value in at most `limit` characters, however large or deep it is.

    Numbers that were computed have ten digits, those of arrays six; `in_full`: all that they have.
    """
    return cut(_shown(value, limit, _SHOWN_DEPTH, in_full), limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _float(number: float, in_full: bool) -> str:
    digits = f"{number:.10g}"
    return repr(number) if in_full and float(digits) != number else digits


def _shown(value: Value, limit: int, depth: int, in_full: bool) -> str:
    def inner(item: Value) -> str:
        return _shown(item, limit, depth - 1, in_full)

    if isinstance(value, Opaque):
        text = value.why or f"an object of type {value.type_name}"
    elif isinstance(value, NumberText | ComplexText):
        text = value.text.removesuffix("/1")  # of what was calculated
    elif isinstance(value, float | np.floating):
        text = _float(float(value), in_full)
    elif isinstance(value, complex | np.complexfloating):
        real, imag = _float(float(value.real), in_full), _float(float(value.imag), in_full)
        text = f"{real}{'' if imag.startswith('-') else '+'}{imag}j"
    elif isinstance(value, np.ndarray):
        digits = 17 if in_full else 6
        text = np.array2string(value, precision=digits, threshold=12, separator=", ")
        text = text.replace("\n", "")
    elif isinstance(value, list | tuple | Mapping) and not depth:
        text = "…"
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(map(inner, value[:_SHOWN_ITEMS]))}]"
    elif isinstance(value, Mapping):
        items = islice(value.items(), _SHOWN_ITEMS)
        text = f"{{{', '.join(f'{inner(key)}: {inner(item)}' for key, item in items)}}}"
    elif isinstance(value, str):
        text = f"“{value[:limit]}”"
    elif isinstance(value, np.timedelta64):  # numpy counts durations among the whole numbers
        text = str(value)
    elif isinstance(value, int | np.integer) and abs(int(value)) >= _SHOWN_WHOLE:
        # Python refuses to write out whole numbers of more than 4300 digits.
        text = f"a whole number of {int(value).bit_length()} bits"
    else:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    return text


def form_text(shape: Shape) -> str:
    """What has this shape, without its lengths."""
    forms = ("a single number", "a list", "a matrix")
    return forms[len(shape)] if len(shape) < len(forms) else f"an array with {len(shape)} axes"


def shape_text(shape: Shape) -> str:
    """A shape in words that a student knows."""
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return (
            f"a list of {shape[0]} number{'s' * (shape[0] != 1)}" if shape[0] else "an empty list"
        )
    return f"{' × '.join(map(str, shape))} numbers"
