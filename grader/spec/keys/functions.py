"""Keys of a question of kind function: what is called, with which cases, and what it promises."""

from __future__ import annotations

from grader.spec.keys.answers import STEP_AND_INSTANCE
from grader.spec.keys.shapes import (
    Flag,
    ListOf,
    LongForm,
    MapOf,
    Number,
    OneOf,
    Section,
    SpecKey,
    Text,
)
from grader.spec.keys.values import (
    AXES,
    CREDIT,
    DRAWN,
    INSTANCE,
    NAME,
    ONE_OR_MORE_NAMES,
    PYTHON_FILE,
    SHARE,
    TOLERANCE,
)

__all__ = ["KEYS_OF_FUNCTIONS"]

_CASE = Section(
    "case",
    "the long form of a case; the short one gives the inputs by name",
    (
        SpecKey(
            "inputs",
            MapOf(shown="a mapping of arguments to values"),
            "the inputs by name",
            rule="`inputs`, `random` and `computed` together give each argument of the call once",
        ),
        SpecKey(
            "random",
            MapOf(DRAWN, least=1),
            "inputs that are drawn, by name: each from a domain, or from a mapping of domains",
            rule="what is neither `[low, high]` nor has `range` or `integers` is such a mapping",
        ),
        SpecKey(
            "computed",
            MapOf(NAME, names=NAME, least=1, shown="a mapping of arguments to steps"),
            "inputs that the reference computes: a step, or a function step of other inputs",
            rule="the arguments of a function step are inputs of the case, steps or givens",
        ),
        SpecKey(
            "count",
            Number(whole=True, least=1, most=1000),
            "how often they are drawn, and the function is called",
            default=1,
            rule="it goes with `random`; at most a million numbers are drawn for a case",
        ),
        SpecKey(
            "hidden",
            Flag(),
            "a student sees neither the inputs nor what came out",
            default=False,
        ),
        SpecKey(
            "public",
            Flag(),
            "a release holds what must come out, so that students check it without the key",
            default=False,
            rule="the case is not hidden",
        ),
        SpecKey(
            "at",
            INSTANCE,
            "givens with other values than the question's",
            rule="each name is one of the assignment's givens",
        ),
        SpecKey("label", Text(shortest=1), "what the case is called in reports"),
    ),
    see="assignment.md#function",
)

_DIFFERENCES = Section(
    "finite_differences",
    "another function of the student's that the results must agree with",
    (
        SpecKey(
            "of",
            Text(),
            "another function of the student's: its name, or `name(first, second)`",
            required=True,
            rule="it is another than the question's, and its arguments are among those of `call`",
        ),
        SpecKey(
            "with_respect_to",
            ONE_OR_MORE_NAMES,
            "the arguments that are moved",
            required=True,
            rule="they are arguments of `of`, each a number or an array of at most 4096 numbers",
        ),
        SpecKey(
            "step",
            Number(above=0),
            "how far an argument is moved",
            otherwise="`cbrt(eps) · max(1, |x|)`",
        ),
        SpecKey(
            "tolerance",
            TOLERANCE,
            "how near the results must come",
            default={"rtol": 1e-4, "atol": 1e-6},
            rule="neither `published` nor `strict` is given",
        ),
        SpecKey("share", SHARE, "weight beside the cases of the question", default=1),
    ),
    rule="they need `call`",
    see="assignment.md#function",
)

KEYS_OF_FUNCTIONS = (
    *STEP_AND_INSTANCE,
    SpecKey(
        "call",
        Text(),
        "the entry point and its arguments in order: `name(first, second)`",
        rule="either `call` or `driver` is given; the name is the `entry`, if that is given",
    ),
    SpecKey(
        "driver",
        PYTHON_FILE,
        "a file beside the spec that calls the student's code",
        rule="it defines `drive(module, case)`",
    ),
    SpecKey(
        "cases",
        ListOf(LongForm(("inputs", "random", "computed"), _CASE), least=1),
        "the inputs with which the function is called",
        required=True,
    ),
    SpecKey(
        "globals",
        MapOf(NAME, names=NAME, shown="a mapping of names to givens"),
        "set in the student's module before each call",
        rule="each value is one of the assignment's givens",
    ),
    SpecKey(
        "tolerance",
        TOLERANCE,
        "when two numbers count as equal",
        otherwise="`defaults.tolerance`",
        rule="neither `published` nor `strict` is given",
    ),
    SpecKey(
        "tolerances",
        MapOf(TOLERANCE),
        "tolerances of parts of a nested result, by path, such as `[1].m`",
        rule="a result has such a part; neither `published` nor `strict` is given",
    ),
    SpecKey(
        "shares",
        MapOf(SHARE, least=2),
        "weights of the parts of a nested result, by path: each earns its share of a case",
        rule="a result has these parts, none lies in another, and together they are all of it",
    ),
    SpecKey(
        "shape",
        AXES,
        "whether axes of length 1 too many or too few are let pass in part",
        otherwise="`exact`",
    ),
    SpecKey("shape_credit", CREDIT, "of right numbers whose shape is let pass so", default=0.5),
    SpecKey(
        "requires",
        ListOf(
            OneOf(("inputs_unchanged", "earlier_outputs_unchanged", "deterministic")), unique=True
        ),
        "what the function promises beside its values",
    ),
    SpecKey(
        "promise_share",
        Number(above=0, most=1),
        "share of the question's points that the promises earn by themselves",
        otherwise="a case needs its promises",
        rule="it goes with `requires`",
    ),
    SpecKey(
        "dtype",
        OneOf(
            ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8"),
        ),
        "what every number of a result must be; a plain float is a `float64`",
        otherwise="any",
    ),
    SpecKey(
        "integer_inputs",
        ListOf(
            Text(pattern=r"^[^\W\d]\w*(\.[^.]+)*$", shown="a name, or a path `name.key`"),
            least=1,
            unique=True,
        ),
        "inputs whose arrays are of dtype `int64`, such as labels and indices",
        rule="each is an input of a case, and has whole numbers only",
    ),
    SpecKey(
        "finite_differences",
        _DIFFERENCES,
        "another function of the student's that the results must agree with",
    ),
)
