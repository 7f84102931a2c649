"""The facts of marking: an actual value beside the expected one, or why there is none."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from grader.model.assignment import Limits
from grader.model.fact import Fact, OpenFact
from grader.model.response import Failure, Met
from grader.model.value import Value
from grader.model.verdict import Reason

__all__ = [
    "KNOWN_EXCEPTIONS",
    "CaseInputs",
    "CasesRight",
    "Compared",
    "DerivativeOff",
    "Detail",
    "Failed",
    "ForAPerson",
    "Held",
    "LengthOff",
    "ListWanted",
    "OtherDtype",
    "PartUnknown",
    "PartsWanted",
    "Path",
    "PromiseBroken",
    "RowBefore",
    "RowLeftOut",
    "RowsExtra",
    "RowsMissing",
]

#: Where in a value: a dictionary's key, the number of an item, the index of an array's entry.
Path: TypeAlias = tuple[str | int | tuple[int, ...], ...]


# -- comparisons ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detail:
    """What a comparison found beside its numbers; a reason uses some of these."""

    shape: tuple[int, ...] | None = None
    wanted_shape: tuple[int, ...] | None = None
    numbers_right: bool = False  #: the shape is wrong, the numbers are not
    typed: bool = False  #: the answer with this shape was typed in a sheet
    returned: bool = False  #: a function returned it
    of_formula: bool = False  #: the shape is that of a formula's value
    length: int | None = None
    wanted_length: int | None = None
    listed: bool = False  #: a list or an array was asked, and a text was given
    numbers: int | None = None  #: how many an array has that is too long
    bits: int | None = None  #: of a whole number that is too long
    name: str = ""  #: of a key that is missing, or of a type
    array_of: str = ""  #: an array of this dtype was expected
    message: str = ""  #: what the reader of formulas says
    form: tuple[str, ...] = ()  #: what a formula's form lacks
    quotient: bool = False  #: a formula that divides a difference by a small step
    options: tuple[str, ...] = ()
    defined: bool | None = None  #: at `point`, where the right formula is the opposite
    point: str = ""  #: the sampled numbers where it is worst
    points_wrong: int = 0
    points: int = 0
    sign_turned: bool = False  #: compared with the opposite of the key
    scaled: bool = False  #: compared with the nearest multiple of the key
    in_full: bool = False  #: with fewer digits than it has the value looks like the right one

    def for_student(self) -> Detail:
        """Without the points at which the key was computed, and how the key was held beside."""
        return replace(
            self,
            defined=None,
            point="",
            points_wrong=0,
            points=0,
            sign_turned=False,
            scaled=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared(Fact):
    """An actual value beside the expected one, at the place where it is worst."""

    reason: Reason | None
    actual: Value = None
    expected: Value = None
    difference: float | None = None
    allowed: float | None = None
    path: Path = ()
    wrong: int = 0  #: how many numbers differ
    total: int = 1
    detail: Detail = field(default_factory=Detail)

    @property
    def distance(self) -> float | None:
        """The difference in tolerances: at most 1 is right."""
        if self.difference is None or not self.allowed:
            return None
        return self.difference / self.allowed

    def data(self) -> dict[str, Any]:
        return {**Fact.data(self), "distance": self.distance}

    def for_student(self) -> Fact | None:
        if self.hidden:
            return None
        return replace(
            self, expected=None, difference=None, allowed=None, detail=self.detail.for_student()
        )


# -- what ended otherwise ------------------------------------------------------------------------

#: Names of exceptions that cannot carry a hidden input, unlike one that a student's code made up.
KNOWN_EXCEPTIONS = frozenset({*vars(builtins), "AxisError", "LinAlgError"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Failed(Fact):
    """There is no value, and why."""

    failure: Failure
    entry: str = ""
    limits: Limits = field(default_factory=Limits)
    again: bool = False  #: the first call worked, the same call made once more did not
    differences_of: str = ""  #: it was called for finite differences of this function
    called_as: str = ""  #: `fit(path)`: how the question says that it is called

    def for_student(self) -> Failed:
        """Of a hidden case neither message nor line nor the name of a class of their own, and not
        what was returned; of no case where in the author's driver it was met."""
        failure = self.failure
        met = None if failure.met is None else replace(failure.met, driver="", line=0)
        if not self.hidden:
            return replace(self, failure=replace(failure, met=met))
        if met is not None:
            met = None if met.problem == "given" else Met(problem=_told_of_hidden(met))
        unnamed = "an exception" if failure.reason is Reason.EXCEPTION else ""
        exception = failure.exception if failure.exception in KNOWN_EXCEPTIONS else unnamed
        told = replace(failure, exception=exception, message="", file="", line=0, typed="", met=met)
        return replace(self, failure=told)


def _told_of_hidden(met: Met) -> str:
    """That nothing came back tells a student what to look for, and nothing of the inputs."""
    if met.problem == "call" or (met.problem == "none" and met.at < 0):
        return met.problem
    return "other"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held(Fact):
    """A fault of ours or of the author's: for staff to look at."""

    detail: str = ""
    reason: Reason | None = None  #: what the machine did to it, if it was that

    def for_student(self) -> Held:
        return replace(self, detail="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForAPerson(Fact):
    """An answer that a person marks, with the lines and points of the rubric."""

    answer: Value
    rubric: tuple[tuple[str, float | None], ...] = ()

    def for_student(self) -> ForAPerson:
        return replace(self, rubric=())


# -- forms of answers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartsWanted(OpenFact):
    """Something else was given where an answer for each part was expected."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartUnknown(OpenFact):
    label: str
    wanted: tuple[str, ...] = ()  #: the parts that are not answered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListWanted(OpenFact):
    """Something else was given where a list of iterates was expected."""

    actual: Value
    advice: str = ""  #: what to change, where that is known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowLeftOut(OpenFact):
    """A row that is not there, though the rows after it are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowsMissing(OpenFact):
    given: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowsExtra(OpenFact):
    extra: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LengthOff(OpenFact):
    """A list whose length is part of the question has another; which way is for staff."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowBefore(OpenFact):
    """The list begins with a row that was not asked for."""


# -- functions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CasesRight(OpenFact):
    """How many cases of a function are right; `others_hidden`: all that are not."""

    right: int
    total: int
    others_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseInputs(OpenFact):
    """What a case was called with, where its name does not say it."""

    inputs: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PromiseBroken(Fact):
    """What a function was asked to keep to beside its values; it says nothing of the inputs."""

    reason: Reason
    entry: str
    arguments: tuple[str, ...] = ()  #: by name, of those that it was given: which it changed
    values_right: bool = False  #: what it returned is right, so that this is all that is wrong

    def for_student(self) -> PromiseBroken:
        return self


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OtherDtype(Fact):
    wanted: str
    found: str = ""
    path: Path = ()

    def for_student(self) -> OtherDtype:
        return replace(self, found="", path=()) if self.hidden else self


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DerivativeOff(Fact):
    """A result beside finite differences of another function of the student's own."""

    reason: Reason
    entry: str
    of: str
    label: str = ""  #: of the case
    names: tuple[str, ...] = ()  #: with respect to which a derivative was expected
    shape: tuple[int, ...] | None = None  #: that was expected
    actual: Value = None
    expected: Value = None
    difference: float | None = None
    allowed: float | None = None
    path: Path = ()

    def for_student(self) -> DerivativeOff:
        seen = replace(self, expected=None, difference=None, allowed=None)
        if self.hidden:
            return replace(seen, label="", shape=None, actual=None, path=())
        return seen
