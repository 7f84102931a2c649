"""The nine kinds of question: what they share, and the keys of each."""

from __future__ import annotations

from grader.model.kinds import KINDS
from grader.spec.keys.answers import KEYS_OF_ANSWERS
from grader.spec.keys.functions import KEYS_OF_FUNCTIONS
from grader.spec.keys.records import KEYS_BY_HAND, KEYS_OF_SERIES
from grader.spec.keys.shapes import ByKind, Flag, OneOf, Section, SpecKey, Text
from grader.spec.keys.values import CHARGE, NAME, POINTS

__all__ = ["QUESTION"]

_SHARED = Section(
    "question",
    "one thing that is asked, with points of its own",
    (
        SpecKey(
            "id",
            NAME,
            "the name under which it is answered",
            required=True,
            rule="no other question has it",
        ),
        SpecKey("kind", OneOf(tuple(KINDS)), "what is asked for", required=True),
        SpecKey("points", POINTS, "what it is worth", otherwise="`defaults.points`"),
        SpecKey("prompt", Text(), "what is asked, in words", default=""),
        SpecKey(
            "entry",
            NAME,
            "the name that a module must define to answer it",
            otherwise="the `id`, or the name in `call`",
        ),
        SpecKey("all_or_nothing", Flag(), "no points unless everything is right", default=False),
        SpecKey(
            "bonus",
            Flag(),
            "its points count in the score and not in the maximum, and nothing is said of it where "
            "it is left out",
            default=False,
            rule="not every question is one",
        ),
        SpecKey(
            "charge",
            CHARGE,
            "whether a mistake costs the points of each part that it gives, or of one",
            default="each",
        ),
    ),
    see="assignment.md#questions",
)

QUESTION = ByKind(
    _SHARED,
    {
        "function": KEYS_OF_FUNCTIONS,
        "series": KEYS_OF_SERIES,
        "text": KEYS_BY_HAND,
        "figure": KEYS_BY_HAND,
        **KEYS_OF_ANSWERS,
    },
)
