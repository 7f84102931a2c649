"""Keys of what is judged by demands or by a person: series, text, figure."""

from __future__ import annotations

from grader.spec.keys.shapes import Flag, IfShape, ListOf, Number, OneOf, Section, SpecKey, Text
from grader.spec.keys.values import BOUNDS, POINTS, SHARE

__all__ = ["KEYS_BY_HAND", "KEYS_OF_SERIES"]

_CRITERION = Section(
    "criterion",
    "one demand on a series",
    (
        SpecKey(
            "column", Text(), "the column it is about", required=True, rule="it is one of `columns`"
        ),
        SpecKey("label", Text(), "what it is called", otherwise="the column and the rule"),
        SpecKey("share", SHARE, "weight among the criteria of the question", default=1),
        SpecKey(
            "count",
            IfShape(BOUNDS, Number(whole=True, least=0)),
            "bounds of the number of rows, or the number itself",
        ),
        SpecKey("range", BOUNDS, "bounds of every cell"),
        SpecKey("final", BOUNDS, "bounds of the last cell"),
        SpecKey("best", BOUNDS, "bounds of the largest cell"),
        SpecKey(
            "lowest",
            Flag(),
            "the smallest cell is the best",
            default=False,
            rule="it goes with `best` or `states_best`",
        ),
        SpecKey("monotone", OneOf(("increasing", "decreasing")), "the way the cells go"),
        SpecKey(
            "slack",
            Number(least=0),
            "how far a step may go the wrong way",
            default=0,
            rule="it goes with `monotone`",
        ),
        SpecKey("distinct", BOUNDS, "bounds of the number of different cells"),
        SpecKey(
            "rows_differ",
            ListOf(Text(), least=1),
            "no two rows are alike in all of these columns",
            rule="each is one of `columns`",
        ),
        SpecKey(
            "required",
            Flag(),
            "nothing is earned for the question where this criterion is missed",
            default=False,
        ),
        SpecKey("integers", OneOf((True,)), "every cell is a whole number"),
        SpecKey(
            "states_best",
            ListOf(Text(), least=1),
            "the answer's `best` gives these columns of the row with the best cell",
            rule="each is one of `columns`",
        ),
        SpecKey(
            "strictly",
            Flag(),
            "no two cells are alike",
            default=False,
            rule="it goes with `monotone`",
        ),
    ),
    rule="exactly one rule is given: `count`, `range`, `final`, `best`, `monotone`, `integers`, "
    "`states_best`, `distinct` or `rows_differ`; of two bounds the first is not above the second, "
    "and one is not null",
    see="assignment.md#series",
)

KEYS_OF_SERIES = (
    SpecKey(
        "columns", ListOf(Text(), least=1, unique=True), "the names of the columns", required=True
    ),
    SpecKey("gaps", Flag(), "a cell may be null where it could not be read", default=False),
    SpecKey("criteria", ListOf(_CRITERION, least=1), "the demands on the table", required=True),
)

_RUBRIC_LINE = Section(
    "rubric_line",
    "one line of what a person marks by",
    (
        SpecKey("points", POINTS, "what the line is worth"),
        SpecKey("text", Text(), "what it asks for", required=True),
    ),
)

KEYS_BY_HAND = (
    SpecKey(
        "rubric",
        ListOf(_RUBRIC_LINE, least=1),
        "what a person marks by",
        rule="where every line has points, they add up to those of the question",
    ),
)
