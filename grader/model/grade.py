"""What somebody's work counts for, after marks of people and the rules of the course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from grader.model.person import Person

__all__ = ["WHEN_HANDED_IN", "CourseTotal", "Grade", "GradeStep", "QuestionGrade"]

WHEN_HANDED_IN = "when it was handed in"
"""What a grade waits for where all that is known of it is that it is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGrade:
    """One question: the mark of a person if there is one, else what was judged."""

    question: str
    title: str = ""
    points: Fraction | None  #: None while it waits for a person or is held
    max_points: Fraction
    bonus: bool = False
    dropped: bool = False  #: by the rules of the course: counts for nobody
    by: str = ""  #: who marked it; "" for the grader
    verdict: str = ""
    feedback: Sequence[str] = ()  #: sentences for the student, the marker's comment last


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeStep:
    """One rule that was applied, in order: "late: 2 days, 20 % of 10" and the points after it."""

    text: str
    points: Fraction
    for_staff: bool = False  #: it names markers and their reasons, which students do not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One person, one assignment. Only a final grade has points; else `waiting` says for what."""

    person: Person
    assignment: str
    attempt: int | None = None  #: None: nothing was handed in
    handed_in: datetime | None = None  #: in the zone of the course, if it has one
    due: datetime | None = None  #: for this person, with their extension; in that zone too
    time_unknown: bool = False  #: something was handed in, and nobody knows when
    questions: Sequence[QuestionGrade] = ()
    points: Fraction | None = None  #: after all rules; None while anything is held or pending
    unrounded: Fraction | None = None  #: the same before the last rule, rounding
    max_points: Fraction  #: without bonus and what is dropped
    steps: Sequence[GradeStep] = ()  #: how the points came about
    waiting: Sequence[str] = ()  #: questions that are held or pending, and WHEN_HANDED_IN
    excused: bool = False  #: counts for nothing, neither points nor maximum
    notes: Sequence[str] = ()  #: what staff should look at, a sentence each
    remarks: Sequence[str] = ()  #: sentences for the student about the work as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTotal:
    """One person, all assignments: the weighted mean of the shares, in per cent."""

    person: Person
    per_cent: Fraction | None  #: None while a grade that counts waits, or nothing counts
    unrounded: Fraction | None
    weights: Mapping[str, Fraction]  #: of the assignments that count for this person
    waiting: Sequence[str] = ()  #: assignments
