"""Variants of an assignment: whether they can be judged, how they are drawn, and their answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from grader.judge.expect.key import FormulaKey, Key, build_key
from grader.model.assignment import AnswerQuestion, Assignment, Part, Question
from grader.model.value import Value
from grader.plan.variant import NoVariant, draw_variant, variant_text, with_givens
from grader.solver import Reference, Solution, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["Drawn", "VariantFault", "VariantKeys", "check_variants", "draw_all", "drawn_for"]

_MOST_KEYS = 16  # remembered: each may be some megabytes
_MOST_ANSWERS = 5000  # remembered: a few numbers each
_MOST_FORMULAS = 1000  # remembered: some kilobytes each
_Kept = TypeVar("_Kept")


class VariantFault(Exception):
    """A variant has no key."""


# -- the spec ------------------------------------------------------------------------------------


def check_variants(loaded: Loaded, reference: Reference | None, problems: Problems) -> None:
    """Add S231 for conditions that cannot be asked, and answers that cannot follow a variant."""
    variants = loaded.assignment.variants
    if variants is None or reference is None:
        return
    values = [name for name, step in reference.steps.items() if not step.is_function]
    for index, name in enumerate(variants.where):
        path: KeyPath = ("variants", "where", index)
        if name not in values:
            message = f"{name!r} is not a step of the reference without arguments"
            problems.add("S231", path, message, did_you_mean(name, values))
        elif not reference.ancestors(name) & variants.givens.keys():
            problems.add("S231", path, f"{name!r} depends on none of the givens that are drawn")
    for index, question in enumerate(loaded.assignment.questions):
        if isinstance(question, AnswerQuestion):
            for part in question.parts:
                inside: KeyPath = ("parts", part.label) if part.label else ()
                fault = _stays(question, part, reference, variants.givens.keys())
                if fault:
                    problems.add("S231", ("questions", index, *inside, "expected"), *fault)


def _stays(
    question: Question, part: Part, reference: Reference, drawn: Collection[str]
) -> tuple[str, str] | None:
    """Why a stated answer would be the same for every variant, and what helps; or None."""
    if part.expected is None or question.nature.formula or question.nature.option:
        return None
    name = repr(part.label or question.id)
    if part.step is None or part.step not in (*reference.steps, *drawn):
        message = f"{name} is only stated, so it would be the same for every variant"
        return message, "give it a step of the reference"
    if not _follows(part, reference, drawn):
        return None
    if part.tolerance.published or part.tolerance.interval is not None:
        mode = "published" if part.tolerance.published else "interval"
        message = f"{name} is held against what is stated (`{mode}`), in every variant"
        return message, "use `decimals`, `rtol` or `atol`"
    return None


def _follows(part: Part, reference: Reference, drawn: Collection[str]) -> bool:
    """Whether the step of a part is computed from a given that is drawn."""
    if part.step is None:
        return False
    return bool((reference.ancestors(part.step) & set(drawn)) - part.at.keys())


# -- draws ---------------------------------------------------------------------------------------


def drawn_for(
    assignment: Assignment, reference: Reference, secret: bytes, student: str
) -> Mapping[str, Value]:
    """The givens of a student that are drawn. Raises NoVariant."""
    variants = assignment.variants
    assert variants is not None

    def unmet(givens: Mapping[str, Value]) -> tuple[str, Collection[str]] | None:
        solution = Solution(reference, {**assignment.givens, **givens})
        for name in variants.where:
            try:
                value = solution[name]
            except StepFault as fault:
                return f"{name!r} is never true: {fault}", reference.ancestors(name)
            if not isinstance(value, bool | np.bool_):
                raise NoVariant(f"{name!r} gives {value!r}, which is neither true nor false")
            if not value:
                return f"{name!r} is true of none of the draws", reference.ancestors(name)
        return None

    return draw_variant(variants, secret, assignment.slug, student, unmet)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """The givens of each student that was asked for; where one has none, `fault` says why."""

    givens: tuple[Mapping[str, Value], ...] = ()
    fault: str = ""


def draw_all(
    assignment: Assignment, reference: Reference, secret: bytes, students: Sequence[str]
) -> Drawn:
    """The givens of these students."""
    drawn = []
    for student in students:
        try:
            drawn.append(drawn_for(assignment, reference, secret, student))
        except NoVariant as fault:
            return Drawn(fault=f"there is no variant for {student}: {fault}")
    return Drawn(givens=tuple(drawn))


# -- keys ----------------------------------------------------------------------------------------


class VariantKeys:
    """Keys of variants, each computed when first asked for; the last few are remembered, and of
    many more the answers that are numbers. For any thread."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, Key] = OrderedDict()
        self._answers: OrderedDict[str, Mapping[tuple[str, str], Value]] = OrderedDict()
        self._formulas: OrderedDict[str, Mapping[tuple[str, str], FormulaKey]] = OrderedDict()
        self._lock = threading.Lock()

    def at(
        self, assignment: Assignment, reference: Reference | None, givens: Mapping[str, Value]
    ) -> tuple[Assignment, Key]:
        """The assignment with these givens and its key, as if no answer that follows from them had
        been stated. Raises VariantFault where a step has no answer for them."""
        own = _without_stated(with_givens(assignment, givens), reference, givens)
        name = variant_text(givens)
        with self._lock:
            key = self._keys.get(name)
        if key is None:
            key = build_key(own, reference)
        if key.problems:
            raise VariantFault("; ".join(one.message for one in key.problems[:3]))
        with self._lock:
            self._keys[name] = key
            self._keys.move_to_end(name)
            while len(self._keys) > _MOST_KEYS:
                self._keys.popitem(last=False)
        return own, key

    def answers(
        self, assignment: Assignment, reference: Reference, givens: Mapping[str, Value]
    ) -> Mapping[tuple[str, str], Value]:
        """By question and part the numbers that are right with these givens, where they hang on
        them. What cannot be computed is left out."""
        return self._remembered(
            self._answers,
            variant_text(givens),
            _MOST_ANSWERS,
            lambda: dict(_numbers(assignment, reference, givens)),
        )

    def formulas(
        self, assignment: Assignment, reference: Reference, givens: Mapping[str, Value]
    ) -> Mapping[tuple[str, str], FormulaKey]:
        """By question and part what formulas are held against with these givens, where they hang on
        them."""
        return self._remembered(
            self._formulas,
            variant_text(givens),
            _MOST_FORMULAS,
            lambda: _formulas(assignment, reference, givens),
        )

    def _remembered(
        self, known: OrderedDict[str, _Kept], name: str, most: int, made: Callable[[], _Kept]
    ) -> _Kept:
        with self._lock:
            if name in known:
                return known[name]
        value = made()
        with self._lock:
            known[name] = value
            while len(known) > most:
                known.popitem(last=False)
        return value


def _formulas(
    assignment: Assignment, reference: Reference, givens: Mapping[str, Value]
) -> Mapping[tuple[str, str], FormulaKey]:
    own = _without_stated(with_givens(assignment, givens), reference, givens)
    asked = [one for one in own.questions if isinstance(one, AnswerQuestion) and one.nature.formula]
    follows = {
        (one.id, part.label)
        for one in asked
        for part in one.parts
        if _follows(part, reference, givens.keys())
    }
    if not follows:
        return {}
    found = build_key(replace(own, questions=tuple(asked)), reference).formulas
    return {place: one for place, one in found.items() if place in follows}


def _without_stated(
    assignment: Assignment, reference: Reference | None, givens: Mapping[str, Value]
) -> Assignment:
    """What is stated is right for the assignment's own givens alone."""
    if reference is None:
        return assignment

    def own(question: Question) -> Question:
        if not isinstance(question, AnswerQuestion):
            return question
        parts = tuple(
            replace(part, expected=None) if _follows(part, reference, givens.keys()) else part
            for part in question.parts
        )
        return replace(question, parts=parts)

    return replace(assignment, questions=tuple(map(own, assignment.questions)))


def _numbers(
    assignment: Assignment, reference: Reference, givens: Mapping[str, Value]
) -> Iterator[tuple[tuple[str, str], Value]]:
    for question in assignment.questions:
        if not isinstance(question, AnswerQuestion):
            continue
        if question.nature.formula or question.nature.option:
            continue
        for part in question.parts:
            if part.step is not None and _follows(part, reference, givens.keys()):
                instance = {**assignment.givens, **givens, **part.at}
                try:
                    yield (question.id, part.label), Solution(reference, instance)[part.step]
                except StepFault:
                    continue
