"""Verdict, score and feedback for each question of each submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.model.fact import Facts
from grader.model.verdict import Audience, Reason, Verdict

if TYPE_CHECKING:
    from grader.model.person_mark import PersonMark

__all__ = [
    "EXCUSED",
    "NOTHING_HANDED_IN",
    "RIGHT_ELSEWHERE",
    "Diagnosed",
    "Feedback",
    "Note",
    "Outcome",
    "PartOutcome",
    "SubmissionOutcome",
]

NOTHING_HANDED_IN = "nothing was handed in"  #: the note of a submission without files
#: the same of somebody who need not hand in
EXCUSED = f"{NOTHING_HANDED_IN}; excused"
#: how the note begins where wrong answers are right for other students' variants
RIGHT_ELSEWHERE = "wrong here, and right for the variant of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What each audience reads: all of their sentences, in order."""

    student: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    def read_by(self, audience: Audience) -> tuple[str, ...]:
        return self.student if audience is Audience.STUDENT else self.staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One sentence about the files of a submission; what a student reads, staff read too."""

    audience: Audience
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOutcome:
    """One labelled part, row, case or criterion of a question.

    `feedback` is made from the facts when all are known.
    """

    label: str
    verdict: Verdict
    reason: Reason | None = None
    share: Fraction = Fraction(1)  #: its weight among the parts of the question
    credit: Fraction | None = Fraction(0)  #: 0 to 1, or None where there is no score
    hidden: bool = False  #: a student sees neither its inputs nor what came out
    read_as: str = ""  #: how the answer was understood, where that is not what was typed
    lenient: tuple[str, ...] = ()  #: kinds of readings beyond the plain grammar that it took
    #: how far its numbers are from the right ones, or from the nearest that follow from the
    #: student's own start, in tolerances; None where that is not measured
    distance: float | None = None
    facts: Facts = field(default_factory=Facts)
    feedback: Feedback = Feedback()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question. A score of None means "not scored", and is never counted as zero."""

    question: str
    verdict: Verdict
    reason: Reason | None = None
    score: Fraction | None
    max_score: Fraction
    bonus: bool = False  #: what it is worth does not count to what can be reached
    read_as: str = ""  #: as of a part
    lenient: tuple[str, ...] = ()
    distance: float | None = None
    facts: Facts = field(default_factory=Facts)
    feedback: Feedback = Feedback()
    parts: tuple[PartOutcome, ...] = ()

    @property
    def left_out(self) -> bool:
        """Whether it is bonus and was not answered, of which nothing is said."""
        return self.bonus and self.verdict is Verdict.MISSING

    @property
    def unreadable(self) -> bool:
        """Whether there is an answer that we cannot read: a person has to."""
        return self.score is None and self.reason is Reason.UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """One mistake of the joint diagnosis, and the answers that it has a part in."""

    mistake: str
    feedback: str
    explains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionOutcome:
    """All questions of one submission."""

    submission: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[Note, ...] = ()  #: about the files as such
    diagnosis: tuple[Diagnosed, ...] = ()  #: the fewest mistakes that account for the answers
    printed: str = ""  #: what the student's code printed, cleaned and cut
    attempt: int | None = None  #: from 1; None where nothing counts them
    #: the mark that counts, where a rule makes it another than the score
    counts: Fraction | None = None
    #: what people made of it, by question; the outcomes stay as they were judged
    marks: Mapping[str, PersonMark] = field(default_factory=dict)

    @property
    def as_marked(self) -> SubmissionOutcome:
        """The same with the points that people gave in place of what was judged."""
        if not self.marks:
            return self
        outcomes = (
            replace(one, score=self.marks[one.question].over(one.score, one.max_score))
            if one.question in self.marks
            else one
            for one in self.outcomes
        )
        return replace(self, outcomes=tuple(outcomes))

    @property
    def score(self) -> Fraction:
        """The sum over the questions that have a score."""
        return sum((o.score for o in self.outcomes if o.score is not None), Fraction(0))

    @property
    def final(self) -> Fraction | None:
        """The mark that counts; None while a question is held or waits for a person."""
        marked = self.as_marked
        if marked.not_scored:
            return None
        return marked.score if self.counts is None else self.counts

    @property
    def max_score(self) -> Fraction:
        """What the questions that have a score are worth, without what is bonus."""
        counted = (o.max_score for o in self.outcomes if o.score is not None and not o.bonus)
        return sum(counted, Fraction(0))

    @property
    def bonus(self) -> Fraction:
        """What of the score was earned beyond `max_score`."""
        return sum((o.score for o in self.outcomes if o.bonus and o.score), Fraction(0))

    @property
    def counted(self) -> Fraction:
        """What per cents are of: what was judged, and what is held, with no points until it is not.

        So nobody gains by being held. What waits for a person by design is left out.
        """
        faults = (o for o in self.not_scored if o.verdict is Verdict.GRADER_ERROR and not o.bonus)
        return self.max_score + self.unreadable + sum((o.max_score for o in faults), Fraction(0))

    @property
    def unreadable(self) -> Fraction:
        """What the answers are worth that we cannot read, without what is bonus."""
        unread = (o.max_score for o in self.outcomes if o.unreadable and not o.bonus)
        return sum(unread, Fraction(0))

    @property
    def not_scored(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.score is None)
