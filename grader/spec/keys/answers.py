"""Keys of what is typed or computed once: number, array, iterates, expression, choice."""

from __future__ import annotations

from grader.spec.keys.shapes import (
    Anything,
    Flag,
    IfShape,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Scalar,
    Section,
    SpecKey,
    Text,
)
from grader.spec.keys.values import (
    AXES,
    CREDIT,
    INSTANCE,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    SHARE,
    TOLERANCE,
)

__all__ = ["CARRY_FORWARD", "KEYS_OF_ANSWERS", "STEP_AND_INSTANCE"]

FORM = Section(
    "form",
    "what a formula must be made of, a second axis beside its value",
    (
        SpecKey("uses", ONE_OR_MORE_NAMES, "symbols and functions that the formula must use"),
        SpecKey("avoids", ONE_OR_MORE_NAMES, "symbols and functions that it must do without"),
        SpecKey("credit", CREDIT, "of a right value in another form", default=0.5),
    ),
    rule="at least one of `uses` and `avoids` is given, and no name stands in both; "
    "the names are symbols, functions, or what formulas know; the stated formula has the form",
    see="assignment.md#expression",
)

CARRY_FORWARD = IfShape(
    Flag(),
    Section(
        "carry_forward",
        "how an answer may follow from earlier ones",
        (
            SpecKey("credit", CREDIT, "of an answer that follows", default=1),
            SpecKey(
                "plausible",
                ListOf(Number(least=0), least=2, most=2, shown="`[least, most]`, from 0 on"),
                "how many times the right size an earlier answer may have: [least, most]",
                default=[0.01, 100],
            ),
            SpecKey(
                "fabricated_credit",
                CREDIT,
                "of what follows from a start that no slip leads to, or from an own formula for it "
                "if nothing accounts for that",
                default=0.5,
            ),
        ),
        least=1,
        see="carry-forward.md",
    ),
)

RECURRENCE = Section(
    "recurrence",
    "how a row comes out of the row before",
    (
        SpecKey(
            "step",
            NAME,
            "a step with arguments: takes a row of each entry of `state`, gives the next ones",
            required=True,
            rule="from each row of the right answer it gives the next",
        ),
        SpecKey(
            "state",
            ONE_OR_MORE_NAMES,
            "questions or steps whose rows the step takes and gives, in its order",
            required=True,
            rule="the question itself is among them",
        ),
        SpecKey(
            "beside",
            ONE_OR_MORE_NAMES,
            "questions or steps whose rows of the same number the step takes besides",
            rule="the question itself is not among them",
        ),
    ),
    see="carry-forward.md#iterates-and-their-recurrence",
)

_STEP = SpecKey("step", NAME, "the reference step that answers it", otherwise="the `id`")
_STEP_OF_A_CHOICE = SpecKey(
    "step",
    NAME,
    "the reference step that gives the name of the right option",
    otherwise="the `id`, unless `expected` is given",
)
_AT = SpecKey(
    "at",
    INSTANCE,
    "givens with other values than the assignment's",
    rule="each name is one of the assignment's givens",
)
_EXPECTED = SpecKey(
    "expected",
    Anything(),
    "the stated answer",
    rule="it is given where there is no reference; where there are both, they agree; "
    "it has the form that the kind asks for",
)
_TOLERANCE = SpecKey(
    "tolerance",
    TOLERANCE,
    "when two numbers count as equal",
    otherwise="`defaults.tolerance`",
)
_SHAPE = (
    SpecKey(
        "shape",
        AXES,
        "whether axes of length 1 too many or too few are let pass in part",
        otherwise="`lenient` from a sheet, `exact` from code",
    ),
    SpecKey("shape_credit", CREDIT, "of right numbers whose shape is let pass so", default=0.5),
)
_OPTIONS = SpecKey(
    "options",
    MapOf(Scalar(), least=2, shown="a mapping of at least 2 names to words"),
    "the names of the options, each with its words",
    rule="the choice has them, or each of its parts; no two names or words are alike",
)
_FORM = SpecKey("form", FORM, "what a formula must be made of")
_CARRY_FORWARD = SpecKey(
    "carry_forward",
    CARRY_FORWARD,
    "whether and how an answer may follow from earlier ones",
    otherwise="`defaults.carry_forward`",
)

PART = Section(
    "part",
    "one labelled sub-answer",
    (
        SpecKey("share", SHARE, "weight among the parts of the question", default=1),
        SpecKey("step", NAME, "the reference step that answers it", otherwise="the label"),
        SpecKey(
            "at",
            INSTANCE,
            "givens with other values than the question's",
            rule="each name is one of the assignment's givens",
        ),
        _EXPECTED,
        SpecKey(
            "tolerance",
            TOLERANCE,
            "when two numbers count as equal",
            otherwise="the question's",
            rule="it is not for `choice`",
        ),
        SpecKey(
            "options",
            _OPTIONS.shape,
            "the names of the options, each with its words; beside those of the question",
            rule="it is for `choice` only",
        ),
        SpecKey(
            "form",
            FORM,
            "what a formula must be made of",
            otherwise="the question's",
            rule="it is for `expression` only",
        ),
    ),
    or_null=True,
    see="assignment.md#parts",
)
_PARTS = SpecKey(
    "parts",
    MapOf(PART, names=Text(shortest=1, longest=60), least=1, most=200),
    "labelled sub-answers, each earning its share",
    rule="`step` and `expected` then stand in the parts",
)

_UNIT = SpecKey(
    "unit",
    Text(shortest=1, longest=40),
    "the unit that may stand behind a number, `m/s^2`; without it a unit is refused",
)

STEP_AND_INSTANCE = (_STEP, _AT)
_ANSWERED = (*STEP_AND_INSTANCE, _EXPECTED)

KEYS_OF_ANSWERS = {
    "number": (*_ANSWERED, _TOLERANCE, _UNIT, *_SHAPE, _PARTS, _CARRY_FORWARD),
    "array": (
        *_ANSWERED,
        _TOLERANCE,
        _UNIT,
        *_SHAPE,
        SpecKey(
            "count_asked",
            Flag(),
            "how many elements an `unordered` set has is part of the question, and not told",
            default=False,
        ),
        _PARTS,
        _CARRY_FORWARD,
    ),
    "iterates": (
        *_ANSWERED,
        _TOLERANCE,
        *_SHAPE,
        SpecKey("includes_start", Flag(), "the first row is the start value itself", default=False),
        SpecKey(
            "length",
            OneOf(("asked", "hidden")),
            "whether a student is told that rows are missing or too many; hidden where how many "
            "there are is part of the question",
            default="asked",
        ),
        _CARRY_FORWARD,
        SpecKey("recurrence", RECURRENCE, "how a row comes out of the row before"),
    ),
    "expression": (
        *_ANSWERED,
        _TOLERANCE,
        _PARTS,
        SpecKey(
            "symbols",
            NAMES,
            "replaces the steps of `formulas.symbols`; names with a domain stay",
            otherwise="`formulas.symbols`",
        ),
        SpecKey(
            "functions",
            NAMES,
            "replaces `formulas.functions`; `[]` allows none",
            otherwise="`formulas.functions`",
        ),
        _CARRY_FORWARD,
        _FORM,
    ),
    "choice": (_STEP_OF_A_CHOICE, _AT, _EXPECTED, _OPTIONS, _PARTS, _CARRY_FORWARD),
}
"""The kinds of question that are answered in a sheet or by a variable, each with its own keys."""
