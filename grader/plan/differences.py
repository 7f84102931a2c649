"""Plan central differences: the calls of another function close to the inputs of a case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grader.model.assignment import FiniteDifferences, FunctionQuestion
from grader.model.call import Call
from grader.model.value import Value
from grader.plan.calls import case_globals
from grader.plan.case import DifferenceProbe, PlannedCase
from grader.plan.fingerprint import Fingerprints
from grader.plan.sampling import generator

__all__ = ["MOST_CASES", "MOST_ENTRIES", "difference_calls", "with_probes"]

MOST_CASES = 10  #: of a question: the first ones
MOST_ENTRIES = 64  #: of the inputs of a case: drawn where there are more


def with_probes(
    question: FunctionQuestion, cases: Sequence[PlannedCase]
) -> tuple[PlannedCase, ...]:
    """The cases of a question, the first of them with the differences that it demands."""
    first = (replace(case, probes=_probes(question, case)) for case in cases[:MOST_CASES])
    return (*first, *cases[MOST_CASES:])


def difference_calls(cases: Sequence[PlannedCase]) -> tuple[Call, ...]:
    """All calls of the other function; none where the question demands no finite differences."""
    return tuple(
        call for case in cases for probe in case.probes for call in (probe.below, probe.above)
    )


def _probes(question: FunctionQuestion, case: PlannedCase) -> tuple[DifferenceProbe, ...]:
    """The differences of one case, the same every time.

    An entry x is moved by h = cbrt(eps)·max(1, |x|), unless the question gives h: the step at which
    the error of the formula, of order h², and that of rounding, of order eps/h, are equally large
    (Press et al., Numerical Recipes, 3rd ed., section 5.7).
    """
    asked = question.differences
    if asked is None:
        return ()
    entries = [
        (name, tuple(int(n) for n in index))
        for name in asked.with_respect_to
        for index in np.ndindex(np.shape(case.inputs[name]))
    ]
    source = generator(case.id, "differences")
    drawn: set[int] = set(range(len(entries)) if len(entries) <= MOST_ENTRIES else ())
    while len(drawn) < min(len(entries), MOST_ENTRIES):
        drawn.add(int(source.random() * len(entries)))
    names = Fingerprints()
    return tuple(_probe(question, asked, case, names, *entries[place]) for place in sorted(drawn))


def _probe(
    question: FunctionQuestion,
    asked: FiniteDifferences,
    case: PlannedCase,
    names: Fingerprints,
    parameter: str,
    index: tuple[int, ...],
) -> DifferenceProbe:
    here = float(np.asarray(case.inputs[parameter])[index])
    step = asked.step or math.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(here))
    low, high = here - step, here + step
    below = _call(question, asked, case, parameter, index, low)
    above = _call(question, asked, case, parameter, index, high)
    return DifferenceProbe(
        parameter=parameter,
        index=index,
        below=names.named(below),
        above=names.named(above),
        width=high - low,
    )


def _call(
    question: FunctionQuestion,
    asked: FiniteDifferences,
    case: PlannedCase,
    parameter: str,
    index: tuple[int, ...],
    number: float,
) -> Call:
    inputs = {**case.inputs, parameter: _moved(case.inputs[parameter], index, number)}
    return Call(
        id="",
        group=f"{question.id}, differences",
        entry=asked.of,
        arguments=tuple(inputs[one] for one in asked.parameters),
        globals=case_globals(question, case),
        seed=case.seed,
        hidden=case.hidden,
    )


def _moved(value: Value, index: tuple[int, ...], number: float) -> Value:
    if not isinstance(value, np.ndarray):
        return number
    moved = value.astype(np.float64)
    moved[index] = number
    return moved
