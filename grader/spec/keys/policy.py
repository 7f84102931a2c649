"""Keys of what students may see."""

from __future__ import annotations

from grader.spec.keys.shapes import OneOf, Section, SpecKey

__all__ = ["POLICY"]

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
