"""What is right for somebody else's variant is told, where it is no chance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.checks.prepare import Prepared
from grader.course.collect import collect
from grader.judge.other_variants import RightElsewhere
from grader.sandbox.contract import NothingRuns
from grader.submissions.submission import Submission
from tests.handing_in import course_of

SPEC = """\
schema: 1
slug: homework
title: Homework
reference: homework
submission: {files: [answers.yaml]}
givens: {a: 1}
variants: {givens: {a: {integer: [1, 999]}}}
formulas: {domains: {x: [1, 2]}, symbols: {x: [], a: []}}
defaults: {tolerance: {rtol: 1e-3}}
questions:
  - {id: root, kind: number}
  - {id: small, kind: number}
  - {id: pair, kind: array, parts: {up: {step: up}, down: {step: down}}}
  - {id: rows, kind: iterates}
  - {id: which, kind: choice, options: {odd: Odd, even: Even}}
  - {id: line, kind: expression}
  - {id: slope, kind: expression}
"""
REFERENCE = """\
import numpy as np
def root(a): return np.sqrt(a)
def small(a): return a % 7
def up(a): return np.array([a + 0.125, a + 0.375])
def down(a): return np.array([a - 0.125, a - 0.375])
def rows(a): return np.array([[1.5 * a], [2.25 * a], [3.375 * a]])
def which(a): return "odd" if a % 2 else "even"
def line(a, x): return a * x + a / 8
def slope(x): return 2 * x
"""


@pytest.fixture(name="prepared", scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("course"), SPEC, REFERENCE)


def found(
    prepared: Prepared, sheet: str, others: Sequence[int], own: int = 3
) -> RightElsewhere | None:
    submission = Submission(id="ada", sheets={"answers.yaml": sheet.encode()})
    responses = collect(prepared, submission, NothingRuns()).responses
    theirs = [((f"student {a}", f"another {a}"), {"a": a}) for a in others]
    return prepared.elsewhere(responses, {"a": own}, theirs)


@pytest.mark.parametrize(
    ("sheet", "questions"),
    [
        ("root: 4.1231", ("root",)),  # of 17
        ("pair: {up: [17.125, 17.375], down: [1, 2]}", ("pair",)),
        ("rows: [[25.5], [38.25], [57.375]]", ("rows",)),
        ("rows: [[25.5], [38.25]]", ("rows",)),
        ("rows: [[1], [38.25], [57.375]]", ("rows",)),
        ("root: 4.1\nrows: [[25.5], [38.25]]\nsmall: 3", ("rows",)),
        ("root: 4.1231\nsmall: 4\nwhich: even", ("root",)),
        ("line: 17x + 2.125", ("line",)),
        ("line: 17 (x + 1/8)\nroot: 4.1231", ("root", "line")),
    ],
)
def test_what_is_right_for_others_is_told(
    sheet: str, questions: tuple[str, ...], prepared: Prepared
) -> None:
    told = found(prepared, sheet, [5, 17, 30])
    assert told == RightElsewhere(students=("student 17", "another 17"), questions=questions)


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ("root: 1.7321", "it is right"),
        ("root: 1.73205\nrows: [[4.5], [6.75], [10.125]]", "all of it is right"),
        ("small: 5", "one digit is soon alike"),
        ("root: 4", "so it is here"),
        ("which: even", "a choice is soon alike"),
        ("root: 8.8888", "it is nobody's"),
        ("", "nothing is answered"),
        ("root: seven", "it is no number"),
        ("pair: {up: [1, 2], down: 3}", "it is nobody's"),
        ("rows: [[0], [0], [0]]", "zeros are soon alike"),
        ("line: 3x + 0.375", "it is right"),
        ("line: a*x + a/8", "it is right, for whomever"),
        ("line: 17*x + 2.5", "it is nobody's"),
        ("line: 5x + 5/8", "a digit is soon alike, and others are of the form"),
        ("line: x +", "it is no formula"),
        ("slope: 17*x", "it hangs on no variant"),
    ],
)
def test_what_may_be_chance_is_not(sheet: str, why: str, prepared: Prepared) -> None:
    assert found(prepared, sheet, [5, 16, 30]) is None, why


def test_of_many_variants_more_digits_are_wanted(prepared: Prepared) -> None:
    """With 400 others, three digits are one of them by chance."""
    assert found(prepared, "root: 4.12", [17]) is not None
    assert found(prepared, "root: 4.12", range(4, 404)) is None
    assert found(prepared, "root: 4.12311", range(4, 404)) is not None


def test_without_others_nothing_is_told(prepared: Prepared) -> None:
    assert found(prepared, "root: 4.1231", []) is None
