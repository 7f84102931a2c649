"""The key of an assignment as a person reads it, also with mistakes in it or at other givens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.checks.prepare import Prepared
from grader.judge.expect.key import Key, build_key
from grader.judge.expect.world import World
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion, Part, Question
from grader.model.value import NumberText, Value
from grader.plan import PlannedCase

__all__ = ["KeyShown", "ShownAnswer", "ShownStep", "show_key"]

_MOST_ITEMS = 200
_DEEPEST = 6
_LARGEST = 10**50


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """One expected value: of a question, a part, a row or a case. All values are written out."""

    label: str = ""
    value: str  #: with the mistakes, if there are any
    right: str = ""  #: without them, where that is something else
    about: str = ""  #: the inputs of a case; of a part the instance, and what is stated
    called: bool = False  #: a case of a function
    rows: tuple[ShownAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """A step of the reference at the base givens and at the instances that questions name."""

    name: str
    value: str
    right: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()  #: instance and value, where that differs


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    assignment: Assignment
    givens: Mapping[str, str]
    changed: tuple[str, ...]  #: givens that are not the assignment's own
    mistakes: tuple[str, ...]
    steps: tuple[ShownStep, ...]
    answers: Mapping[str, tuple[ShownAnswer, ...]]  #: by question


def show_key(
    prepared: Prepared, mistakes: Sequence[str] = (), givens: Mapping[str, Value] | None = None
) -> KeyShown:
    """The key with these mistakes in the reference, by id, at givens that replace its own.

    Raises KeyError for a mistake or a given that the assignment does not have.
    """
    givens = givens or {}
    assignment = prepared.assignment
    for name in givens:
        assignment.givens[name]
    key = prepared.key
    if givens:
        assignment = replace(assignment, givens={**assignment.givens, **givens})
        key = build_key(assignment, prepared.reference)
    known = {mistake.id: mistake for mistake in assignment.mistakes}
    applied = [known[name] for name in mistakes]
    world = key.worlds.under(applied) if key.worlds is not None else None
    shower = _Shower(assignment, key, world, moved=bool(givens))
    return KeyShown(
        assignment=assignment,
        givens={name: _written(value) for name, value in assignment.givens.items()},
        changed=tuple(givens),
        mistakes=tuple(mistakes),
        steps=tuple(shower.steps()),
        answers={one.id: tuple(shower.answers(one)) for one in assignment.questions},
    )


class _Shower:
    def __init__(
        self, assignment: Assignment, key: Key, world: World | None, *, moved: bool
    ) -> None:
        self._assignment = assignment
        self._key = key
        self._world = world
        self._right = key.worlds.under() if key.worlds is not None else None
        self._moved = moved

    # -- steps -----------------------------------------------------------------------------------

    def steps(self) -> Iterator[ShownStep]:
        """All but functions, whose values hang on what they are given."""
        if self._key.worlds is None:
            return
        places = {str(at): at for at in self._instances()}.values()
        for name, step in self._key.worlds.reference.steps.items():
            if step.is_function:
                continue
            value, right = self._step(name, {})
            elsewhere = [(_instance(at), self._step(name, at)[0]) for at in places]
            yield ShownStep(
                name=name,
                value=value,
                right=right if right != value else "",
                elsewhere=tuple((at, other) for at, other in elsewhere if other != value),
            )

    def _instances(self) -> Iterator[Mapping[str, Value]]:
        for question in self._assignment.questions:
            if isinstance(question, AnswerQuestion):
                yield from (part.at for part in question.parts if part.at)

    def _step(self, name: str, at: Mapping[str, Value]) -> tuple[str, str]:
        """A step with the mistakes and without."""
        assert self._world is not None
        assert self._right is not None
        return _of_step(self._world, name, at), _of_step(self._right, name, at)

    # -- questions -------------------------------------------------------------------------------

    def answers(self, question: Question) -> Iterator[ShownAnswer]:
        if isinstance(question, FunctionQuestion):
            yield from (
                self._case(question, case, number)
                for number, case in enumerate(self._key.cases.get(question.id, ()), 1)
            )
        elif isinstance(question, AnswerQuestion):
            yield from (self._part(question, part) for part in question.parts)

    def _part(self, question: AnswerQuestion, part: Part) -> ShownAnswer:
        stated = "" if part.expected is None else _written(part.expected)
        said = [f"at {_instance(part.at)}"] if part.at else []
        value = right = part.expected
        if self._is_computed(part):
            value = self._value(self._world, question, part)
            changed = self._world is not self._right
            right = self._value(self._right, question, part) if changed else value
            as_asked = self._key.parts.get((question.id, part.label))
            if not self._moved and not changed and as_asked is not None:
                value = right = as_asked  # the stated one, where its digits are published
            differs = stated != _written(right) and not self._moved
            if stated and (question.nature.formula or differs):
                said.append(f"stated: {stated}")
        elif self._moved or self._world is not self._right:
            said.append("stated, so the same whatever the givens and the mistakes are")
        rows = tuple(_numbered(_rows(value), _rows(right))) if question.nature.rows else ()
        return ShownAnswer(
            label=part.label,
            value=_written(value),
            right=_written(right) if _written(right) != _written(value) else "",
            about="; ".join(said),
            rows=rows,
        )

    def _value(self, world: World | None, question: AnswerQuestion, part: Part) -> Value:
        """What a part's step is; of a formula that names more than givens, at the first sample."""
        assert world is not None
        assert part.step is not None
        try:
            return world.solution(part.at).valued(part.step)
        except Exception as error:  # noqa: BLE001 - with a mistake in it anything may happen
            formula = self._key.formulas.get((question.id, part.label))
            values = world.formula(part.step, part.at) if formula is not None else None
            if formula is None or values is None:
                return f"cannot be computed: {error}"
            return f"{_written(values[0])} at {formula.samples.labels[0]}"

    def _is_computed(self, part: Part) -> bool:
        if part.step is None or self._key.worlds is None:
            return False
        steps = self._key.worlds.reference.steps
        return part.step in steps or part.step in self._assignment.givens

    def _case(self, question: FunctionQuestion, case: PlannedCase, number: int) -> ShownAnswer:
        right = _written(self._key.returned.get(case.id))
        value = right
        if self._world is not None and self._world is not self._right:
            value = _written(self._world.returned(question, case))
        label = case.label or f"case {number}"
        inputs = ", ".join(f"{name} = {_written(one)}" for name, one in case.inputs.items())
        return ShownAnswer(
            label=f"{label} (hidden)" if case.hidden and "hidden" not in label else label,
            value=value,
            right=right if right != value else "",
            about="" if label.startswith(f"{question.entry}(") else inputs,
            called=True,
        )


def _of_step(world: World, step: str, at: Mapping[str, Value]) -> str:
    try:
        return _written(world.solution(at).valued(step))
    except Exception as error:  # noqa: BLE001 - with a mistake in it the reference may fail anyhow
        return f"cannot be computed: {error}"


def _rows(value: Value) -> list[str]:
    return [_written(row) for row in value] if isinstance(value, np.ndarray | list | tuple) else []


def _numbered(rows: Sequence[str], right: Sequence[str]) -> Iterator[ShownAnswer]:
    for number, row in enumerate(rows, 1):
        other = right[number - 1] if number <= len(right) else ""
        yield ShownAnswer(label=str(number), value=row, right=other if other != row else "")


def _instance(at: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {_written(value)}" for name, value in at.items())


def _written(value: Value, depth: int = 0) -> str:
    """A value written out, with digits enough to go on with."""
    if isinstance(value, NumberText):
        return value.text
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list | tuple | Mapping) and depth >= _DEEPEST:
        return "…"
    if isinstance(value, list | tuple):
        items = [_written(item, depth + 1) for item in value[:_MOST_ITEMS]]
        more = [f"… and {len(value) - _MOST_ITEMS} more"] if len(value) > _MOST_ITEMS else []
        return f"[{', '.join([*items, *more])}]"
    if isinstance(value, Mapping):
        named = [f"{key}: {_written(item, depth + 1)}" for key, item in value.items()]
        return f"{{{', '.join(named[:_MOST_ITEMS])}}}"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LARGEST:
        return f"a whole number of {value.bit_length()} bits"
    if value is None:
        return "nothing"
    return str(value) if isinstance(value, bool | int | complex | str) else type(value).__name__
