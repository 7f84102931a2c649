"""A set of roots earns by root, in any order; how many there are is told unless it was asked."""

from __future__ import annotations

from typing import Any

import pytest

from grader.model.outcome import Outcome
from grader.model.verdict import Audience
from grader.report.words import feedback_lines
from tests.unit.judge.course import Course

REFERENCE = """
import numpy as np

def roots(): return np.array([-2.0, 0.5, 3.0])
def points(): return np.array([[1.0, 2.0], [3.0, 4.0]])
"""
SPEC = """
defaults: {tolerance: {decimals: 2, unordered: true}}
questions:
  - {id: roots, kind: array, points: 6}
  - {id: asked, kind: array, points: 6, step: roots, count_asked: true}
  - {id: points, kind: array, points: 6}
  - {id: whole, kind: array, points: 6, step: roots, all_or_nothing: true}
  - {id: ordered, kind: array, points: 6, step: roots, tolerance: {decimals: 2}}
  - {id: parts, kind: array, points: 6, parts: {roots: {}, points: {}}}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("roots"), SPEC, REFERENCE)


def mark(course: Course, question: str, answer: Any) -> tuple[str, float, str]:
    outcome = course.mark({question: answer}, typed=True)[question]
    return outcome.verdict.value, float(outcome.score or 0), read(outcome)


def read(outcome: Outcome) -> str:
    return "; ".join(feedback_lines(outcome, Audience.STUDENT))


@pytest.mark.parametrize(
    ("answer", "score", "words"),
    [
        (["0.50", "3.00", "-2.00"], 6, ""),
        (["3.00", "0.50", "7.00"], 4, "2 of your 3 are right"),
        (["3.00", "0.50"], 4, "2 of your 2 are right; 1 is missing"),
        (["3.00"], 2, "1 of your 1 is right; 2 are missing"),
        # Nothing counts twice, and guessing many costs what it gains.
        (["3.00", "3.00", "3.00"], 2, "1 of your 3 is right"),
        (["3.00", "0.50", "-2.00", "7.00"], 4.5, "3 of your 4 are right; 1 is too many"),
        (["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"], 1, "1 of your 6 is right"),
        # Right as far as its digits go: half of a root.
        (["3.00", "0.50", "-2"], 6, ""),
        (["7.00", "8.00", "9.00"], 0, "0 of your 3 are right"),
        (["7.00"], 0, "0 of your 1 are right; 2 are missing"),
        ([], 0, ""),
    ],
)
def test_each_root_earns_its_share(course: Course, answer: Any, score: float, words: str) -> None:
    _, earned, told = mark(course, "roots", answer)
    assert earned == score
    assert words in told


@pytest.mark.parametrize(
    "answer", [["3.00", "0.50"], ["7.00"], ["1", "2", "3", "4"], "3.00", [["1", "2"]], [], "x"]
)
def test_how_many_there_are_is_not_told_where_it_was_asked(course: Course, answer: Any) -> None:
    _, earned, told = mark(course, "asked", answer)
    assert earned == mark(course, "roots", answer)[1]
    assert not any(word in told for word in ("3 ", "three", "missing", "too many"))


def test_that_there_are_more_is_told_where_the_count_was_asked(course: Course) -> None:
    """The mark says so anyhow."""
    assert "2 of your 2 are right; there are more" in mark(course, "asked", ["3.00", "0.50"])[2]


def test_rows_are_elements_too(course: Course) -> None:
    assert mark(course, "points", [["3", "4"], ["1", "2"]])[:2] == ("correct", 6)
    assert mark(course, "points", [["3", "4"]])[:2] == ("partial", 3)
    assert mark(course, "points", [["3", "4"], ["1", "9"]])[:2] == ("partial", 3)
    assert mark(course, "points", ["3", "4"])[1] == 0


def test_parts_earn_by_root_too(course: Course) -> None:
    answer = {"roots": ["3.00", "0.50"], "points": [["3", "4"], ["1", "2"]]}
    assert mark(course, "parts", answer)[:2] == ("partial", 5)


def test_all_or_nothing_takes_every_root(course: Course) -> None:
    assert mark(course, "whole", ["3.00", "0.50"])[:2] == ("incorrect", 0)


def test_an_array_in_order_is_right_as_a_whole_or_not_at_all(course: Course) -> None:
    assert mark(course, "ordered", ["-2.00", "0.50", "7.00"])[:2] == ("incorrect", 0)


def test_staff_read_the_right_root(course: Course) -> None:
    outcome = course.mark({"asked": ["3.00", "0.50", "7.00"]}, typed=True)["asked"]
    assert "-2" in "; ".join(outcome.feedback.staff)
    assert "-2" not in read(outcome)
