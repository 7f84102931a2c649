"""What one submission answered, place by place, for hypotheses about how it came about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from grader.compare.array import is_numeric
from grader.compare.complexes import as_number, nearest
from grader.compare.digits import last_unit
from grader.compare.formula import Formula
from grader.compare.number import as_float, as_real
from grader.model.assignment import AnswerQuestion, Part
from grader.model.value import ComplexText, NumberText, Value, map_leaves, shape_of
from grader.plan import PlannedCase

if TYPE_CHECKING:
    from grader.model.fact_explaining import AnswerPlace

__all__ = [
    "CaseEvidence",
    "Evidence",
    "as_numbers",
    "half_units",
    "plain_numbers",
]


_SAYS_ENOUGH = Fraction(1, 20)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """An answer of a readable form, as it was read once.

    For a list of iterates, `rows` are its rows, without an extra one before the first. Evidence
    about one row has the number of that row as `row`, from 0.
    """

    question: AnswerQuestion
    part: Part
    value: Value
    right: bool  #: accepted as it stands
    rows: tuple[Value, ...] | None = None
    row_before: Value = None  #: the extra row, where one stands before the first iterate
    whole_list: Value = None  #: a list with all its rows, in the shape in which it was given
    typed: bool = False  #: a list: in a sheet, and not by code
    row: int | None = None
    formula: Formula | None = None
    shape_credit: Fraction = Fraction(1)  #: of the rows or numbers, whose axes were mended

    @property
    def place(self) -> AnswerPlace:
        return self.question.id, self.part.label

    @property
    def step(self) -> str:
        return self.part.step or ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseEvidence:
    """What a function gave in one case."""

    case: PlannedCase
    value: Value
    failed: bool
    shape_credit: Fraction = Fraction(1)  #: less where axes of length 1 were mended


def plain_numbers(value: Value, like: Value) -> Value:
    """The answer as the float or the array that the reference would give, or None.

    Complex where `like` is complex. None where it has another shape than `like`, a number that is
    not finite, or one that is complex where `like` is real.
    """
    number = as_real(value) if np.ndim(like) == 0 else None
    if number is not None and as_real(like) is not None:
        plain = as_float(number)
        return plain if math.isfinite(plain) else None
    shape = shape_of(like) if is_numeric(like) else None
    if shape is None or not _has_shape(value, shape) or not is_numeric(value):
        return None
    numbers = as_numbers(map_leaves(value, _plain)).reshape(shape)
    if np.iscomplexobj(like):
        numbers = numbers.astype(np.complex128)
    elif np.iscomplexobj(numbers):
        if np.any(numbers.imag):
            return None
        numbers = numbers.real
    if not np.all(np.isfinite(numbers)):
        return None
    return numbers if shape else numbers.item()


def as_numbers(value: Value) -> NDArray[Any]:
    """Plain numbers, or lists or an array of them, as an array of float64 or of complex128."""
    numbers = np.asarray(value)
    return numbers.astype(np.complex128 if numbers.dtype.kind == "c" else np.float64)


def _has_shape(value: Value, shape: tuple[int, ...]) -> bool:
    """Whether a value has this shape, without looking at more entries than the shape has.

    An answer is held against many values, and may be a million times as large as any of them.
    """
    if not isinstance(value, list | tuple) or not value:
        return shape_of(value) == shape
    if not shape:
        return False
    return len(value) == shape[0] and all(_has_shape(item, shape[1:]) for item in value)


def half_units(value: Value, like: Value) -> Value:
    """Half a unit of the last digit of each typed number, in the shape of `like`; 0 for others.

    0 also for whole numbers, and where it is more than a twentieth of the number: so few digits
    say too little.
    """
    return np.asarray(map_leaves(value, _half), dtype=np.float64).reshape(np.shape(like))


def _plain(value: Value) -> Value:
    return value if isinstance(value, np.ndarray) else nearest(as_number(value) or 0)


def _half(value: Value) -> Value:
    if isinstance(value, np.ndarray):
        return np.zeros(value.shape)
    if isinstance(value, ComplexText):
        return float(np.hypot(_half(value.real), _half(value.imag)))
    unit = last_unit(value) if isinstance(value, NumberText) else None
    if unit is None or unit >= 1 or not 0 < unit / 2 <= abs(value.exact) * _SAYS_ENOUGH:
        return 0.0
    return as_float(unit / 2)
