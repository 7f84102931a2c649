"""The places at which an assignment holds a student against a computed value."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.nested import is_one_array
from grader.compare.separation import tolerances_apart
from grader.judge.expect.key import Key
from grader.judge.expect.world import Graph, World
from grader.judge.explain.distance import apart
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion, Part
from grader.model.tolerance import Tolerance
from grader.model.value import Value, shape_of
from grader.plan import PlannedCase
from grader.solver import Reference

__all__ = ["Measured", "above", "asked_steps", "by_question", "places", "same"]

_NOISE = 1e-12  # relative: how much two ways to compute the same differ in float64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """A part of a question with answers, or a case of a function."""

    question: AnswerQuestion | FunctionQuestion
    part: Part | None = None
    case: PlannedCase | None = None
    steps: tuple[str, ...]  #: what is asked for: one step, or all that a driver uses
    right: Value

    @property
    def name(self) -> str:
        label = self.part.label if self.part is not None else self.case.label if self.case else ""
        return f"{self.question.id} ({label})" if label else self.question.id

    @property
    def is_formula(self) -> bool:
        return self.question.nature.formula

    @property
    def at(self) -> Mapping[str, Value]:
        """What this place says of the givens. For a case: all of them."""
        if self.case is not None:
            return self.case.givens
        return self.part.at if self.part is not None else {}

    def value(self, world: World) -> Value:
        """What is right here in another world, or None where it cannot be computed there."""
        if isinstance(self.question, FunctionQuestion):
            assert self.case is not None
            return world.returned(self.question, self.case)
        assert self.part is not None
        compute = world.formula if self.is_formula else world.value
        return compute(self.steps[0], self.part.at)

    def apart(self, other: Value) -> float:
        """How many tolerances a value lies from the right one, at its worst entry."""
        if isinstance(self.question, FunctionQuestion):
            question = self.question
            return _nested(other, self.right, question.tolerance, question.tolerances, "")
        assert self.part is not None
        return apart(self.part, other, self.right)


def places(assignment: Assignment, key: Key) -> tuple[Measured, ...]:
    """Every place whose value the reference computes, those that are quickly computed first."""
    if key.worlds is None:
        return ()
    right, reference = key.worlds.under(), key.worlds.reference
    found: list[Measured] = []
    for question in assignment.questions:
        if isinstance(question, FunctionQuestion):
            steps = asked_steps(question, reference)
            found += [
                Measured(question=question, case=case, steps=steps, right=key.returned[case.id])
                for case in key.cases[question.id]
            ]
        elif isinstance(question, AnswerQuestion):
            for part in question.parts:
                if part.step is None:
                    continue
                compute = right.formula if question.nature.formula else right.value
                value = compute(part.step, part.at)
                if value is not None:
                    found.append(
                        Measured(question=question, part=part, steps=(part.step,), right=value)
                    )
    return tuple(sorted(found, key=lambda place: (place.is_formula, place.case is not None)))


def by_question(found: tuple[Measured, ...]) -> Mapping[str, tuple[Measured, ...]]:
    groups: dict[str, list[Measured]] = {}
    for place in found:
        groups.setdefault(place.question.id, []).append(place)
    return {name: tuple(group) for name, group in groups.items()}


def asked_steps(question: FunctionQuestion, reference: Reference) -> tuple[str, ...]:
    """The steps that a case needs: that of the question, or those that its driver speaks of."""
    if question.driver is None:
        return (question.step,)
    tree = ast.parse(question.driver.source)
    spoken = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    spoken |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return tuple(name for name in reference.steps if name in spoken)


def above(graph: Graph, place: Measured) -> frozenset[str]:
    """All steps and givens that a place is computed from."""
    return frozenset().union(*(graph.above(step) for step in place.steps))


def same(one: Value, other: Value) -> bool:
    """Whether two values differ by no more than the noise of computing them."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype.kind not in "iufc" or b.dtype.kind not in "iufc":
        return repr(one) == repr(other)
    if a.shape != b.shape:
        return False
    scale = float(np.nanmax(np.abs(a), initial=0.0)) if a.size else 0.0
    with np.errstate(all="ignore"):
        return bool(np.allclose(a, b, rtol=_NOISE, atol=_NOISE * scale, equal_nan=True))


def _nested(
    actual: Value,
    expected: Value,
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance],
    path: str,
) -> float:
    """The worst part of a result, each held against its own tolerance as when it is marked."""
    tolerance = tolerances.get(path, tolerance)
    taken_apart = any(key.startswith(f"{path}[") for key in tolerances)
    if is_one_array(expected, tolerance) and not (taken_apart and shape_of(expected)):
        return tolerances_apart(_plain(actual), _plain(expected), tolerance)
    pairs: list[tuple[str, Any, Any]]
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping) or any(name not in actual for name in expected):
            return math.inf
        pairs = [(f".{name}", actual[name], item) for name, item in expected.items()]
    elif isinstance(expected, list | tuple):
        is_list = isinstance(actual, list | tuple) or (
            isinstance(actual, np.ndarray) and actual.ndim > 0
        )
        if not is_list or len(actual) != len(expected):
            return math.inf
        rows = zip(actual, expected, strict=True)
        pairs = [(f"[{index}]", one, item) for index, (one, item) in enumerate(rows)]
    else:
        return 0.0 if same(actual, expected) else math.inf
    parts = (_nested(a, e, tolerance, tolerances, path + step) for step, a, e in pairs)
    return max(parts, default=0.0)


def _plain(value: Value) -> Value:
    """A zero-dimensional array is a number."""
    return value.item() if isinstance(value, np.ndarray | np.generic) and value.ndim == 0 else value
