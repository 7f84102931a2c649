"""What the reference gives with or without mistakes in it. Computed when first asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.compare.expression import formula_values
from grader.compare.formula import Formula, FormulaError
from grader.judge.expect.all_points import AllPoints, as_points
from grader.judge.expect.instance import At, Instance, in_64_bits
from grader.judge.expect.samples import Sampler
from grader.judge.expect.solved import SolvedSamples
from grader.model.assignment import Assignment, Driver, FunctionQuestion, Mistake
from grader.model.value import Value
from grader.plan import PlannedCase
from grader.solver import Reference, Solution, StepFault
from grader.solver.bounded import OutOfBounds, bounded, called

__all__ = ["Graph", "World", "Worlds", "run_driver"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_OVER_BUDGET = object()
_MAX_WORLDS = 5000  # kept; those of sets of mistakes that no answer asked for again are not


def run_driver(driver: Driver, namespace: Any, case: Mapping[str, Value]) -> Value:
    """Run an author's driver in our own process. Raises whatever it raises."""
    scope: dict[str, Any] = {"__name__": "driver"}
    code = compile(driver.source, driver.file, "exec", dont_inherit=True)
    called(exec, code, scope)  # the course's own trusted code
    return called(scope["drive"], namespace, dict(case))


class Graph:
    """Which steps are computed from which, including those that all the mistakes put in."""

    def __init__(self, reference: Reference, mistakes: Iterable[Mistake]) -> None:
        self._needs: dict[str, set[str]] = {
            name: set(step.needs) for name, step in reference.steps.items()
        }
        for mistake in mistakes:
            for name, other in mistake.replace.items():
                stand_in = reference.steps.get(other)
                needs = stand_in.needs if stand_in is not None else (other,)
                self._needs.setdefault(name, set()).update(needs)
        self._above: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    def above(self, name: str, stop: frozenset[str] = frozenset()) -> frozenset[str]:
        """`name`, and every step and given that it is computed from without passing a `stop`."""
        if (name, stop) not in self._above:
            found: set[str] = set()
            waiting = [name]
            while waiting:
                current = waiting.pop()
                if current not in found and current not in stop:
                    found.add(current)
                    waiting += self._needs.get(current, ())
            self._above[name, stop] = frozenset(found)
        return self._above[name, stop]

    def distance(self, name: str, other: str) -> int | None:
        """How many steps lie from `name` back to another that it is computed from, or None."""
        found, waiting, count = {name}, {name}, 0
        while waiting:
            if other in waiting:
                return count
            waiting = {need for one in waiting for need in self._needs.get(one, ())} - found
            found |= waiting
            count += 1
        return None

    def nearest(self, name: str, stops: frozenset[str]) -> frozenset[str]:
        """The stops that `name` is computed from directly, with no other stop between."""
        inside = self.above(name, stops - {name})
        return frozenset(need for one in inside for need in self._needs.get(one, ())) & stops


class World:
    """The reference with some mistakes in it. What cannot be computed there is None."""

    def __init__(
        self, worlds: Worlds, mistakes: Sequence[Mistake], reference: Reference | None = None
    ) -> None:
        """`reference`, one with a slip, stands in the place of the assignment's own, for values."""
        self._worlds = worlds
        self._reference, self._is_own = reference or worlds.reference, reference is None
        self.mistakes = tuple(mistakes)
        self.replace = {
            name: other for mistake in mistakes for name, other in mistake.replace.items()
        }
        self.values = {
            name: value for mistake in mistakes for name, value in mistake.values.items()
        }
        self._solutions: dict[Instance, Solution] = {}
        self._samples: dict[Hashable, SolvedSamples] = {}
        self._returned: dict[str, Value] = {}
        self._known: dict[Hashable, Value] = {}

    def solution(self, at: At, start: Mapping[str, Value] = _NOTHING) -> Solution:
        """The steps at an instance. They are remembered, unless computed from a `start`: values of
        steps that are taken as known."""
        instance = self._worlds.instance(at)
        if not start and instance in self._solutions:
            return self._solutions[instance]
        solution = Solution(
            self._reference,
            instance.givens if self._is_own else in_64_bits(instance.givens),
            replace=self.replace,
            start={**self.values, **start},
            remembered=not start,
        )
        return solution if start else self._solutions.setdefault(instance, solution)

    def samples(self, at: At, start: Mapping[str, Any] = _NOTHING) -> SolvedSamples:
        """The steps at every sampled point; `start` has the points as first axis."""
        instance = self._worlds.instance(at)
        if not start and instance.of_formulas in self._samples:
            return self._samples[instance.of_formulas]
        samples = self._worlds.sampler.samples(
            instance, replace=self.replace, givens=self.values, start=start
        )
        return samples if start else self._samples.setdefault(instance.of_formulas, samples)

    def make_free(self) -> None:
        """Charge nobody for what was computed here until now, see `Solution`."""
        for solution in self._solutions.values():
            solution.make_free()

    def value(self, step: str, at: At) -> Value:
        """A step or given at an instance, or None."""
        instance = self._worlds.instance(at)
        found = self._tried((step, instance), lambda: self.solution(instance)[step])
        return None if found is _OVER_BUDGET else found

    def formula(self, step: str, at: At) -> Any:
        """A step at every sampled point, shape (points, …), NaN where undefined; or None."""
        instance = self._worlds.instance(at)
        key = (step, instance.of_formulas)
        found = self._tried(key, lambda: self.formula_from(step, instance))
        return None if found is _OVER_BUDGET else found

    def over_budget(self, step: str, at: At, *, formula: bool = False) -> bool:
        """Whether `value`, or `formula`, is None because to compute it executes too many lines.

        That is remembered like a value: what is computed costs the same whoever asks first.
        """
        instance = self._worlds.instance(at)
        (self.formula if formula else self.value)(step, instance)
        return self._known[step, instance.of_formulas if formula else instance] is _OVER_BUDGET

    def formula_from(self, step: str, at: At, start: Mapping[str, Any] = _NOTHING) -> Any:
        """As `formula`, with steps taken as known: values with the points as first axis, or for a
        function step one function a point. Raises StepFault, ValueError or OutOfBounds."""
        if (self.mistakes or start) and self._worlds.goes_together(step, at):
            try:
                return as_points(
                    self._together(at, start).valued(step), self._worlds.sampler.points
                )
            except (StepFault, ValueError, TypeError):
                pass  # this one needs the points one by one
        return self.samples(at, start).step(step)

    def formula_values(self, formula: Formula, step: str, at: At) -> Any:
        """A student's formula for a step, with the symbols as they are here; or None.

        The functions that it calls are the right ones. Raises OutOfBounds where symbols take too
        many lines with mistakes in them; the right ones were computed before any student came.
        """
        try:
            if self.mistakes and self._worlds.goes_together(step, at):
                with bounded():
                    right = self._worlds.under()._together(at)
                    every = AllPoints(self._together(at), right, self._worlds.sampler.points)
                    return formula_values(formula, every)
        except Exception:  # noqa: S110, BLE001 - strangers' numbers: then point by point
            pass
        meant = _Meant(self.samples(at), self._worlds.under().samples(at))
        try:
            with bounded() if self.mistakes else nullcontext():
                return formula_values(formula, meant)
        except FormulaError:
            return None

    def _together(self, at: At, start: Mapping[str, Any] = _NOTHING) -> Solution:
        return self._worlds.sampler.together(
            at, replace=self.replace, givens=self.values, start=start
        )

    def _tried(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        if key not in self._known:
            try:
                with bounded():
                    self._known[key] = compute()
            except (StepFault, ValueError):
                self._known[key] = None
            except OutOfBounds:
                self._known[key] = _OVER_BUDGET
        return self._known[key]

    def returned(self, question: FunctionQuestion, case: PlannedCase) -> Value:
        """What a case gives here, or None."""
        if case.id not in self._returned:
            try:
                with bounded():
                    self._returned[case.id] = self.call(question, case)
            except Exception:  # noqa: BLE001 - with a mistake in it the reference may fail anyhow
                self._returned[case.id] = None
        return self._returned[case.id]

    def call(
        self,
        question: FunctionQuestion,
        case: PlannedCase,
        around: Callable[[Any], Any] | None = None,
    ) -> Value:
        """What a case gives here. Raises StepFault, or whatever the author's driver raises.

        `around` makes what a driver is given of what it would be given.
        """
        solution = Solution(
            self._worlds.reference, case.givens, replace=self.replace, start=self.values
        )
        inputs = copy.deepcopy(dict(case.inputs))
        if question.driver is not None:
            module = solution.namespace if around is None else around(solution.namespace)
            return run_driver(question.driver, module, inputs)
        step = getattr(solution.namespace, question.step)
        return step(*(inputs[name] for name in question.parameters))


class _Meant:
    """The symbols of one world and the functions of another."""

    def __init__(self, symbols: SolvedSamples, functions: SolvedSamples) -> None:
        self.labels = symbols.labels
        self.promotes = symbols.promotes
        self.symbol = symbols.symbol
        self.function = functions.function


class Worlds:
    """Every set of mistakes that was asked for, each computed once for a whole class."""

    def __init__(self, assignment: Assignment, reference: Reference, sampler: Sampler) -> None:
        self.assignment = assignment
        self.reference = reference
        self.sampler = sampler
        self.graph = Graph(reference, assignment.mistakes)
        self._known: dict[tuple[str, ...], World] = {}
        self._together: dict[Hashable, bool] = {}
        self._ancestors: dict[str, frozenset[str]] = {}
        self.slipped: dict[str, Sequence[World]] = {}  #: step → those with a slip in its code

    def instance(self, at: At) -> Instance:
        """The instance with these givens. An instance is returned as it is."""
        return self.sampler.instances(at)

    def made_of(self, step: str) -> frozenset[str]:
        """Every step and given that a step is rightly computed from, itself included."""
        if step not in self._ancestors:
            self._ancestors[step] = self.reference.ancestors(step)
        return self._ancestors[step]

    def goes_together(self, step: str, at: At) -> bool:
        """Whether all points may be computed at once, because the right answer is then the same.

        A reference need not know arrays of points; one that does is some twenty times faster.
        """
        instance = self.instance(at)
        key = (step, instance.of_formulas)
        if key not in self._together:
            self._together[key] = self._agrees(step, instance)
        return self._together[key]

    def _agrees(self, step: str, at: Instance) -> bool:
        exact = self.under().formula(step, at)
        if exact is None or np.ndim(exact) != 1 or not self.sampler.scalar:
            return False
        try:
            with bounded():
                every = as_points(self.sampler.together(at).valued(step), self.sampler.points)
        except Exception:  # noqa: BLE001 - what does not know arrays may raise anything
            return False
        return bool(np.allclose(every, exact, rtol=1e-12, atol=0.0, equal_nan=True))

    def under(self, mistakes: Sequence[Mistake] = ()) -> World:
        """The world with these mistakes; the right one without any."""
        key = tuple(mistake.id for mistake in mistakes)
        world = self._known.get(key)
        if world is None:
            world = World(self, mistakes)
            if len(self._known) < _MAX_WORLDS:
                self._known[key] = world
        return world
