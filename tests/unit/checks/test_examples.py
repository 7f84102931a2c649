from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.checks.examples import Expectations, check_examples, read_expectations
from grader.checks.written_examples import expected_text
from grader.judge.submission import hold
from grader.model.assignment import Assignment
from grader.model.fact import Facts
from grader.model.fact_marking import Compared
from grader.model.outcome import PartOutcome, SubmissionOutcome
from grader.model.verdict import Reason, Verdict
from grader.spec.load import SpecFault, load_assignment
from tests.build import outcome_of, submission_of

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """Questions a (2 points) and b (1 point)."""
    folder = ROOT / "tests" / "specs" / "invalid" / "s402-gets-something-else"
    return load_assignment(folder).assignment


def read(tmp_path: Path, assignment: Assignment, text: str) -> Expectations:
    path = tmp_path / "expected.yaml"
    path.write_text(text, encoding="utf-8")
    return read_expectations(path, assignment)


def test_full_is_the_points_of_the_question(tmp_path: Path, assignment: Assignment) -> None:
    wants = read(tmp_path, assignment, "x: {default: [correct, full]}\n").wants["x"]
    assert {name: want.score for name, want in wants.items()} == {"a": 2, "b": 1}


def test_a_named_question_comes_before_the_default(tmp_path: Path, assignment: Assignment) -> None:
    text = "x: {default: [correct, full], b: [pending, null]}\n"
    wants = read(tmp_path, assignment, text).wants["x"]
    assert (wants["b"].verdict, wants["b"].score) == (Verdict.PENDING, None)


@pytest.mark.parametrize(
    "entry",
    [
        *("full", "null", "{}", "[correct]", "[correct, 1, 1]", "[right, 1]", "[null, 1]"),
        *("[[correct], 1]", "[{}, 1]", "[correct, lots]", "[correct, true]", "[correct, [1]]"),
        *("[correct, .nan]", "[correct, .inf]", "[correct, 1.5]", "[correct, -1]"),
        "[correct, 1e999999999]",
    ],
)
def test_an_entry_that_says_nothing_is_told(
    tmp_path: Path, assignment: Assignment, entry: str
) -> None:
    with pytest.raises(SpecFault, match=r"expected\.yaml:2:6: error\[S401\]"):
        read(tmp_path, assignment, f"x:\n  b: {entry}\n  a: [correct, full]\n")


@pytest.mark.parametrize("text", ["", "[]", "words", "x: 1", "x: []", "x: null"])
def test_a_file_of_another_form_is_told(tmp_path: Path, assignment: Assignment, text: str) -> None:
    with pytest.raises(SpecFault, match=r"S401"):
        read(tmp_path, assignment, text)


def test_a_score_may_be_a_fraction_rounded_to_four_places(
    tmp_path: Path, assignment: Assignment
) -> None:
    found = read(tmp_path, assignment, "x: {a: [partial, 0.6667], b: [incorrect, 0]}\n")
    outcomes = (
        outcome_of(Fraction(2, 3), 2, verdict=Verdict.PARTIAL, question="a"),
        outcome_of(Fraction(0), 1, verdict=Verdict.INCORRECT, question="b"),
    )
    graded = [submission_of(*outcomes, submission="x")]
    assert check_examples(assignment, found, graded).found == ()


@pytest.mark.parametrize(
    ("verdict", "score"),
    [
        (Verdict.PARTIAL, Fraction(2, 3) + Fraction(1, 1000)),
        (Verdict.IMPRECISE, Fraction(2, 3)),
        (Verdict.GRADER_ERROR, None),
        (Verdict.PARTIAL, None),
    ],
)
def test_another_verdict_or_score_is_told(
    tmp_path: Path, assignment: Assignment, verdict: Verdict, score: Fraction | None
) -> None:
    found = read(tmp_path, assignment, "x:\n  a: [partial, 0.6667]\n  b: [incorrect, 0]\n")
    outcomes = (
        outcome_of(score, 2, verdict=verdict, question="a"),
        outcome_of(Fraction(0), 1, verdict=Verdict.INCORRECT, question="b"),
    )
    graded = [submission_of(*outcomes, submission="x")]
    told = [item for item in check_examples(assignment, found, graded).found if item.code == "S402"]
    assert [item.place.line for item in told] == [2]


def test_an_unscored_outcome_does_not_count_as_failed(
    tmp_path: Path, assignment: Assignment
) -> None:
    found = read(tmp_path, assignment, "x: {a: [incorrect, 0], b: [pending, null]}\n")
    outcomes = (
        outcome_of(Fraction(0), 2, verdict=Verdict.INCORRECT, question="a"),
        outcome_of(None, 1, verdict=Verdict.PENDING, question="b"),
    )
    graded = [submission_of(*outcomes, submission="x")]
    told = check_examples(assignment, found, graded).found
    assert [(item.code, "'b'" in item.message) for item in told] == [("S403", True)]


def test_an_author_reads_why_an_example_could_not_be_marked(
    tmp_path: Path, assignment: Assignment
) -> None:
    found = read(tmp_path, assignment, "x: {default: [correct, full]}\n")
    why = "No module named 'scypi'"
    outcomes = tuple(hold(item, Reason.SANDBOX_FAULT, why) for item in assignment.questions)
    graded = [submission_of(*outcomes, submission="x")]
    told = [item for item in check_examples(assignment, found, graded).found if item.code == "S402"]
    assert [item.help for item in told] == [why, why]


@pytest.mark.parametrize(("entry", "score"), [("2/3", "2/3"), ("4 / 3", "4/3"), ("2/1", "2")])
def test_a_score_may_be_a_fraction(
    tmp_path: Path, assignment: Assignment, entry: str, score: str
) -> None:
    found = read(tmp_path, assignment, f"x: {{a: [partial, {entry}], b: [incorrect, 0]}}\n")
    assert found.wants["x"]["a"].score == Fraction(score)


@pytest.mark.parametrize("entry", ["1/0", "5/2", "-1/2", "1/2/3", "1/", "٢/٣"])
def test_what_is_no_fraction_of_the_points_is_told(
    tmp_path: Path, assignment: Assignment, entry: str
) -> None:
    with pytest.raises(SpecFault, match="S401"):
        read(tmp_path, assignment, f"x: {{a: [partial, {entry}], b: [incorrect, 0]}}\n")


def graded_with(**scores: Fraction) -> list[SubmissionOutcome]:
    """One example x that got these; a is worth 2, b is worth 1."""
    outcomes = tuple(
        outcome_of(
            score,
            {"a": 2, "b": 1}[name],
            verdict=Verdict.PARTIAL if score else Verdict.INCORRECT,
            question=name,
        )
        for name, score in scores.items()
    )
    return [submission_of(*outcomes, submission="x")]


def test_what_is_written_is_what_is_read(tmp_path: Path, assignment: Assignment) -> None:
    graded = graded_with(a=Fraction(4, 3), b=Fraction(0))
    text = expected_text(tmp_path / "expected.yaml", assignment, graded)
    assert text == "x:\n  a: [partial, 4/3]\n  b: [incorrect, 0]\n"
    told = check_examples(assignment, read(tmp_path, assignment, text), graded).found
    assert [item.code for item in told] == []


def test_lines_that_still_hold_stay_with_their_comments(
    tmp_path: Path, assignment: Assignment
) -> None:
    before = (
        "# mine\n"
        "gone: {default: [correct, full]}\n"
        "x:  # the usual slip\n"
        "  a: [partial, 0.3333]   # a third\n"
        "  b: [incorrect, 0]"
    )
    (tmp_path / "expected.yaml").write_text(before, encoding="utf-8")
    same = expected_text(
        tmp_path / "expected.yaml", assignment, graded_with(a=Fraction(1, 3), b=Fraction(0))
    )
    assert same == before.replace("gone: {default: [correct, full]}\n", "") + "\n"
    other = expected_text(
        tmp_path / "expected.yaml", assignment, graded_with(a=Fraction(1, 2), b=Fraction(0))
    )
    assert other == "# mine\nx:\n  a: [partial, 0.5]\n  b: [incorrect, 0]\n"


def test_what_could_not_be_marked_is_no_expectation(tmp_path: Path, assignment: Assignment) -> None:
    outcomes = tuple(hold(item, Reason.SANDBOX_FAULT, "no room") for item in assignment.questions)
    graded = [submission_of(*outcomes, submission="1")]
    text = expected_text(tmp_path / "expected.yaml", assignment, graded)
    assert text.startswith("'1':\n  # a: could not be marked: no room\n")
    with pytest.raises(SpecFault, match="S401"):
        read(tmp_path, assignment, text)


def test_an_author_reads_the_first_number_that_differs(
    tmp_path: Path, assignment: Assignment
) -> None:
    found = read(tmp_path, assignment, "x: {default: [correct, full]}\n")
    wrong = Compared(reason=Reason.WRONG_VALUE, actual=3, expected=2, path=(1,))
    part = PartOutcome(label="iterate 2", verdict=Verdict.INCORRECT, facts=Facts.of(wrong))
    outcomes = (
        replace(outcome_of(Fraction(0), 2, verdict=Verdict.PARTIAL, question="a"), parts=(part,)),
        outcome_of(Fraction(1), 1, verdict=Verdict.CORRECT, question="b"),
    )
    told = check_examples(assignment, found, [submission_of(*outcomes, submission="x")]).found
    assert [item.help for item in told if item.code == "S402"] == [
        "iterate 2 at [1]: expected 2, got 3"
    ]
