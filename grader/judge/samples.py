"""The points at which formulas are compared, and the names that formulas may use there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from grader.compare.expression import SamplePoint, read_formula
from grader.compare.formula import FormulaError, Language, evaluate
from grader.model.assignment import AnswerQuestion, Assignment, Part
from grader.model.value import Value
from grader.plan.sampling import draw, generator
from grader.solver import Reference, Solution, StepFault

__all__ = ["Sampler"]

POINTS = 24
_LEAST_DEFINED = 8


class Sampler:
    """Samples the givens over their domains once, for all formulas of the assignment."""

    def __init__(self, assignment: Assignment, reference: Reference | None) -> None:
        self._formulas = assignment.formulas
        self._reference = reference or Reference(path=assignment.folder, steps={})
        source = generator(assignment.slug, assignment.seed, "formulas")
        self._drawn = [
            {name: draw(domain, source) for name, domain in self._formulas.domains.items()}
            for _ in range(POINTS)
        ]
        for name, domain in self._formulas.domains.items():
            for point, number in zip(self._drawn, domain.also, strict=False):
                point[name] = number
        self._givens = assignment.givens
        self._solutions: dict[int, list[Solution]] = {}

    def language(self, question: AnswerQuestion, part: Part) -> Language:
        """What an answer may be made of: never the very step that it is to give.

        Raises ValueError for a symbol or function that the reference does not have.
        """
        formulas = self._formulas
        names = formulas.symbols if question.symbols is None else question.symbols
        called = formulas.functions if question.functions is None else question.functions
        known = {*self._givens, *formulas.domains, *self._reference.steps}
        for name in (*names, *called):
            if name not in known:
                msg = f"{name!r} is neither a step nor a given"
                raise ValueError(msg)
        language = Language.of(
            {name: formulas.symbols.get(name, ()) for name in (*formulas.domains, *names)},
            {name: formulas.functions.get(name, ()) for name in called},
        )
        is_leaf = part.step in self._formulas.domains
        return language if part.step is None or is_leaf else language.without([part.step])

    def points(self, part: Part, language: Language) -> tuple[SamplePoint, ...]:
        """The key at every point. Raises ValueError where it is undefined almost everywhere,
        and StepFault where the reference does not know the step."""
        formula = None
        names = (*self._reference.steps, *self._givens, *self._formulas.domains)
        stated_only = part.step is None or (
            part.step not in names and part.expected is not None and not part.names_step
        )
        if stated_only:
            try:
                formula = read_formula(part.expected, language)
            except FormulaError as error:
                msg = f"the stated formula cannot be read: {error}"
                raise ValueError(msg) from None
        elif part.step not in names:
            raise StepFault(part.step or "", 0, "is not a step of the reference")
        points = []
        relevant = (
            self._reference.ancestors(part.step)
            if part.step is not None
            else self._formulas.domains
        )
        for drawn, solution in zip(self._drawn, self._solved(part.at), strict=True):
            fault = None
            expected: Value = None
            try:
                if formula is not None:
                    expected = evaluate(formula, solution.__getitem__)
                else:
                    expected = _real(solution[part.step or ""])
            except StepFault as error:
                fault = error
            except FormulaError as error:
                msg = f"the stated formula cannot be evaluated: {error}"
                raise ValueError(msg) from None
            except (TypeError, ValueError, OverflowError):
                msg = f"step {part.step!r} gives no real numbers"
                raise ValueError(msg) from None
            if fault is not None or not np.all(np.isfinite(expected)):
                expected = None
            points.append(
                SamplePoint(
                    lookup=_lookup(solution), expected=expected, label=_label(drawn, relevant)
                )
            )
        if sum(point.expected is not None for point in points) < _LEAST_DEFINED:
            why = f": {fault}" if fault is not None else ""
            msg = f"the key is undefined at most points of the declared domains{why}"
            raise ValueError(msg)
        return tuple(points)

    def _solved(self, at: Mapping[str, Value]) -> list[Solution]:
        key = id(at) if at else 0
        if key not in self._solutions:
            self._solutions[key] = [
                Solution(self._reference, {**self._givens, **drawn, **at}) for drawn in self._drawn
            ]
        return self._solutions[key]


def _real(value: Value) -> Any:
    """A float or an array of floats. Raises TypeError, ValueError or OverflowError."""
    if np.iscomplexobj(value):
        msg = "complex numbers are not compared"
        raise TypeError(msg)
    return np.asarray(value, dtype=np.float64)[()]


def _lookup(solution: Solution) -> Callable[[str], Value]:
    def lookup(name: str) -> Value:
        try:
            return solution[name]
        except StepFault:
            return float("nan")  # the reference has no value here: neither has the formula

    return lookup


def _label(drawn: Mapping[str, Value], relevant: Collection[str]) -> str:
    """The sampled numbers that the key depends on, in words for staff."""
    numbers = [
        f"{name}={value:.4g}"
        for name, value in drawn.items()
        if name in relevant and np.ndim(value) == 0
    ]
    return ", ".join(numbers[:12]) or "a sampled point"
