"""The facts of explaining: what an answer follows from, and which mistakes it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from grader.model.fact import Fact, OpenFact
from grader.model.value import Value

__all__ = [
    "AnswerPlace",
    "ChargedBefore",
    "Diverges",
    "Exchanged",
    "Explained",
    "Follows",
    "GivenUp",
    "Hint",
    "HintKind",
    "NotAllTried",
    "Origin",
    "OtherWay",
    "Shifted",
    "Start",
    "StartTrivial",
    "StartUnused",
    "Tried",
    "Unusable",
    "WayKind",
]

AnswerPlace: TypeAlias = tuple[str, str]  # question id and label; a row's label is that of its part


class Origin(StrEnum):
    """What kind of start an answer was recomputed from."""

    ROW_BEFORE = "row_before"  #: the row before, in the student's own list
    ROWS_BEFORE = "rows_before"  #: their own rows of several lists
    OWN_FORMULA = "own_formula"  #: their own formula for the same step
    WRONG = "wrong"  #: earlier answers that are not right themselves
    AS_GIVEN = "as_given"  #: right earlier answers, with the digits they were given with


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The student's own answers that a later one was recomputed from."""

    origin: Origin
    places: tuple[AnswerPlace, ...]  #: those that are not right first
    formulas: tuple[AnswerPlace, ...] = ()  #: beside rows: formulas that stand for functions
    rounded: bool = False  #: it is right but for rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Follows(OpenFact):
    """The answer is what the reference gives from the student's own start."""

    start: Start
    actual: Value = None
    precise: bool  #: it has digits enough
    earned: Fraction  #: the credit that it gets
    few_before: bool = False  #: it is the start that has too few digits
    made_up: bool = False  #: no slip leads to the start


class WayKind(StrEnum):
    """Another way to an answer than the right one."""

    ZERO = "zero"
    COPY = "copy"  #: of the start, or of what else the answer is made of
    MISTAKE = "mistake"  #: made between the start and the answer
    ALIKE = "alike"  #: one number in every place of the questions
    NOTHING = "nothing"  #: the right way gives nothing from there that can be computed


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWay:
    way: WayKind
    name: str = ""  #: of what is copied, or of the mistake


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StartTrivial(Fact):
    """The answer would follow, but from this start the right way is not told from another one."""

    start: Start
    same_as: OtherWay | None = None

    def for_student(self) -> Fact | None:
        return replace(self, same_as=None)


class Unusable(StrEnum):
    """Why an earlier answer cannot be started from."""

    OTHER_FORM = "other_form"  #: it has not the form of the right answer
    UNDEFINED = "undefined"  #: it is not defined everywhere
    SIZE = "size"  #: its size is not plausible
    UNRELATED = "unrelated"  #: a formula that changes with too little of what the right one does
    TOO_MANY_LINES = "too_many_lines"  #: to compute what stands there rightly takes too long


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StartUnused(Fact):
    """An earlier answer, or a row of one, that was not started from."""

    place: AnswerPlace
    step: str
    row: int | None = None  #: from 0
    why: Unusable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GivenUp(Fact):
    """A hypothesis that was not tried to the end: the reference executes too many lines.

    With no lines, a step of it ran for longer than `reference_seconds`.
    """

    step: str
    mistakes: tuple[str, ...] = ()
    start: Start | None = None
    lines: int  #: that are allowed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NotAllTried(Fact):
    """The search for mistakes ended after a fixed number of sets of them: there were more."""

    sets: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained(OpenFact):
    """Sets of mistakes, by their ids, each of which gives the answer; the first one is named."""

    mistakes: tuple[tuple[str, ...], ...]
    of_function: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChargedBefore(OpenFact):
    """What mistakes give counts in full here: they cost the points of other answers."""

    mistakes: tuple[str, ...]
    places: tuple[AnswerPlace, ...]  #: where they were charged


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried(Fact):
    """Which starts and mistakes were tried, and which of them counts; no start: the key."""

    start: Start | None = None
    mistakes: tuple[str, ...] = ()
    used_start: Start | None = None
    used_mistakes: tuple[str, ...] | None = None  #: None: none of them


class HintKind(StrEnum):
    """A generic slip that needs no mistake in the spec."""

    SIGN = "sign"
    DOUBLED = "doubled"
    HALVED = "halved"
    SIGN_AND_FACTOR = "sign_and_factor"
    POWER_OF_TEN = "power_of_ten"
    CONSTANT = "constant"
    CONJUGATE = "conjugate"
    I_LOST = "i_lost"
    PARTS_SWAPPED = "parts_swapped"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hint(OpenFact):
    slip: HintKind
    place: AnswerPlace | None = None  #: of the answer that it is a copy of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diverges(OpenFact):
    """The first row that is wrong, where the rows before it are right."""

    row: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shifted(OpenFact):
    """Every row is that of a neighbouring step: +1 one step ahead, −1 one behind."""

    steps: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exchanged(OpenFact):
    """A function's values are right in another order: of two arguments, or of its results."""

    arguments: tuple[str, ...] = ()  #: none: of the results
