"""Keys of what students may see and try."""

from __future__ import annotations

from grader.spec.keys.shapes import ListOf, OneOf, Section, SpecKey, Text

__all__ = ["POLICY", "PUBLIC_CHECKS"]

PUBLIC_CHECKS = SpecKey(
    "public_checks",
    ListOf(Text(shortest=3, longest=500), least=1, most=50, unique=True),
    "relations between answers and functions, which students may try on their own work: "
    "`p[k+1] == p[k] - rate * gradient(p[k])`",
    rule="they hold for the right answers",
)

POLICY = Section(
    "policy",
    "what students may see",
    (
        SpecKey(
            "self_check",
            OneOf(("full", "public", "format")),
            "what `grader check` tells where the whole assignment is at hand: `full` verdicts, "
            "points and feedback; `public` what it tells of a release; `format` whether answers "
            "are there, readable, and of the form that is asked for",
            default="full",
        ),
    ),
    see="release.md",
)
