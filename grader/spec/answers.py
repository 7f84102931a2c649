"""Build number, array, iterates, expression and choice questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from grader.model.assignment import AnswerQuestion, Form, Part, Recurrence
from grader.model.kinds import KINDS, Kind
from grader.model.tolerance import Tolerance
from grader.spec.context import Context, read_tolerance
from grader.spec.stated import check_stated
from grader.spec.values import exact, given, typed_numbers, typed_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_answer"]

_Spec: TypeAlias = Mapping[str, Any]


def build_answer(context: Context, path: KeyPath, spec: _Spec) -> AnswerQuestion:
    """The question, with one part for each label, or a single one without labels."""
    parts: tuple[Part, ...]
    if "parts" in spec:
        for key in ("step", "expected"):
            if key in spec:
                message = f"{key!r} belongs to the parts of this question"
                context.problems.add("S102", (*path, key), message, of_key=True)
        parts = tuple(
            _part(context, (*path, "parts", label), label, spec, part or {})
            for label, part in spec["parts"].items()
        )
    else:
        parts = (_part(context, path, "", spec, spec),)
    symbols, functions = spec.get("symbols"), spec.get("functions")
    recurrence = spec.get("recurrence")
    return AnswerQuestion(
        **context.shared(spec),
        parts=parts,
        recurrence=recurrence
        and Recurrence(
            step=recurrence["step"],
            state=tuple(recurrence["state"]),
            **given(recurrence, beside=tuple),
        ),
        symbols=None if symbols is None else tuple(symbols),
        functions=None if functions is None else tuple(functions),
        numbers=replace(
            context.numbers,
            calculations=not any(part.tolerance.strict for part in parts),
            **given(spec, unit=str),
        ),
        **given(
            spec,
            includes_start=bool,
            count_asked=bool,
            shape=str,
            shape_credit=exact,
            length=str,
        ),
    )


def _part(
    context: Context,
    path: KeyPath,
    label: str,
    question: _Spec,
    spec: _Spec,
) -> Part:
    kind = KINDS[question["kind"]]
    strays = {"tolerance"} if kind.option else {"options"}
    strays |= set() if kind.formula else {"form"}
    for stray in sorted(strays & set(spec)) if label else ():
        message = f"unknown key {stray!r} in a part of a question of kind {kind.name!r}"
        context.problems.add("S102", (*path, stray), message, of_key=True)
    expected = typed_value(spec.get("expected"))
    if kind.numbers:
        expected = typed_numbers(expected)
    part = Part(
        label=label,
        step=_step(context, path, label or question["id"], kind, spec),
        names_step="step" in spec,
        at=context.instance((*path, "at"), {**question.get("at", {}), **spec.get("at", {})}),
        expected=expected,
        tolerance=_tolerance(context, path, label, question, spec),
        options={
            name: str(getattr(words, "text", words))
            for name, words in {**question.get("options", {}), **spec.get("options", {})}.items()
        },
        form=_form(context, path, label, question, spec),
        **given(spec, share=exact),
    )
    check_stated(context.problems, path, kind, part)
    return part


def _form(context: Context, path: KeyPath, label: str, question: _Spec, spec: _Spec) -> Form | None:
    """The part's own form, else the question's."""
    if spec.get("form") is None and label:
        path, spec = path[:2], question
    form = spec.get("form")
    if form is None:
        return None
    path = (*path, "form")
    if not {"uses", "avoids"} & set(form):
        message = "a form says what a formula `uses`, or what it `avoids`"
        context.problems.add("S101", path, message, of_key=True)
    for name in {*form.get("uses", ())} & {*form.get("avoids", ())}:
        message = f"no formula both uses and avoids {name!r}"
        context.problems.add("S210", (*path, "avoids"), message, of_key=True)
    return Form(**given(form, uses=tuple, avoids=tuple, credit=exact))


def _step(context: Context, path: KeyPath, name: str, kind: Kind, spec: _Spec) -> str | None:
    """The reference step that is the key, or None where the stated answer is."""
    named: str | None = spec.get("step")
    stated = spec.get("expected") is not None
    if not context.has_reference:
        if named is not None:
            message = f"{name!r} names the step {named!r}, but the assignment has no reference"
            context.problems.add("S205", (*path, "step"), message)
        elif not stated:
            message = f"{name!r} has neither a reference nor a stated answer"
            context.problems.add("S205", path, message)
        return None
    return named if kind.option and stated else named or name


def _tolerance(
    context: Context,
    path: KeyPath,
    label: str,
    question: _Spec,
    spec: _Spec,
) -> Tolerance:
    """The part's own tolerance, else the question's, else the assignment's."""
    if spec.get("tolerance") is None and label:
        path, spec = path[:2], question
    default = context.default_tolerance
    return read_tolerance(context.problems, (*path, "tolerance"), spec.get("tolerance"), default)
