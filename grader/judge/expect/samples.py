"""The points at which formulas are compared, and the names that formulas may use there."""

from __future__ import annotations

from collections.abc import Collection, Container, Hashable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.expression import formula_values, read_formula
from grader.compare.formula import (
    FormulaError,
    Language,
    formula_sizes,
    is_difference_quotient,
)
from grader.judge.expect.instance import At, Instance, Instances
from grader.judge.expect.points import draw_points
from grader.judge.expect.solved import SolvedSamples, whole_points
from grader.model.assignment import AnswerQuestion, Assignment, Part
from grader.model.value import Value
from grader.plan.sampling import generator
from grader.solver import Reference, Solution, StepFault

__all__ = ["Sampler"]

Points: TypeAlias = NDArray[np.float64]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_LEAST_DEFINED = 8


class Sampler:
    """Samples the givens over their domains once, for all formulas of the assignment."""

    def __init__(self, assignment: Assignment, reference: Reference | None) -> None:
        self._formulas = assignment.formulas
        self._reference = reference or Reference(path=assignment.folder, steps={})
        source = generator(assignment.slug, assignment.seed, "formulas")
        self._drawn = draw_points(self._formulas.domains, source)
        self._givens = assignment.givens
        self.instances = Instances(assignment.givens, self._formulas.domains)
        self._solved: dict[Hashable, SolvedSamples] = {}
        self._complex: dict[Instance, _ComplexNames] = {}

    def language(self, question: AnswerQuestion, part: Part) -> Language:
        """What an answer may be made of: never the very step that it is to give.

        Raises ValueError for a symbol or function that the reference does not have.
        """
        formulas = self._formulas
        names = formulas.symbols if question.symbols is None else question.symbols
        called = formulas.functions if question.functions is None else question.functions
        known = {*self._givens, *formulas.domains, *self._reference.steps}
        asked = self._reference.steps.get(part.step or "")
        arguments = asked.arguments if asked is not None else ()
        names = (*names, *(name for name in arguments if name in known))
        for name in (*names, *called):
            if name not in known:
                msg = f"{name!r} is neither a step nor a given"
                raise ValueError(msg)
        spellings = (*formulas.symbols.values(), *formulas.functions.values())
        language = Language.of(
            {name: formulas.symbols.get(name, ()) for name in (*formulas.domains, *names)},
            {name: formulas.functions.get(name, ()) for name in called},
            hidden=(*known, *(spelling for others in spellings for spelling in others)),
            arrays=self._arrays(names, part),
            matrix_power=formulas.matrix_power,
            imaginary=any(name in self.complex_names(part.at) for name in (*names, part.step)),
        )
        language = _with_unit(language, part.expected)
        is_leaf = part.step in formulas.domains
        return language if part.step is None or is_leaf else language.without([part.step])

    def complex_names(self, at: At) -> Container[str]:
        """The steps and givens that are complex at the givens of an instance, not at some drawn
        points only: there a real one may have a complex value alone, which does not count."""
        instance = self.instances(at)
        if instance not in self._complex:
            self._complex[instance] = _ComplexNames(Solution(self._reference, instance.givens))
        return self._complex[instance]

    def _arrays(self, names: Iterable[str], part: Part) -> list[str]:
        """The names that stand for vectors or matrices; steps only where something drawn is one."""
        found = [name for name, domain in self._formulas.domains.items() if domain.shape]
        if not found:
            return [name for name in names if np.ndim(self._givens.get(name, 0))]
        samples = self.samples(part.at)
        for name in names:
            with suppress(FormulaError):
                if name not in self._formulas.domains and samples.symbol(name).ndim > 1:
                    found.append(name)
        return found

    def samples(
        self,
        at: At,
        *,
        replace: Mapping[str, str] = _NOTHING,
        givens: Mapping[str, Value] = _NOTHING,
        start: Mapping[str, Points] = _NOTHING,
    ) -> SolvedSamples:
        """The reference at every drawn point of an instance, with steps replaced (see `Solution`).

        `givens` are values that replace a given or a step at all points; `start` are steps that
        are taken as known, with the points as first axis. Without `start` its steps are meant to
        be remembered, and without any of these they are: the next call gives the same.
        """
        instance = self.instances(at)
        plain = not (replace or givens or start)
        if plain and instance.of_formulas in self._solved:
            return self._solved[instance.of_formulas]
        solutions: list[Solution] = []
        for point in range(len(self._drawn)):
            solutions.append(
                Solution(
                    self._reference,
                    self._at_point(point, instance),
                    replace=replace,
                    start={**givens, **{name: values[point] for name, values in start.items()}},
                    remembered=not start,
                    order=solutions[0].order if solutions else None,
                )
            )
        labels = self._labels(self._formulas.domains.keys() - instance.held)
        samples = SolvedSamples(solutions, labels, complex_names=self.complex_names(at))
        return self._solved.setdefault(instance.of_formulas, samples) if plain else samples

    def _at_point(self, point: int, instance: Instance) -> dict[str, Value]:
        drawn = self._drawn[point].items()
        free = {name: value for name, value in drawn if name not in instance.held}
        return {**instance.givens, **free}

    def make_free(self) -> None:
        """Charge nobody for what was computed at the plain samples until now, see `Solution`."""
        for samples in self._solved.values():
            for solution in samples.solutions:
                solution.make_free()

    @property
    def points(self) -> int:
        """How many points there are."""
        return len(self._drawn)

    @property
    def scalar(self) -> bool:
        """Whether everything drawn is a single number, so that `together` makes sense."""
        return not any(domain.shape for domain in self._formulas.domains.values())

    def together(
        self,
        at: At,
        *,
        replace: Mapping[str, str] = _NOTHING,
        givens: Mapping[str, Value] = _NOTHING,
        start: Mapping[str, Points] = _NOTHING,
    ) -> Solution:
        """The reference solved once, with the points as the axis of every drawn given."""
        instance = self.instances(at)
        names = self._formulas.domains.keys() - instance.held
        drawn = {name: np.array([point[name] for point in self._drawn]) for name in sorted(names)}
        return Solution(
            self._reference,
            {**instance.givens, **drawn},
            replace=replace,
            start={**givens, **start},
        )

    def about(self, part: Part, language: Language) -> SolvedSamples:
        """The plain samples of a part; the labels speak of what its key depends on."""
        samples = self.samples(part.at)
        if part.step is None:
            return samples.labelled(samples.labels, promotes=language.imaginary)
        asked = self._reference.steps.get(part.step)
        made_of = self._reference.ancestors(part.step).union(asked.arguments if asked else ())
        labels = self._labels(made_of - part.at.keys())
        return samples.labelled(labels, promotes=language.imaginary)

    def _labels(self, relevant: Collection[str]) -> tuple[str, ...]:
        return tuple(_label(drawn, relevant) for drawn in self._drawn)

    def expected(self, part: Part, samples: SolvedSamples, language: Language) -> Points:
        """The key at every point, shape (points, *shape); NaN where it is undefined.

        A stated formula is read in the language. Raises ValueError where the key is undefined
        almost everywhere or no real number, and StepFault where the reference does not know the
        step.
        """
        names = (*self._reference.steps, *self._givens, *self._formulas.domains)
        stated_only = part.step is None or (
            part.step not in names and part.expected is not None and not part.names_step
        )
        fault = None
        if stated_only:
            values = self._stated(part, samples, language)
        elif part.step not in names or part.step is None:
            raise StepFault(part.step or "", 0, "is not a step of the reference")
        else:
            values, fault = samples.tried(part.step)
        values = whole_points(values)
        if np.isfinite(values.reshape(len(values), -1)).all(axis=1).sum() < _LEAST_DEFINED:
            why = f": {fault}" if fault is not None else ""
            msg = f"the key is undefined at most points of the declared domains{why}"
            raise ValueError(msg)
        return values

    def sizes(self, part: Part, samples: SolvedSamples, language: Language) -> Points | None:
        """The sizes of the terms of a stated formula, see `formula_sizes`; None without one."""
        try:
            return formula_sizes(read_formula(part.expected, language), samples)
        except FormulaError:
            return None

    def states_quotient(self, part: Part, samples: SolvedSamples, language: Language) -> bool:
        """Whether the part states a formula that is a difference quotient itself."""
        try:
            return is_difference_quotient(read_formula(part.expected, language), samples)
        except FormulaError:
            return False

    def _stated(self, part: Part, samples: SolvedSamples, language: Language) -> Points:
        try:
            formula = read_formula(part.expected, language)
        except FormulaError as error:
            msg = f"the stated formula cannot be read: {error}"
            raise ValueError(msg) from None
        try:
            return formula_values(formula, samples)
        except FormulaError as error:
            msg = f"the stated formula cannot be evaluated: {error}"
            raise ValueError(msg) from None


class _ComplexNames:
    """The steps and givens that are complex where a reference was solved; each found out once."""

    def __init__(self, solution: Solution) -> None:
        self._solution = solution
        self._known: dict[object, bool] = {}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name not in self._known:
            self._known[name] = False
            # A step that fails has no value here; the checks of the assignment tell why.
            with suppress(StepFault, TypeError, ValueError, OverflowError):
                self._known[name] = bool(np.iscomplexobj(self._solution.valued(name)))
        return self._known[name]


def _with_unit(language: Language, stated: Value) -> Language:
    """With the imaginary unit, where a stated formula cannot be read but with it."""
    if language.imaginary or not isinstance(stated, str):
        return language
    try:
        read_formula(stated, language)
    except FormulaError:
        with suppress(FormulaError):
            read_formula(stated, language.with_unit())
            return language.with_unit()
    return language


def _label(drawn: Mapping[str, Value], relevant: Collection[str]) -> str:
    """The sampled numbers that matter, in words for staff."""
    numbers = [
        f"{name}={value:.4g}"
        for name, value in drawn.items()
        if name in relevant and np.ndim(value) == 0
    ]
    return ", ".join(numbers[:12]) or "a sampled point"
