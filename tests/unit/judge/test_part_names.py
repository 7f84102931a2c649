"""A question of which some parts are answered, or parts that nobody asked for, in every report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.verdict import Audience
from grader.report.junit import junit_xml
from grader.report.results_json import results_json
from grader.report.text import submission_page, submission_pages
from tests.homeworks import prepared
from tests.unit.judge.course import Course


@pytest.fixture(scope="module")
def course() -> Course:
    made = Course.__new__(Course)
    made.prepared = prepared("dl2022-exercise-3")
    return made


def graded(course: Course, answers: Mapping[str, Any]) -> Graded:
    judged = course.judged({"forward_pass": answers})
    submission = SubmissionOutcome(
        submission="ann", outcomes=judged.outcomes, diagnosis=judged.diagnosis
    )
    return Graded(assignment=course.prepared.assignment, submissions=(submission,))


def page_for_the_student(marked: Graded) -> str:
    return submission_page(marked.assignment, marked.submissions[0], Audience.STUDENT)


def test_a_wrong_answer_to_one_part_makes_the_question_wrong(course: Course) -> None:
    marked = course.mark({"forward_pass": {"yhat": "0.125"}})["forward_pass"]
    assert marked.verdict.value == "incorrect"
    assert marked.score == 0
    page = page_for_the_student(graded(course, {"yhat": "0.125"}))
    assert "✗ forward_pass" in page
    said = "yhat: 0.125 is not right; This is the plain chain without the skip connection"
    assert said in " ".join(page.split())


def test_a_question_of_which_nothing_is_answered_is_missing(course: Course) -> None:
    answers: list[Any] = [{}, {"yhat": None}]
    for one in answers:
        assert course.verdicts({"forward_pass": one})["forward_pass"] == "missing"
        assert "✗" not in page_for_the_student(graded(course, one))


REPORTS: list[Callable[[Graded], str]] = [
    page_for_the_student,
    submission_pages,
    junit_xml,
    results_json,
]
RIGHT = {"z0": "0.5", "h0": "0.5", "z1": "0.25", "h1": "0.25", "yhat": "0.375", "loss": "3.375"}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    "beside", [{}, {"yhat": "0.375"}, {"yhat": "7"}, RIGHT], ids=["", "right", "wrong", "all right"]
)
def test_the_name_of_a_part_that_nobody_asked_for_is_told(
    course: Course, report: Callable[[Graded], str], beside: dict[str, str]
) -> None:
    assert "there is no part “yhatt”" in report(graded(course, {**beside, "yhatt": "0.125"}))
