"""Why a value is not a number: every kind of thing has a reason of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.compare.comparison import Comparison
from grader.model.fact_marking import Detail
from grader.model.typed import Unread
from grader.model.value import ComplexText, NumberText, Opaque
from grader.model.verdict import Reason

__all__ = ["no_number"]


def no_number(value: Any, *, of_list: bool = False) -> Comparison:
    """Refuse something that is not a number, or, with `of_list`, not a list of numbers.

    The comparison never carries an array of objects: to write one out would call their methods.
    """
    if isinstance(value, Opaque):
        return Comparison.invalid(
            Reason.NOT_PLAIN_DATA, actual=value, detail=Detail(name=value.type_name)
        )
    if isinstance(value, bool | np.bool_):
        return Comparison.invalid(Reason.BOOLEAN, actual=value)
    if isinstance(value, complex | np.complexfloating | ComplexText):
        return Comparison.invalid(Reason.COMPLEX, actual=value)
    if isinstance(value, str):
        looks = _looks_like_a_number(value)
        reason = Reason.NUMBER_AS_TEXT if looks else Reason.NOT_A_NUMBER
        why = value.why if isinstance(value, Unread) else ""
        return Comparison.invalid(reason, actual=value, detail=Detail(message=why, listed=of_list))
    if isinstance(value, np.ndarray):
        return _no_numbers(value)
    if of_list and (value is None or isinstance(value, Mapping)):
        return Comparison.invalid(Reason.NOT_A_LIST, actual=value)
    return Comparison.invalid(Reason.NOT_A_NUMBER, actual=value)


def _looks_like_a_number(text: str) -> bool:
    return NumberText.parse(text) is not None or ComplexText.parse(text) is not None


def _no_numbers(array: np.ndarray[Any, Any]) -> Comparison:
    detail = Detail(name=str(array.dtype))
    if isinstance(array, np.ma.MaskedArray):
        masked = Opaque(type_name="MaskedArray", why="a masked array")
        return Comparison.invalid(Reason.MASKED, actual=masked, detail=detail)
    if array.dtype.hasobject:
        objects = Opaque(type_name="ndarray", why="an array of dtype object")
        return Comparison.invalid(Reason.OBJECT_ARRAY, actual=objects)
    if array.dtype.kind == "b":
        return Comparison.invalid(Reason.BOOLEAN, actual=array, detail=detail)
    if array.dtype.kind == "c":
        return Comparison.invalid(Reason.COMPLEX, actual=array, detail=detail)
    if array.dtype.kind == "U":
        looks = array.size > 0 and _looks_like_a_number(str(array.flat[0]))
        reason = Reason.NUMBER_AS_TEXT if looks else Reason.NOT_A_NUMBER
        return Comparison.invalid(reason, actual=array, detail=detail)
    return Comparison.invalid(Reason.NOT_A_NUMBER, actual=array, detail=detail)
