"""A bonus question: its points count, its worth does not, and leaving it out is no matter."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from grader.checks.prepare import prepare
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.verdict import Audience, Verdict
from grader.report.junit import junit_xml
from grader.report.results_json import results_document
from grader.report.text import class_table, submission_page
from grader.report.words import below, score_line
from grader.spec.load import SpecFault
from tests.unit.judge.course import Course

SPEC = """
givens: {x: 2}
questions:
  - {id: double, kind: number, points: 4}
  - {id: triple, kind: number, points: 2, bonus: true}
  - {id: why, kind: text, points: 3, bonus: true}
  - id: made
    kind: function
    step: double_of
    call: made(x)
    points: 1
    bonus: true
    cases: [{x: 1}, {x: 3}]
"""
REFERENCE = """
def double_of(x, /): return 2 * x
def double(x, double_of): return double_of(x)
def triple(x): return 3 * x
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("bonus"), SPEC, REFERENCE)


def graded(course: Course, answers: Mapping[str, Any]) -> Graded:
    outcomes = course.judged(answers).outcomes
    one = SubmissionOutcome(submission="ann", outcomes=outcomes)
    return Graded(assignment=course.prepared.assignment, submissions=(one,))


def page(of: Graded, audience: Audience) -> str:
    return submission_page(of.assignment, of.submissions[0], audience)


def test_its_points_count_and_what_it_is_worth_does_not(course: Course) -> None:
    one = graded(course, {"double": 4, "triple": 6}).submissions[0]
    assert (one.score, one.max_score, one.bonus) == (Fraction(6), Fraction(4), Fraction(2))
    assert course.prepared.assignment.points == Fraction(4)
    assert score_line(one) == "6 / 4, 2 of it bonus"
    assert not below(one, 100)


def test_it_makes_up_for_what_was_lost_elsewhere(course: Course) -> None:
    one = graded(course, {"triple": 6}).submissions[0]
    assert (one.score, one.max_score) == (Fraction(2), Fraction(4))
    assert not below(one, 50)
    assert below(one, 50.1)


def test_nothing_is_said_of_one_that_is_left_out(course: Course) -> None:
    of = graded(course, {"double": 4})
    assert score_line(of.submissions[0]) == "4 / 4"
    for text in (page(of, Audience.STUDENT), page(of, Audience.STAFF)):
        assert not any(name in text for name in ("triple", "why", "made", "not answered"))
    row = class_table(of).split("\n")[3]
    assert row.split() == ["ann", "4", "/", "4", "✓"]
    assert "not answered" not in class_table(of)
    for outcome in of.submissions[0].outcomes[1:]:
        assert (outcome.verdict, outcome.score) == (Verdict.MISSING, Fraction(0))
        assert outcome.feedback.staff == ()


def test_a_wrong_one_is_told_and_costs_nothing(course: Course) -> None:
    of = graded(course, {"double": 4, "triple": 5})
    assert score_line(of.submissions[0]) == "4 / 4"
    assert "✗ triple  [0 / 2 bonus]  incorrect" in page(of, Audience.STUDENT)
    assert "5 is not right" in page(of, Audience.STUDENT)


def test_one_for_a_person_is_no_part_of_what_is_left_out(course: Course) -> None:
    one = graded(course, {"double": 4, "why": "because"}).submissions[0]
    assert score_line(one) == "4 / 4, 3 bonus for a person"


def test_reports_say_which_they_are(course: Course) -> None:
    of = graded(course, {"double": 4, "triple": 6})
    document = results_document(of)
    assert [one["bonus"] for one in document["assignment"]["questions"]] == [False, *[True] * 3]
    questions = document["submissions"][0]["questions"]
    assert [one["bonus"] for one in questions] == [False, True, True, True]
    assert document["assignment"]["points"] == 4
    assert "2 bonus " in class_table(of)
    suite = ET.fromstring(junit_xml(of))[0]
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "0", "errors": "0", "skipped": "2"}


def test_not_every_question_is_one(tmp_path: Path) -> None:
    spec = "questions: [{id: double, kind: number, expected: 4, bonus: true}]\n"
    with pytest.raises(SpecFault) as caught:
        Course(tmp_path, spec, REFERENCE)
    assert [one.code for one in caught.value.diagnostics] == ["S104"]


def test_without_it_a_question_counts(tmp_path: Path) -> None:
    Course(tmp_path, SPEC.replace(", bonus: true}", ", bonus: false}"), REFERENCE)
    assert prepare(tmp_path / "assignments" / "course").assignment.points == Fraction(9)
