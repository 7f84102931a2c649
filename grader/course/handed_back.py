"""Final marks of a class with what each student reads of them, from the gradebook alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.course.look import graded_in, last_runs
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.grades import grades
from grader.gradebook.roster import known_here
from grader.gradebook.runs import outcome_of
from grader.model.assignment import Assignment
from grader.model.course_rules import CourseRules
from grader.model.grade import Grade, QuestionGrade
from grader.model.verdict import Verdict
from grader.report.exports.judged import remarks_on, sentences_on

__all__ = ["HandedBack", "handed_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedBack:
    """Everybody of a class, by key, and the assignment as it was when it was last marked."""

    assignment: Assignment
    grades: Sequence[Grade]


def handed_back(book: Gradebook, rules: CourseRules, assignment: str = "") -> HandedBack:
    """Those of one assignment, which need not be named where there is one alone.

    Raises GradebookFault where there is not that one, and SpecFault where the assignment cannot be
    read by this version any more.
    """
    found = last_runs(book, assignment)
    if len(found) != 1:
        names = ", ".join(one.assignment for one in found)
        msg = f"say which assignment: {book.path} has {names or 'none'}"
        raise GradebookFault(msg)
    (last,) = found
    made = graded_in(book, last).assignment
    where = _where(book, last.assignment)
    return HandedBack(
        assignment=made,
        grades=[
            _with_feedback(book, grade, made, where)
            for grade in grades(book, rules, [last.assignment])
        ],
    )


_Where = Mapping[tuple[str, int | None], tuple[int, int, str]]
"""Submission, the last run that marked it, and where it came from, by key and attempt."""


def _where(book: Gradebook, assignment: str) -> _Where:
    rows = book.rows(
        "SELECT key, attempt, submission.id AS submission, max(run.id) AS run, origin"
        " FROM submission"
        " JOIN student ON student.id = submission.student"
        " JOIN marked ON marked.submission = submission.id JOIN run ON run.id = marked.run"
        " WHERE submission.assignment = ? AND (complete OR kind = 'grade') GROUP BY submission.id",
        assignment,
    )
    return {
        (row["key"], row["attempt"]): (row["submission"], row["run"], row["origin"]) for row in rows
    }


def _with_feedback(book: Gradebook, grade: Grade, assignment: Assignment, where: _Where) -> Grade:
    place = where.get((grade.person.key, grade.attempt))
    if place is None:
        return grade
    submission, run, origin = place
    outcome = outcome_of(book, run, submission, grade.person.key)
    said = {one.question: sentences_on(one, assignment) for one in outcome.outcomes}
    questions = [_question(one, said.get(one.question, ())) for one in grade.questions]
    person = known_here(grade.person, origin)
    return replace(grade, person=person, questions=questions, remarks=remarks_on(outcome))


def _question(one: QuestionGrade, said: Sequence[str]) -> QuestionGrade:
    """The grader's sentences, then a marker's; a question that waited for them waits no longer."""
    waited = one.verdict == Verdict.PENDING and one.points is not None
    return replace(one, feedback=(*(() if waited else said), *one.feedback))
