"""Does a formula use what it must use, and avoid what it must avoid?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.compare.formula.evaluate import Points, Samples, formula_values
from grader.compare.formula.tree import Formula, FormulaError
from grader.model.assignment import Form

__all__ = ["form_faults", "names_in"]

#: Other numbers for a name: a formula that never changes with them does not use it.
_OTHERWISE: Sequence[Callable[[Points], Points]] = (
    lambda values: 1.3 * values + 0.7,
    lambda values: -values - 0.3,
    lambda values: 0.5 * values - 2,
)
_CLOSE = 1e-9


def form_faults(formula: Formula, form: Form, samples: Samples) -> tuple[str, ...]:
    """In words for a student, what to use and what to leave out.

    A name is used where it matters: 0·s(z) does not use s. That is tried at the samples, with
    other values for the name; for the functions of the language it is enough to stand there.
    """
    names = names_in(formula)
    unused = [
        name for name in form.uses if name not in names or not _matters(name, formula, samples)
    ]
    present = [name for name in form.avoids if name in names]
    faults = []
    if unused:
        faults.append(f"use {', '.join(unused)}")
    if present:
        faults.append(f"do without {', '.join(present)}")
    return tuple(faults)


def names_in(formula: Formula) -> frozenset[str]:
    """The names in a formula that a form may ask for or forbid.

    ln is log, a power of e is exp, and ᵀ is transpose.
    """
    return frozenset(name for part in _nodes(formula) for name in _names(part))


def _nodes(formula: Formula) -> Iterator[Formula]:
    waiting = [formula]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.operands


def _names(node: Formula) -> tuple[str, ...]:
    if node.head == "transpose":
        return ("transpose",)
    if node.head == "call" and node.name in ("log", "ln") and not node.declared:
        return ("log", "ln")
    if node.head == "^" and _is_e(node.operands[0]):
        return ("exp",)
    return (node.name,) if node.name else ()


def _is_e(base: Formula) -> bool:
    return base.head == "constant" and base.name == "e"


def _matters(name: str, formula: Formula, samples: Samples) -> bool:
    if not any(node.name == name and _has_samples(node) for node in _nodes(formula)):
        return True
    plain = formula_values(formula, samples)
    for change in _OTHERWISE:
        try:
            other = formula_values(formula, _Changed(samples, name, change))
        except FormulaError:
            return True
        if not np.allclose(plain, other, rtol=_CLOSE, atol=0, equal_nan=True):
            return True
    return False


def _has_samples(node: Formula) -> bool:
    return node.head == "symbol" or node.declared


class _Changed:
    """Samples in which one name has other values."""

    def __init__(self, samples: Samples, name: str, change: Callable[[Points], Points]) -> None:
        self._samples = samples
        self._name = name
        self._change = change

    @property
    def labels(self) -> Sequence[str]:
        return self._samples.labels

    @property
    def promotes(self) -> bool:
        return bool(getattr(self._samples, "promotes", False))

    def symbol(self, name: str) -> Points:
        values = self._samples.symbol(name)
        return self._change(values) if name == self._name else values

    def function(self, name: str) -> Callable[..., Points]:
        function = self._samples.function(name)
        if name != self._name:
            return function
        return lambda *arguments: self._change(function(*arguments))
