"""Hold results against central differences of another function of the student's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.compare.comparison import Comparison
from grader.compare.number import as_float, as_real
from grader.judge.mark.evidence import as_numbers
from grader.model.assignment import FiniteDifferences, FunctionQuestion, Limits
from grader.model.fact import Fact, Facts
from grader.model.fact_marking import DerivativeOff, Failed, Path
from grader.model.outcome import PartOutcome
from grader.model.response import Failure, Response
from grader.model.value import Value, leaves, shape_of
from grader.model.verdict import Reason, Verdict
from grader.plan import MOST_CASES, DifferenceProbe, PlannedCase

__all__ = ["judge_differences"]

_FLOOR = 0.01  # as for arrays: entries near zero need not be right to their own size


class _Fault(Exception):
    """Why there is nothing to compare, or what the comparison came to."""

    def __init__(self, verdict: Verdict, reason: Reason, fact: Fact) -> None:
        super().__init__(reason.value)
        self.verdict = verdict
        self.reason = reason
        self.fact = fact


def judge_differences(
    question: FunctionQuestion,
    asked: FiniteDifferences,
    cases: Sequence[PlannedCase],
    responses: Mapping[str, Response],
    limits: Limits,
    right: Mapping[str, Value] = MappingProxyType({}),
) -> PartOutcome:
    """One more part of the question: right where the results of all cases agree.

    The differences come from the student's own function and say nothing of whether that is right.
    But where it changes in no case, and by the `right` results, by the ids of cases, it should,
    there is nothing to agree with: two functions that give 0 earn nothing.
    """
    label = f"agrees with finite differences of {asked.of}"
    looked_at = sorted(cases[:MOST_CASES], key=lambda case: case.hidden)
    try:
        changes = [_Case(question, asked, case, responses, limits).judge() for case in looked_at]
        if not any(changes) and any(_is_not_zero(right.get(case.id)) for case in looked_at):
            fact = DerivativeOff(reason=Reason.NOTHING_CHANGES, entry=question.entry, of=asked.of)
            raise _Fault(Verdict.INCORRECT, Reason.NOTHING_CHANGES, fact)
    except _Fault as fault:
        return PartOutcome(
            label=label,
            verdict=fault.verdict,
            reason=fault.reason,
            share=asked.share,
            facts=Facts.of(fault.fact),
        )
    return PartOutcome(label=label, verdict=Verdict.CORRECT, share=asked.share, credit=Fraction(1))


@dataclass(frozen=True, slots=True)
class _Case:
    question: FunctionQuestion
    asked: FiniteDifferences
    case: PlannedCase
    responses: Mapping[str, Response]
    limits: Limits

    def judge(self) -> bool:
        """Whether the other function changes at all. Raises _Fault unless the result agrees."""
        response = self.responses[self.case.id]
        if response.failure is not None:
            raise self._failed(response.failure, self.question.entry)
        derivatives: dict[str, dict[tuple[int, ...], float]] = {}
        for probe in self.case.probes:
            derivatives.setdefault(probe.parameter, {})[probe.index] = self._difference(probe)
        scalars = [entries[()] for entries in derivatives.values() if () in entries]
        for path, name, part in self._parts(response.value):
            entries = derivatives.get(name, {})
            floor = _FLOOR * _rms(scalars if () in entries else list(entries.values()))
            self._compare(path, name, part, entries, floor)
        return any(number for entries in derivatives.values() for number in entries.values())

    def _difference(self, probe: DifferenceProbe) -> float:
        above, below = (self._number(call.id) for call in (probe.above, probe.below))
        return (above - below) / probe.width

    def _number(self, call_id: str) -> float:
        """What the other function gave. Raises _Fault where that is not a finite number."""
        of = self.asked.of
        response = self.responses[call_id]
        if response.failure is not None:
            raise self._failed(response.failure, of, differences_of=of)
        value = response.value
        if isinstance(value, np.ndarray) and value.shape == ():
            value = value[()]
        number = as_real(value)
        if number is None:
            raise self._off(Verdict.INVALID, Reason.NOT_A_NUMBER, actual=value)
        if not math.isfinite(as_float(number)):
            raise self._off(Verdict.INVALID, Reason.NOT_FINITE)
        return as_float(number)

    def _failed(self, failure: Failure, entry: str, *, differences_of: str = "") -> _Fault:
        fact = Failed(
            failure=failure,
            entry=entry,
            limits=self.limits,
            differences_of=differences_of,
            hidden=self.case.hidden,
        )
        return _Fault(failure.verdict, failure.reason, fact)

    def _off(self, verdict: Verdict, reason: Reason, **found: Any) -> _Fault:
        fact = DerivativeOff(
            reason=reason,
            entry=self.question.entry,
            of=self.asked.of,
            label=self.case.label,
            hidden=self.case.hidden,
            **found,
        )
        return _Fault(verdict, reason, fact)

    def _parts(self, value: Value) -> list[tuple[Path, str, Value]]:
        """Path, parameter and derivative: of one parameter the whole result, of several its
        entries, in their order or by their names."""
        names = self.asked.with_respect_to
        if isinstance(value, Mapping) and all(name in value for name in names):
            return [((name,), name, value[name]) for name in names]
        if len(names) == 1:
            return [((), names[0], value)]
        several = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim)
        if several and len(value) == len(names):
            return [((n,), name, value[n]) for n, name in enumerate(names)]
        raise self._off(Verdict.INVALID, Reason.WRONG_LENGTH, names=names)

    def _compare(
        self,
        path: Path,
        name: str,
        part: Value,
        entries: Mapping[tuple[int, ...], float],
        floor: float,
    ) -> None:
        """Entries that no difference was taken of are held against themselves."""
        shape = np.shape(self.case.inputs[name])
        if not is_numeric(part) or shape_of(part) != shape:
            raise self._off(
                Verdict.INVALID, Reason.WRONG_SHAPE, names=(name,), shape=shape, actual=part
            )
        try:
            differences = np.real(as_numbers(part))
        except OverflowError:  # a whole number that no floating-point number is near
            differences = np.zeros(shape)
        for index, number in entries.items():
            differences[index] = number
        comparison = compare_array(
            actual=part, expected=differences, tolerance=self.asked.tolerance, floor=floor
        )
        if not comparison.accepted:
            raise self._disagrees(comparison.inside(*path))

    def _disagrees(self, comparison: Comparison) -> _Fault:
        return self._off(
            Verdict.INCORRECT,
            Reason.DIFFERENCES_DISAGREE,
            actual=comparison.actual,
            expected=comparison.expected,
            difference=comparison.difference,
            allowed=comparison.allowed,
            path=comparison.path,
        )


def _is_not_zero(value: Value) -> bool:
    numbers = (leaf for leaf in leaves(value) if is_numeric(leaf))
    return any(bool(np.any(np.asarray(number) != 0)) for number in numbers)


def _rms(numbers: Sequence[float]) -> float:
    largest = max(map(abs, numbers), default=0.0)
    if largest == 0.0:
        return 0.0
    return largest * math.sqrt(math.fsum((n / largest) ** 2 for n in numbers) / len(numbers))
