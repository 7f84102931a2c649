"""Keys of course.yaml: the rules by which a course makes final marks of what was judged."""

from __future__ import annotations

from grader.spec.keys.shapes import (
    IfShape,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Section,
    SpecKey,
    Text,
)
from grader.spec.keys.values import NAME, SLUG

__all__ = ["COURSE"]

_SHARE = Text(shown="per cent such as `10%`")
_DEDUCTION = IfShape(_SHARE, Number(least=0, most=10000), shown="per cent such as `10%`, or points")
_OF_DEDUCTIONS = "per cent are from 0 to 100, such as `10%`"

_ASSIGNMENT_OF_COURSE = Section(
    "assignment_of_course",
    "what holds for one assignment",
    (
        SpecKey(
            "due",
            Text(shown="a time such as `2027-03-01T23:59`"),
            "when it is due, in the zone of the course unless it ends in `Z` or `+01:00`",
            otherwise="it is never late",
            rule="day and time are given; without a zone of its own it needs `timezone`",
        ),
        SpecKey(
            "weight", Number(least=0, most=10000), "how much it counts in the total", default=1
        ),
        SpecKey(
            "drop",
            ListOf(NAME, unique=True, shown="a list of ids of questions"),
            "questions that count for nobody",
            rule="there are such questions",
        ),
    ),
    or_null=True,
)

_LATE = Section(
    "late",
    "what lateness costs",
    (
        SpecKey(
            "grace",
            Text(shown="a span such as `15min`, `1h 30min` or `2d`"),
            "how long after the due time nothing is deducted; lateness is counted from its end",
            otherwise="none",
            rule="its units are `s`, `min`, `h`, `d` and `w`",
        ),
        SpecKey(
            "per",
            OneOf(("hour", "day", "week")),
            "the unit; one that has begun counts whole",
            default="day",
        ),
        SpecKey("deduct", _DEDUCTION, "what each unit costs", required=True, rule=_OF_DEDUCTIONS),
        SpecKey(
            "of",
            OneOf(("max", "score")),
            "what per cent are taken of: what can be reached, or what was",
            default="max",
            rule="it goes with per cent",
        ),
        SpecKey(
            "most", _DEDUCTION, "what lateness costs at most", otherwise="all", rule=_OF_DEDUCTIONS
        ),
    ),
    see="course-rules.md#late-work",
)

COURSE = Section(
    "course",
    "the rules of a course",
    (
        SpecKey("schema", OneOf((1,)), "version of this format", required=True),
        SpecKey(
            "timezone",
            Text(shown="a zone such as `Europe/Vienna`"),
            "the zone of times that say none",
            rule="there is such a zone",
        ),
        SpecKey(
            "assignments",
            MapOf(_ASSIGNMENT_OF_COURSE, names=SLUG, shown="a mapping of slugs to their rules"),
            "the assignments of the course; others do not count in the total",
            otherwise="all that were marked, each of weight 1",
            rule="there are such assignments",
        ),
        SpecKey(
            "late",
            IfShape(Text(shown="`lms`, where the platform deducts itself"), _LATE),
            "what lateness costs",
            otherwise="nothing",
            rule="a word is `lms`",
        ),
        SpecKey(
            "attempts",
            Section(
                "attempts",
                "which attempt counts",
                (
                    SpecKey(
                        "count",
                        OneOf(("last", "best", "average")),
                        "of several attempts",
                        otherwise="as `--attempts` set it in the gradebook",
                    ),
                    SpecKey(
                        "most",
                        Number(whole=True, least=1, most=1000),
                        "later ones count for nothing",
                        otherwise="any number",
                    ),
                ),
                least=1,
                see="course-rules.md#attempts",
            ),
            "which attempt counts",
        ),
        SpecKey(
            "rounding",
            Section(
                "rounding",
                "the last step",
                (
                    SpecKey(
                        "to", Number(above=0, most=100), "multiples of this number", required=True
                    ),
                    SpecKey(
                        "mode",
                        OneOf(("half_up", "half_even", "up", "down")),
                        "where a number goes that lies between two of them",
                        default="half_up",
                    ),
                ),
                see="course-rules.md#rounding",
            ),
            "how final marks are rounded",
            otherwise="not at all",
        ),
    ),
    see="course-rules.md",
)
