"""Keys of what an author says about the findings of an audit."""

from __future__ import annotations

from grader.model.audit import EXCUSABLE
from grader.spec.keys.shapes import ListOf, OneOf, Section, SpecKey, Text
from grader.spec.keys.values import NAME

__all__ = ["AUDIT"]

_BECAUSE = SpecKey("because", Text(shortest=1), "a sentence that convinces", required=True)

_EQUIVALENT = Section(
    "equivalent",
    "a change of the reference that changes no value",
    (
        SpecKey(
            "step",
            Text(shortest=1),
            "the function or constant of the reference that the change is in",
            required=True,
        ),
        SpecKey("change", Text(shortest=1), "as the audit words it", required=True),
        _BECAUSE,
    ),
    rule="each change of a step is explained once",
    see="audit.md#explaining-what-is-not-a-hole",
)

_EXCUSED = Section(
    "excused",
    "a question whose hole is meant to be there",
    (
        SpecKey("question", NAME, "its id", required=True, rule="there is such a question"),
        SpecKey("check", OneOf(EXCUSABLE), "the check that finds the hole", required=True),
        _BECAUSE,
    ),
    rule="each question is excused from a check once",
    see="audit.md#explaining-what-is-not-a-hole",
)

AUDIT = Section(
    "audit",
    "findings of `grader verify --audit` that are not holes, and why",
    (
        SpecKey("equivalent", ListOf(_EQUIVALENT, least=1), "changes that change no value"),
        SpecKey("excused", ListOf(_EXCUSED, least=1), "holes that are meant to be there"),
    ),
    least=1,
    see="audit.md#explaining-what-is-not-a-hole",
)
