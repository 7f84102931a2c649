"""What one attempt is worth: marks of people, dropped questions, lateness, each as a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from grader.gradebook.grades.clock import moment
from grader.gradebook.grades.late import deducted, units_late
from grader.gradebook.grades.work import Attempt, AttemptQuestion
from grader.model.course_rules import CourseRules, Deduction, LateRule, Of
from grader.model.grade import WHEN_HANDED_IN, GradeStep
from grader.model.number_text import points_text, signed_text

__all__ = ["AttemptWorth", "possible", "worth_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptWorth:
    """What comes of it. While something waits, the steps tell what there is so far."""

    attempt: Attempt
    points: Fraction | None
    steps: Sequence[GradeStep]
    waiting: Sequence[str]
    notes: Sequence[str] = ()

    @property
    def time_unknown(self) -> bool:
        """Whether it is work of which nobody knows when it was handed in."""
        known = self.attempt.without_files or self.attempt.in_time_on_platform
        return self.attempt.handed_in is None and not known


def possible(questions: Sequence[AttemptQuestion], drop: frozenset[str]) -> Fraction:
    """What can be reached, without bonus and what is dropped."""
    kept = (one.max_points for one in questions if not one.bonus and one.question not in drop)
    return sum(kept, Fraction(0))


def worth_of(
    attempt: Attempt, rules: CourseRules, assignment: str, due: datetime | None
) -> AttemptWorth:
    """Apply the rules of one attempt, in their order. `due` is when it was due, in UTC."""
    drop = rules.of(assignment).drop
    waiting = [
        one.question for one in attempt.questions if one.points is None and one.question not in drop
    ]
    judged = _sum(one.score for one in attempt.questions)
    all_points = _sum(one.max_points for one in attempt.questions if not one.bonus)
    steps = [
        GradeStep(text=f"judged: {points_text(judged)} of {points_text(all_points)}", points=judged)
    ]
    marked = _sum(one.points for one in attempt.questions)
    by_people = "; ".join(_marked(one) for one in attempt.questions if one.mark is not None)
    if by_people:
        told = f"marks of people: {by_people}"
        steps.append(GradeStep(text=told, points=marked, for_staff=True))
    dropped = [one for one in attempt.questions if one.question in drop]
    points = marked - _sum(one.points for one in dropped)
    if dropped:
        names = ", ".join(one.question for one in dropped)
        steps.append(GradeStep(text=f"dropped for everybody: {names}", points=points))
    unknown = _is_late_by_an_unknown_time(attempt, rules, due)
    notes: list[str] = []
    lost, told = _late(attempt, rules, due, points, possible(attempt.questions, drop), notes)
    points -= lost
    if told:
        steps.append(GradeStep(text=told, points=points))
    return AttemptWorth(
        attempt=attempt,
        points=None if waiting or unknown else points,
        steps=steps,
        waiting=[*waiting, *([WHEN_HANDED_IN] if unknown else [])],
        notes=[
            *notes,
            *(note for one in attempt.questions for note in _notes(attempt, one)),
            *(
                f"{question} is not asked any more: the mark of {mark.by} counts for nothing"
                for question, mark in attempt.not_asked.items()
            ),
        ],
    )


def _sum(numbers: Iterable[Fraction | None]) -> Fraction:
    return sum((one for one in numbers if one is not None), Fraction(0))


def _marked(one: AttemptQuestion) -> str:
    mark = one.mark
    assert mark is not None
    told = []
    if mark.points is not None:
        last = f"{points_text(mark.points)}"
        before = "" if one.score is None else f" instead of {points_text(one.score)}"
        told.append(f"{one.question} {last}{before} ({mark.by})")
    told += [
        f"{one.question} {signed_text(change.points)} ({change.by}: {change.reason})"
        for change in mark.adjustments
    ]
    return "; ".join(told)


def _is_late_by_an_unknown_time(attempt: Attempt, rules: CourseRules, due: datetime | None) -> bool:
    """Whether the rules deduct for lateness, and all that is known of it is that it is late."""
    late = attempt.late_on_platform and attempt.handed_in is None
    return late and rules.late is not None and due is not None


def _late(
    attempt: Attempt,
    rules: CourseRules,
    due: datetime | None,
    score: Fraction,
    max_points: Fraction,
    notes: list[str],
) -> tuple[Fraction, str]:
    """The points that are taken away, and what is said."""
    nothing = Fraction(0)
    if due is None or (rules.late is None and not rules.late_by_platform):
        return nothing, ""
    if attempt.handed_in is None and (attempt.without_files or attempt.in_time_on_platform):
        return nothing, ""
    if attempt.handed_in is None:
        late = _is_late_by_an_unknown_time(attempt, rules, due)
        so = (
            "late, as the platform says, and by how much is" if late else "when it was handed in is"
        )
        rest = "" if late else ", so nothing is deducted"
        notes.append(f"attempt {attempt.number}: {so} not known{rest}")
        return nothing, ""
    handed_in = moment(attempt.handed_in, rules.zone, which=min)
    if rules.late is None:
        if handed_in <= due:
            return nothing, ""
        return nothing, "late: the platform deducts, nothing is deducted here"
    units = units_late(handed_in, due, rules.late, rules.zone)
    if not units:
        return nothing, "" if handed_in <= due else "within the grace: nothing is deducted"
    lost = deducted(units, rules.late, score=score, max_points=max_points)
    span = f"{units} {rules.late.per.value}{'s' * (units != 1)}"
    base = max_points if rules.late.of is Of.MAX else score
    taken = signed_text(-lost) if lost else "nothing is left to take"
    return lost, f"late: {span}, {_rule(units, rules.late, base)}: {taken}"


def _rule(units: int, rule: LateRule, base: Fraction) -> str:
    told = _amount(rule.deduct)
    if units > 1:
        told = f"{units} × {told}"
    if rule.most is not None:
        told += f", at most {_amount(rule.most)}"
    if rule.deduct.is_share or (rule.most is not None and rule.most.is_share):
        told += f" of {points_text(base)}"
    return told


def _amount(one: Deduction) -> str:
    if one.is_share:
        return f"{points_text(one.amount * 100)} %"
    return f"{points_text(one.amount)} point{'s' * (one.amount != 1)}"


def _notes(attempt: Attempt, one: AttemptQuestion) -> list[str]:
    """What staff should look at in a mark of a person."""
    mark = one.mark
    if mark is None:
        return []
    notes = []
    if mark.others:
        theirs = ", ".join(f"{points_text(other.points)} by {other.by}" for other in mark.others)
        ours = "–" if mark.points is None else points_text(mark.points)
        notes.append(f"{one.question}: markers differ; {ours} counts, there is also {theirs}")
    if mark.worth and mark.worth != one.max_points:
        notes.append(
            f"{one.question} was worth {points_text(mark.worth)} when it was marked, and is worth "
            f"{points_text(one.max_points)} now"
        )
    if mark.source and mark.source != attempt.source:
        notes.append(f"{one.question} was marked before the files of the attempt were corrected")
    return notes
