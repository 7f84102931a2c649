"""Keys of the spec as a whole: what stands around its questions."""

from __future__ import annotations

from grader.spec.keys.answers import CARRY_FORWARD
from grader.spec.keys.audit_notes import AUDIT
from grader.spec.keys.policy import POLICY, PUBLIC_CHECKS
from grader.spec.keys.questions import QUESTION
from grader.spec.keys.shapes import (
    Anything,
    Flag,
    IfShape,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Section,
    SpecKey,
    Text,
)
from grader.spec.keys.submission import SUBMISSION
from grader.spec.keys.values import (
    CHARGE,
    CREDIT,
    DOMAIN,
    NAME,
    POINTS,
    PYTHON_FILE,
    SLUG,
    SPELLINGS,
    TOLERANCE,
)
from grader.spec.keys.variants import VARIANTS

__all__ = ["ASSIGNMENT"]

_DEFAULTS = Section(
    "defaults",
    "what holds for every question that does not say otherwise",
    (
        SpecKey(
            "tolerance",
            TOLERANCE,
            "when two numbers count as equal",
            default={"rtol": 1e-6, "atol": 1e-9},
        ),
        SpecKey("points", POINTS, "what a question is worth", default=1),
        SpecKey(
            "carry_forward",
            CARRY_FORWARD,
            "whether and how an answer may follow from earlier ones",
            default=True,
        ),
    ),
)


def _seconds(name: str, meaning: str, *, most: int, default: int) -> SpecKey:
    return SpecKey(name, Number(above=0, most=most), meaning, default=default)


def _count(name: str, meaning: str, *, least: int, most: int, default: int) -> SpecKey:
    return SpecKey(name, Number(whole=True, least=least, most=most), meaning, default=default)


_LIMITS = Section(
    "limits",
    "bounds on a student's code, and on the course's own",
    (
        _seconds("wall_seconds", "for loading the files, and for each call", most=600, default=5),
        _seconds("submission_seconds", "for all calls of one submission", most=3600, default=60),
        _seconds("cpu_seconds", "processor time of one process", most=3600, default=60),
        _count(
            "memory_mib",
            "beyond what Python, numpy and the modules of `preload` take themselves",
            least=64,
            most=65536,
            default=512,
        ),
        _count(
            "output_kib",
            "printed text and returned values, each",
            least=1,
            most=65536,
            default=1024,
        ),
        _count("file_mib", "largest file it may write", least=0, most=4096, default=16),
        _count("processes", "the student's own among them", least=1, most=256, default=1),
        _count("threads", "of one submission", least=1, most=256, default=16),
        _seconds(
            "reference_seconds",
            "for each step of the reference, loading it, and each call of a driver",
            most=3600,
            default=20,
        ),
    ),
    see="assignment.md#limits",
)

_NUMBERS = Section(
    "numbers",
    "what is read as a number beyond plain numbers and small calculations (`37/42`, `sqrt(2)`)",
    (
        SpecKey("expressions", Flag(), "functions, powers and e are calculated too", default=False),
        SpecKey("decimal_comma", Flag(), "`0,25` is 0.25", default=False),
        SpecKey("percent", Flag(), "`12 %` is 0.12", default=False),
    ),
)

_FORMULAS = Section(
    "formulas",
    "what formulas may be made of",
    (
        SpecKey(
            "domains",
            MapOf(DOMAIN, names=NAME),
            "where each symbol is sampled",
            rule="a step that the reference computes has no domain",
        ),
        SpecKey(
            "symbols",
            SPELLINGS,
            "steps that may be named, with their other spellings",
            rule="each is a step without arguments, a given, or a name with a domain",
        ),
        SpecKey(
            "functions",
            SPELLINGS,
            "function steps that may be called, with their other spellings",
            rule="each is a step with arguments",
        ),
        SpecKey(
            "matrix_power",
            Flag(),
            "`A^2` of a matrix is A·A and `A^-1` its inverse; else powers go entry by entry",
            default=False,
        ),
    ),
    rule="a spelling stands for one thing only",
    see="assignment.md#expression",
)

_FEEDBACK = Section(
    "feedback",
    "what is said of a mistake",
    (
        SpecKey("student", Text(shortest=1), "what a student reads", required=True),
        SpecKey("staff", Text(shortest=1), "what staff read beside it, the right answer for one"),
    ),
    see="mistakes.md",
)

_MISTAKE = Section(
    "mistake",
    "a named wrong way, tried on answers that are not right",
    (
        SpecKey("id", SLUG, "its name in reports", required=True, rule="no other mistake has it"),
        SpecKey(
            "replaces",
            IfShape(NAME, MapOf(names=NAME, least=1, shown="a mapping of names to what stands in")),
            "a step or given; or a mapping of steps and givens to what stands in for each",
            required=True,
            rule="what stands in takes the same arguments",
        ),
        SpecKey(
            "with",
            Anything(),
            "the step or given that stands in, or a value",
            rule="it is given if `replaces` is a single name, and only then",
        ),
        SpecKey(
            "feedback",
            IfShape(Text(shortest=1), _FEEDBACK),
            "what a student reads, or what each of the two reads",
            required=True,
        ),
        SpecKey("credit", CREDIT, "of an answer that this mistake explains", default=0),
        SpecKey(
            "charge",
            CHARGE,
            "whether it costs the points of each answer that it gives, or of one",
            default="each",
        ),
    ),
    rule="it changes some answer",
    see="mistakes.md",
)

ASSIGNMENT = Section(
    "assignment",
    "the whole file",
    (
        SpecKey("schema", OneOf((1,)), "version of this format", required=True),
        SpecKey("slug", SLUG, "the folder's name", required=True, rule="the folder has that name"),
        SpecKey("title", Text(shortest=1), "what it is called in reports", required=True),
        SpecKey(
            "reference",
            NAME,
            "`reference/<name>.py` computes the answers; without it each is stated",
            rule="there is such a file",
        ),
        SpecKey("submission", SUBMISSION, "what may be handed in", required=True),
        SpecKey(
            "provided",
            PYTHON_FILE,
            "code that runs before the student's own lines",
            rule="it is a file beside the spec, and runs without an error",
        ),
        SpecKey(
            "data",
            ListOf(
                Text(
                    pattern=r"^\w[\w .-]*(/\w[\w .-]*)*/?$",
                    longest=200,
                    shown="a path",
                ),
                least=1,
                most=100,
                unique=True,
            ),
            "files and folders beside this file that students' code may read",
            rule="they are there; at most 256 MiB and 10000 files in all; none holds a key",
        ),
        SpecKey(
            "python",
            Text(shortest=1, longest=1000, pattern=r"^[^\x00-\x1f]+$", shown="a path or a command"),
            "the interpreter of the students' code: a path from this folder, or a command",
            otherwise="the one that runs `grader`",
            rule="it is there and can be run",
        ),
        SpecKey(
            "preload",
            ListOf(
                Text(
                    longest=200,
                    pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*)*$",
                    shown="the name of a module",
                ),
                most=32,
                unique=True,
            ),
            "modules that are imported once, before any student's code",
        ),
        SpecKey(
            "seed",
            IfShape(Text(shortest=1, longest=200), Number(whole=True, least=0)),
            "a random text: hidden cases, samples of formulas and the seeds of calls come from it",
            default=0,
            rule="nobody can guess it, where there are hidden random cases (a warning)",
        ),
        SpecKey(
            "givens",
            MapOf(names=NAME, shown="a mapping of names to values"),
            "values that the questions state",
        ),
        SpecKey("variants", VARIANTS, "givens that are drawn for each student"),
        SpecKey("defaults", _DEFAULTS, "what holds for every question that says nothing else"),
        SpecKey("limits", _LIMITS, "bounds on a student's code"),
        SpecKey("numbers", _NUMBERS, "how typed numbers are read"),
        SpecKey("formulas", _FORMULAS, "what formulas may be made of"),
        SpecKey("questions", ListOf(QUESTION, least=1), "what is asked", required=True),
        SpecKey(
            "mistakes",
            ListOf(_MISTAKE),
            "named wrong ways, tried on answers that are not right",
            rule="they need a reference",
        ),
        PUBLIC_CHECKS,
        SpecKey("policy", POLICY, "what students may see"),
        SpecKey("audit", AUDIT, "findings of `grader verify --audit` that are not holes, and why"),
    ),
    see="assignment.md",
)
