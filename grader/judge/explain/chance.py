"""How easily a wrong number is another one by accident, from its size, digits and tolerance."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

from grader.compare.array import is_numeric
from grader.compare.digits import last_unit
from grader.compare.number import as_float, as_real
from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Evidence, as_numbers, plain_numbers
from grader.model.value import ComplexText, NumberText, Value, map_leaves

__all__ = ["MOST_LIKELY", "chance_of"]

MOST_LIKELY = 0.001  #: what is likelier than this may be chance
_MOST_ENTRIES = 12  # of an array: more of them change nothing
_NUDGE = 1e-3


def chance_of(answer: Evidence, value: Value, right: Value) -> float:
    """The share of random wrong answers of this size, with as many digits, that are `value`.

    Of an array every entry counts in which `value` is not the right one, equal ones once. A formula
    is held against many points, which no accident fits; a chosen option is the same as another
    wrong one easily.
    """
    if answer.question.nature.formula:
        return 0.0
    if not is_numeric(value) or not is_numeric(right) or np.shape(value) != np.shape(right):
        return 1.0
    given = plain_numbers(answer.value, value)
    if given is None:
        return 1.0
    units = np.ravel(np.asarray(map_leaves(answer.value, _unit), dtype=np.float64))
    wanted, usual = np.ravel(as_numbers(value)), np.ravel(as_numbers(right))
    if units.size != wanted.size:
        units = np.zeros(wanted.size)
    share = 1.0
    seen: set[float] = set()
    for index in np.flatnonzero(wanted != usual)[:_MOST_ENTRIES]:
        size = max(abs(wanted[index]), abs(usual[index]))
        same = round(abs(wanted[index]) / size, 9) * size
        if same in seen or not math.isfinite(size):
            continue
        seen.add(same)
        half = max(_bound(answer, wanted, int(index), np.shape(value)), units[index] / 2)
        share *= min(1.0, half / size) ** (2 if np.iscomplexobj(wanted) else 1)
    return share if seen else 1.0


def _bound(answer: Evidence, wanted: Value, index: int, shape: tuple[int, ...]) -> float:
    """How far one entry may lie from a value to be accepted."""
    entries = as_numbers(wanted)
    nudge = _NUDGE * (abs(entries[index]) or 1.0)
    entries[index] += nudge
    moved, still = entries.reshape(shape)[()], np.asarray(wanted).reshape(shape)[()]
    tolerances = apart(answer.part, moved, still)
    return nudge / tolerances if 0 < tolerances < math.inf else 0.0


def _unit(value: Value) -> Value:
    """A unit of the last digit with which a number is written, computed ones in full."""
    if isinstance(value, np.ndarray):
        return np.array([_unit(one) for one in np.ravel(value).tolist()])
    if isinstance(value, NumberText):
        return as_float(last_unit(value) or 0)
    if isinstance(value, complex | ComplexText):
        return max(_unit(value.real), _unit(value.imag))
    number = as_float(as_real(value) or 0)
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return 10.0**exponent if number and isinstance(exponent, int) else 0.0
