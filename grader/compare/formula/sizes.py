"""How large the terms are that a formula adds up: the size at which its rounding is noise."""

from __future__ import annotations

import numpy as np

from grader.compare.formula.evaluate import Evaluator, Points, Samples, combined
from grader.compare.formula.tree import Formula

__all__ = ["formula_sizes"]

_HIGHEST_POWER = 64


def formula_sizes(formula: Formula, samples: Samples) -> Points:
    """The sum of the absolute values of the terms, shape (points, *shape of the formula).

    As if products were multiplied out: |a + b| has the size |a| + |b|, (a + b)·c the size
    (|a| + |b|)·|c|, and a function the absolute value of what it gives. So it is never below the
    absolute value of the formula, and far above it where large terms cancel. Rounding of the terms
    moves the value by a few units in the last place of this size (the running error analysis of
    Higham, Accuracy and Stability of Numerical Algorithms, section 3.3). Raises FormulaError where
    shapes do not fit together.
    """
    evaluator = Evaluator(samples)
    with np.errstate(all="ignore"):
        return evaluator.filled(_value_and_size(formula, evaluator)[1])


def _value_and_size(formula: Formula, evaluator: Evaluator) -> tuple[Points, Points]:
    both = [_value_and_size(operand, evaluator) for operand in formula.operands]
    value = evaluator.applied(formula, [value for value, _ in both])
    sizes = [size for _, size in both]
    size = np.abs(value)
    head = formula.head
    if head in ("+", "-"):
        size = combined("+", *sizes)
    elif head in ("*", "@", "juxtaposed"):
        size = combined(head, *sizes)
    elif head == "/":
        size = combined("/", sizes[0], np.abs(both[1][0]))
    elif head in ("negative", "transpose"):
        size = evaluator.applied(formula, sizes[:1])
        size = np.abs(size)
    elif head == "^" and _is_power(formula.operands[1]):
        size = combined("^", sizes[0], both[1][0])
    return value, size


def _is_power(exponent: Formula) -> bool:
    power = exponent.value.real
    return exponent.head == "number" and 1 <= power <= _HIGHEST_POWER and power == int(power)
