"""An assignment as its author wrote it, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from grader.model.audit import AuditNotes
from grader.model.kinds import KINDS, Kind
from grader.model.tolerance import Tolerance
from grader.model.typed import USUAL_NUMBERS, NumberRules
from grader.model.value import Value
from grader.model.variant import Variants

__all__ = [
    "DEFAULT_POINTS",
    "OF_DIFFERENCES",
    "AnswerQuestion",
    "Assignment",
    "CarryForward",
    "Case",
    "Domain",
    "Drawn",
    "Driver",
    "FiniteDifferences",
    "Form",
    "Formulas",
    "FunctionQuestion",
    "Limits",
    "ManualQuestion",
    "Mistake",
    "Part",
    "Question",
    "Recurrence",
    "RubricLine",
]

DEFAULT_POINTS = Fraction(1)  #: of a question, where neither it nor the assignment says
#: Central differences in float64 are right to about 1e-10 of the function's size: the step's square
#: and the rounding of the values over the step are both eps^(2/3). This leaves room for both.
OF_DIFFERENCES = Tolerance(rtol=Fraction(1, 10**4), atol=Fraction(1, 10**6))
Drawn: TypeAlias = "Domain | Mapping[str, Drawn]"  #: of a mapping each value is drawn
_READ_IN_A_SECOND = 50_000  # parts of values: read, judged and kept
_LEAST_TOGETHER = 240_000  # two values with as many parts as one may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on a student's code; see `docs/authors/assignment.md` for what each one covers."""

    wall_seconds: float = 5.0
    submission_seconds: float = 60.0
    cpu_seconds: float = 60.0
    memory_mib: int = 512
    output_kib: int = 1024
    file_mib: int = 16
    processes: int = 1  #: the student's own among them
    threads: int = 16
    reference_seconds: float = 20.0  #: one step of the reference, or a driver

    @property
    def values_together(self) -> int:
        """How many parts all values that a submission returns may have together: as many as are
        read in its time, and those of two large ones in any case."""
        return max(_LEAST_TOGETHER, int(_READ_IN_A_SECOND * self.submission_seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Where a random input or a formula's symbol is drawn from."""

    low: float
    high: float
    integers: bool = False
    signed: bool = False  #: drawn from the range, then given either sign
    shape: tuple[int, ...] = ()  #: of an array; empty for a single number
    also: tuple[float, ...] = ()  #: values that are always among the points of a formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulas:
    """What formulas may be made of: names of givens and steps, each with its other spellings."""

    domains: Mapping[str, Domain] = field(default_factory=dict)
    symbols: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    matrix_power: bool = False  #: `A^2` is A·A, not every entry squared


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryForward:
    """Whether and how an answer may follow from the student's own earlier answers."""

    allowed: bool = True
    credit: Fraction = Fraction(1)  #: of an answer that follows
    #: how many times the right size an earlier answer may have, least and most, to be started from
    plausible: tuple[Fraction, Fraction] = (Fraction(1, 100), Fraction(100))
    #: of a number that follows from an own formula for it that nothing accounts for
    fabricated_credit: Fraction = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all kinds share."""

    id: str
    kind: str
    points: Fraction = DEFAULT_POINTS
    prompt: str = ""
    entry: str
    all_or_nothing: bool = False
    bonus: bool = False  #: its points count in the score, and not in what can be reached
    charge: str = "each"  #: or `once`: a mistake costs the points of one part
    carry_forward: CarryForward = CarryForward()

    @property
    def nature(self) -> Kind:
        """The facts about its kind."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a formula must be made of and do without: a second axis beside its value."""

    uses: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    credit: Fraction = Fraction(1, 2)  #: of a formula that is right, but in another form


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One answer with one key. A question without labelled parts has a single part labelled ""."""

    label: str
    share: Fraction = Fraction(1)
    step: str | None  #: None when there is only a stated answer
    names_step: bool  #: the spec names the step; else a stated answer may do without one
    at: Mapping[str, Value]
    expected: Value
    tolerance: Tolerance
    options: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None  #: expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How an iterate comes out of the one before: a function step of the rows of the state."""

    step: str  #: takes a row of every entry of the state, returns the next row of each
    state: tuple[str, ...]  #: ids of iterates questions, or steps whose values are rows
    beside: tuple[str, ...] = ()  #: the same; the step is also given their rows of the same number


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Question):
    """number, array, iterates, expression, choice: something typed or computed once."""

    parts: tuple[Part, ...]
    shape: str = ""  #: exact or lenient about axes of length 1; empty: lenient from a sheet
    shape_credit: Fraction = Fraction(1, 2)  #: of a shape that is right but for such axes
    count_asked: bool = False  #: array: how many elements a set has is part of the question
    includes_start: bool = False  #: iterates: the first row is the start value itself
    length: str = "asked"  #: iterates: or hidden, where how many rows there are is the question
    recurrence: Recurrence | None = None  #: iterates
    symbols: tuple[str, ...] | None = None  #: expression: replaces the assignment's steps
    functions: tuple[str, ...] | None = None  #: expression: replaces the assignment's functions
    numbers: NumberRules = USUAL_NUMBERS

    @property
    def labelled(self) -> bool:
        return any(part.label for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call, or `count` random calls, of a student's function."""

    label: str = ""
    inputs: Mapping[str, Value]
    random: Mapping[str, Drawn]
    computed: Mapping[str, str] = field(default_factory=dict)  #: input → step of the reference
    values: tuple[Mapping[str, Value], ...] = ()  #: of these inputs, for each of the calls
    count: int = 1
    hidden: bool = False
    public: bool = False  #: a release holds what must come out
    at: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """The author's `drive(module, case)`; holds no key, so it may run beside a student's code."""

    file: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteDifferences:
    """A result is held against central differences of another function of the student's own."""

    of: str  #: the other entry point, which gives a single number
    parameters: tuple[str, ...]  #: its arguments: names of the question's own
    with_respect_to: tuple[str, ...]
    step: float | None  #: None: cbrt(eps)·max(1, |x|)
    tolerance: Tolerance = OF_DIFFERENCES
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionQuestion(Question):
    step: str
    parameters: tuple[str, ...]  #: order of the arguments; with a driver, unused
    driver: Driver | None
    cases: tuple[Case, ...]
    at: Mapping[str, Value]
    globals: Mapping[str, str]  #: name in the student's module → given
    tolerance: Tolerance
    tolerances: Mapping[str, Tolerance]  #: path into a nested result → tolerance
    shares: Mapping[str, Fraction] = field(default_factory=dict)  #: path → weight of that part
    shape: str = ""  #: exact or lenient about axes of length 1; empty: exact
    shape_credit: Fraction = Fraction(1, 2)  #: of a shape that is right but for such axes
    inputs_unchanged: bool = False
    earlier_outputs_unchanged: bool = False
    deterministic: bool = False
    promise_share: Fraction | None = None  #: that promises earn; None: a case needs its own
    dtype: str = ""  #: that every number of a result must have; empty: any
    integer_inputs: tuple[str, ...] = ()  #: paths of inputs whose arrays are of whole numbers
    differences: FiniteDifferences | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricLine:
    text: str
    points: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualQuestion(Question):
    """text and figure: marked by a person."""

    rubric: tuple[RubricLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mistake:
    """A named wrong way: other steps, givens or values in the place of some steps and givens."""

    id: str
    replace: Mapping[str, str]  #: step or given → the step or given that stands in for it
    values: Mapping[str, Value]  #: step or given → the value that stands in for it
    feedback: str  #: what a student reads
    for_staff: str = ""  #: what staff read beside it, such as the right formula
    credit: Fraction = Fraction(0)
    charge: str = "each"  #: or `once`: it costs the points of one answer

    @property
    def names(self) -> frozenset[str]:
        """Every step and given that is not what it should be."""
        return frozenset(self.replace) | frozenset(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    slug: str
    title: str
    folder: Path
    files: tuple[str, ...]  #: what may be handed in
    seed: int | str = 0  #: the key that random inputs come from: who knows it can compute them
    givens: Mapping[str, Value]
    formulas: Formulas
    limits: Limits
    questions: tuple[Question, ...]
    mistakes: tuple[Mistake, ...] = ()
    audit: AuditNotes = field(default_factory=AuditNotes)
    reference: Path | None = None
    provided: str = ""  #: source that runs in the student's module before their own lines
    data: Mapping[str, Path] = field(default_factory=dict)  #: what code may read: name → its file
    modules: tuple[str, ...] = ()  #: of the data, what students' code may import
    preload: tuple[str, ...] = ()  #: modules that are there before a student's code is
    python: str = ""  #: the interpreter of the students' code, if it is not our own
    variants: Variants | None = None  #: givens that are drawn for each student
    public_checks: tuple[str, ...] = ()  #: relations that `check` tries on a student's own work
    self_check: str = "full"  #: what `check` tells a student who has it: or public, or format

    def question(self, question_id: str) -> Question:
        """Look a question up by its id. Raises KeyError."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    @property
    def points(self) -> Fraction:
        """What it is worth, without what is bonus."""
        counted = (question.points for question in self.questions if not question.bonus)
        return sum(counted, Fraction(0))
