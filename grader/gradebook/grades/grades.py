"""Final marks: everybody's work, through the rules of the course, in their order.

A person's mark, dropped questions, lateness, attempts, weights, rounding. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from grader.gradebook.book import Gradebook
from grader.gradebook.grades.attempt import AttemptWorth, possible, worth_of
from grader.gradebook.grades.clock import due_for, in_zone, moment
from grader.gradebook.grades.rounding import rounded
from grader.gradebook.grades.work import Attempt, AttemptQuestion, ClassWork, class_work
from grader.gradebook.people_rows import people_of
from grader.gradebook.rules import rules_of
from grader.model.course_rules import Attempts, CourseRules
from grader.model.grade import Grade, GradeStep, QuestionGrade
from grader.model.number_text import points_text
from grader.model.person import Person
from grader.model.verdict import Verdict

__all__ = ["assignments_in", "grades"]


def assignments_in(book: Gradebook) -> Sequence[str]:
    """The slugs of which marks stand in the gradebook."""
    rows = book.rows(
        "SELECT DISTINCT assignment FROM run WHERE complete OR kind = 'grade' ORDER BY assignment"
    )
    return [row["assignment"] for row in rows]


def grades(book: Gradebook, rules: CourseRules, assignments: Sequence[str] = ()) -> Sequence[Grade]:
    """Everybody's grade, by assignment (all that were marked, if none is named), then by key."""
    people = list(people_of(book))
    found: list[Grade] = []
    for assignment in assignments or assignments_in(book):
        set_rules = rules_of(book, assignment)
        work = class_work(book, assignment, lowest_run=set_rules.lowest_run)
        counts = rules.attempts or set_rules.attempts
        found += [_grade(person, work, rules, counts) for person in people]
    return found


def _grade(person: Person, work: ClassWork, rules: CourseRules, counts: Attempts) -> Grade:
    slug = work.assignment
    drop = rules.of(slug).drop
    if person.excused & {slug, ""}:
        steps = [GradeStep(text="excused: counts for nothing", points=Fraction(0))]
        return _bare(person, work, drop, excused=True, steps=steps)
    tried = work.attempts.get(person.key, ())
    if not tried:
        steps = [GradeStep(text="nothing was handed in", points=Fraction(0))]
        nothing = _bare(person, work, drop, steps=steps)
        return replace(nothing, points=Fraction(0), unrounded=Fraction(0))
    extension = person.extensions.get(slug, person.extensions.get(""))
    due = due_for(rules.of(slug).due, extension, rules.zone)
    worths = [worth_of(one, rules, slug, due) for one in _allowed(tried, rules)]
    shown, points, step = _counting(worths, counts)
    steps = [*shown.steps, *([step] if step else [])]
    notes = [*shown.notes, *_too_many(tried, rules), *_left_behind(tried, shown)]
    notes += [*_no_extension(person, slug, rules), *_emptied(tried, shown.attempt)]
    counted = worths[-1:] if counts is Attempts.LAST else worths
    notes += _older([one.attempt for one in counted], tried[-1], work)
    lowest = _lowest(person, work, rules, counts, due)
    if points is not None and lowest is not None and lowest > points:
        points = lowest
        steps.append(GradeStep(text="nobody gets less than in an earlier run", points=lowest))
    waiting = _waiting(worths, shown, counts)
    most = possible(shown.attempt.questions, drop)
    final = points
    if points is not None and rules.rounding is not None:
        final = rounded(points, rules.rounding, at_most=most)
        mode = rules.rounding.mode.value.replace("_", " ")
        told = f"rounded to multiples of {points_text(rules.rounding.to)}, {mode}"
        steps.append(GradeStep(text=told, points=final))
    return Grade(
        person=person,
        assignment=slug,
        attempt=shown.attempt.number,
        handed_in=in_zone(shown.attempt.handed_in, rules.zone),
        due=in_zone(due, rules.zone),
        time_unknown=any(one.time_unknown for one in counted),
        questions=[_question(one, drop) for one in shown.attempt.questions],
        points=final,
        unrounded=points,
        max_points=most,
        steps=steps,
        waiting=waiting,
        notes=notes,
    )


def _no_extension(person: Person, slug: str, rules: CourseRules) -> list[str]:
    """What to tell of a time that is set for somebody and gives them none. One for every
    assignment is meant for those that are due before it."""
    until = person.extensions.get(slug) if slug else None
    due = rules.of(slug).due
    if not isinstance(until, datetime) or due is None:
        return []
    zone = rules.zone
    if moment(until, zone) >= moment(due, zone):
        return []
    return [f"the extension to {until:%Y-%m-%d %H:%M} is before the due time and changes nothing"]


def _bare(
    person: Person,
    work: ClassWork,
    drop: frozenset[str],
    *,
    steps: Sequence[GradeStep],
    excused: bool = False,
) -> Grade:
    """Of somebody of whose work nothing counts."""
    zero = None if excused else Fraction(0)
    return Grade(
        person=person,
        assignment=work.assignment,
        questions=[
            QuestionGrade(
                question=one.question,
                points=zero,
                max_points=one.max_points,
                bonus=one.bonus,
                dropped=one.question in drop,
                verdict="missing",
            )
            for one in work.questions
        ],
        max_points=possible(work.questions, drop),
        steps=steps,
        excused=excused,
    )


def _question(one: AttemptQuestion, drop: frozenset[str]) -> QuestionGrade:
    mark = one.mark
    return QuestionGrade(
        question=one.question,
        points=one.points,
        max_points=one.max_points,
        bonus=one.bonus,
        dropped=one.question in drop,
        by="" if mark is None else mark.by,
        verdict=one.verdict,
        feedback=[mark.comment] if mark is not None and mark.comment else [],
    )


def _allowed(tried: Sequence[Attempt], rules: CourseRules) -> Sequence[Attempt]:
    """The attempts that count at all. There is at least one."""
    allowed = [one for one in tried if one.number <= (rules.most_attempts or one.number)]
    return allowed or tried[:1]


def _counting(
    worths: Sequence[AttemptWorth], counts: Attempts
) -> tuple[AttemptWorth, Fraction | None, GradeStep | None]:
    """The attempt that is shown, what counts, and what is said of it where there are several."""
    last = worths[-1]
    if len(worths) == 1 or counts is Attempts.LAST:
        return last, last.points, None
    points = [one.points for one in worths if one.points is not None]
    final = points if len(points) == len(worths) else []
    if counts is Attempts.BEST:
        best = max(worths, key=_so_far)
        told = f"attempts: the best of {len(worths)} is attempt {best.attempt.number}"
        shown = best
        number = max(final) if final else None
    else:
        told = f"attempts: the average of {len(worths)}"
        shown = last
        number = sum(final, Fraction(0)) / len(final) if final else None
    return shown, number, None if number is None else GradeStep(text=told, points=number)


def _so_far(one: AttemptWorth) -> tuple[Fraction, int]:
    return one.steps[-1].points, one.attempt.number


def _waiting(
    worths: Sequence[AttemptWorth], shown: AttemptWorth, counts: Attempts
) -> Sequence[str]:
    """Questions that have to be marked before there is a grade; of other attempts with these."""
    counted = [shown] if counts is Attempts.LAST else worths
    return [
        question if one is shown else f"{question} (attempt {one.attempt.number})"
        for one in counted
        for question in one.waiting
    ]


def _too_many(tried: Sequence[Attempt], rules: CourseRules) -> Iterator[str]:
    most = rules.most_attempts
    late = [str(one.number) for one in tried if most is not None and one.number > most]
    if late:
        yield f"attempt {', '.join(late)} counts for nothing: there are at most {most}"


def _older(counted: Sequence[Attempt], last: Attempt, work: ClassWork) -> Iterator[str]:
    """Attempts that count and were not judged again when the assignment was edited."""
    older = [one for one in counted if one.edition != work.edition]
    if older:
        numbers = ", ".join(str(one.number) for one in older)
        every = "" if older == [last] else " --attempts best"
        yield (
            f"attempt {numbers} was judged before the assignment was edited: "
            f"`grader regrade {work.assignment}{every}` judges it again"
        )


def _left_behind(tried: Sequence[Attempt], shown: AttemptWorth) -> Iterator[str]:
    """Marks of people that a later attempt did not take along."""
    for one in tried:
        if one.number < shown.attempt.number:
            marked = [each.question for each in one.questions if each.mark is not None]
            if marked:
                yield (
                    f"marks of people for attempt {one.number} are not taken over to attempt "
                    f"{shown.attempt.number}: {', '.join(marked)}"
                )


def _emptied(tried: Sequence[Attempt], shown: Attempt) -> Iterator[str]:
    """That an attempt counts in which no answer is, after one with points: a folder that came
    without its files looks so."""
    before = next((one for one in reversed(tried) if one.number < shown.number), None)
    if before is None or _has_answers(shown) or not _has_answers(before):
        return
    yield (
        f"attempt {shown.number} has no answers, and attempt {before.number} had some: "
        "is it what was handed in?"
    )


def _has_answers(attempt: Attempt) -> bool:
    return any(one.verdict != Verdict.MISSING for one in attempt.questions)


def _lowest(
    person: Person,
    work: ClassWork,
    rules: CourseRules,
    counts: Attempts,
    due: datetime | None,
) -> Fraction | None:
    """The most that somebody had in the runs below which nobody falls."""
    found = []
    for run in _runs_with(person.key, work.earlier):
        worths = [worth_of(one, rules, work.assignment, due) for one in _allowed(run, rules)]
        _, points, _ = _counting(worths, counts)
        found.append(points)
    return max((one for one in found if one is not None), default=None)


def _runs_with(
    key: str, runs: Sequence[Mapping[str, Sequence[Attempt]]]
) -> Iterator[Sequence[Attempt]]:
    return (run[key] for run in runs if key in run)
