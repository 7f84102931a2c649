"""Mistakes that explain a number: the smallest set, one joint diagnosis, ambiguity said as such."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.explain.joint import diagnose
from grader.model.assignment import Mistake
from grader.model.verdict import Reason, Verdict
from tests.some import some
from tests.unit.judge.course import Course

REFERENCE = """
import numpy as np

def slope(x, /): return 2 * x
def first(a, slope): return slope(a) + 1
def second(b, rate): return b - rate
def third(a, b, slope): return slope(a) * b
def grow(x, /, rate): return x * (1 + rate)
def formula(x, k): return k * np.exp(-k * x)
def kind_of_end(a): return "up" if a > 0 else "down"

def slope_flipped(x, /, slope): return -slope(x)
def slope_halved(x, /): return x
def second_added(b, rate): return b + rate
def third_summed(a, b, slope): return slope(a) + b
def formula_without_factor(x, k): return np.exp(-k * x)
def end_down(): return "down"
"""
SPEC = """
givens: {a: 1.3, b: 0.8, rate: 0.05, x: 1.0, k: 0.7}
formulas: {domains: {x: [-2, 2], k: [0.5, 1.5]}}
questions:
  - {id: first, kind: number}
  - {id: second, kind: number}
  - {id: third, kind: number}
  - {id: formula, kind: expression}
  - {id: kind_of_end, kind: choice, options: {up: It rises, down: It falls}}
  - id: grow
    kind: function
    call: grow(x)
    cases: [{x: 1}, {x: 2.5}, {random: {x: [1, 9]}, count: 3, hidden: true}]
mistakes:
  - {id: flipped, replaces: slope, with: slope_flipped, feedback: The slope has its sign turned.}
  - {id: halved, replaces: slope, with: slope_halved, feedback: Twice that., credit: 0.25}
  - id: added
    replaces: second
    with: second_added
    feedback: {student: Subtract., staff: The slope is 2a.}
    credit: 0.5
  - {id: summed, replaces: third, with: third_summed, feedback: Multiply.}
  - {id: percent, replaces: rate, with: 5, feedback: Five per cent are 0.05.}
  - {id: as-well, replaces: third, with: 3.4, feedback: Somebody's number.}
  - {id: no-inner, replaces: formula, with: formula_without_factor, feedback: The inner derivative.}
  - {id: falls, replaces: kind_of_end, with: end_down, feedback: Look at the sign of a.}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("mistakes"), SPEC, REFERENCE)


def student_words(course: Course, answers: dict[str, Any], question: str) -> str:
    return " ".join(course.mark(answers)[question].feedback.student)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        pytest.param({"first": "-1.6"}, "The slope has its sign turned.", id="a step"),
        pytest.param({"second": "-4.2"}, "Five per cent are 0.05.", id="a given"),
        pytest.param({"third": "3.4"}, "more than one mistake leads to this answer", id="two ways"),
        pytest.param({"formula": "exp(-k x)"}, "The inner derivative.", id="a formula"),
        pytest.param({"kind_of_end": "It falls"}, "Look at the sign of a.", id="a choice"),
    ],
)
def test_an_answer_is_explained(course: Course, answers: dict[str, Any], words: str) -> None:
    (question,) = answers
    assert words in student_words(course, answers, question)
    assert course.mark(answers)[question].reason is Reason.KNOWN_MISTAKE


@pytest.mark.parametrize(
    ("answers", "verdict", "score"),
    [
        pytest.param({"second": "0.85"}, Verdict.PARTIAL, 0.5, id="credit of the spec"),
        pytest.param({"first": "-1.6"}, Verdict.INCORRECT, 0, id="no credit"),
        pytest.param({"second": "5.8"}, Verdict.INCORRECT, 0, id="two, of which one has none"),
        pytest.param({"second": "0.75"}, Verdict.CORRECT, 1, id="right"),
    ],
)
def test_credit_is_given_only_where_the_spec_gives_it(
    course: Course, answers: dict[str, Any], verdict: Verdict, score: float
) -> None:
    (question,) = answers
    outcome = course.mark(answers)[question]
    assert outcome.verdict is verdict
    assert outcome.score == score


def test_one_diagnosis_for_all_answers_settles_what_one_alone_leaves_open(course: Course) -> None:
    """3.4 is what two mistakes give; beside −1.6, a flipped slope, neither is the simpler one…"""
    both = course.judged({"third": "3.4", "first": "2.3"})
    assert both.diagnosis == ()  # … so nothing is asserted
    summed = course.judged({"third": "-1.8", "first": "-1.6"})  # summed and flipped at once
    assert [one.mistake for one in summed.diagnosis] == ["flipped", "summed"]
    assert summed.diagnosis[0].explains == ("first", "third")


def test_right_answers_speak_against_a_mistake(course: Course) -> None:
    """−2.08 is the flipped slope, and nothing else: a right `first` does not hide that."""
    judged = course.judged({"third": "-2.08", "first": "3.6"})
    assert [one.mistake for one in judged.diagnosis] == ["flipped"]
    assert judged.outcomes[0].verdict is Verdict.CORRECT


def test_a_function_is_explained_when_every_case_agrees(course: Course) -> None:
    cases = course.prepared.key.cases["grow"]
    answers = {case.id: case.inputs["x"] * 6.0 for case in cases}
    outcome = course.mark(answers)["grow"]
    assert "Five per cent are 0.05." in outcome.feedback.student
    answers[cases[-1].id] += 1.0
    assert "Five per cent are 0.05." not in course.mark(answers)["grow"].feedback.student


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("-0.75", "sign"),
        ("1.5", "factor of two"),
        ("0.375", "factor of two"),
        ("7.5", "power of ten"),
        ("0.00075", "power of ten"),
        ("0.8123", None),
    ],
)
def test_generic_slips_are_hints_without_credit(
    course: Course, answer: str, words: str | None
) -> None:
    outcome = course.mark({"second": answer})["second"]
    said = " ".join(outcome.feedback.student)
    assert ("this looks like" in said) is (words is not None)
    assert words is None or words in said
    assert outcome.score == 0
    assert "0.75" not in said.replace(answer, "")


def test_a_formula_that_is_off_by_a_constant_is_said_to_be(course: Course) -> None:
    assert "times a constant" in student_words(course, {"formula": "3 k exp(-k x)"}, "formula")


def test_an_answer_copied_from_an_earlier_one_is_said_to_be(tmp_path: Path) -> None:
    reference = "def z(w): return 3 * w\ndef h(z): return z + 1\n"
    spec = "givens: {w: 0.5}\nquestions: [{id: z, kind: number}, {id: h, kind: number}]\n"
    course = Course(tmp_path, spec, reference)
    said = student_words(course, {"z": "1.5", "h": "1.50"}, "h")
    assert "the same as your answer to z" in said


def test_staff_read_what_was_tried_and_what_was_used(course: Course) -> None:
    lines = course.mark({"first": "-1.6"})["first"].feedback.staff
    assert "tried: the key; the mistakes flipped, halved. Used: flipped, from the key" in lines


@pytest.mark.parametrize("answer", ["-1.6", "2.3", "3.4", "17"])
def test_no_student_reads_the_right_number(course: Course, answer: str) -> None:
    for question, right in (("first", "3.6"), ("second", "0.75"), ("third", "2.08")):
        assert right not in student_words(course, {question: answer}, question)


# -- the joint diagnosis by itself ----------------------------------------------------------------

NAMES = "abcdef"
MISTAKES = [Mistake(id=name, replace={}, values={}, feedback=name) for name in NAMES]
BY_NAME = {mistake.id: mistake for mistake in MISTAKES}


def sets(*texts: str) -> list[tuple[Mistake, ...]]:
    return [tuple(BY_NAME[name] for name in text) for text in texts]


@pytest.mark.parametrize(
    ("puzzles", "mistakes", "rivals"),
    [
        pytest.param([], "", [], id="nothing to explain"),
        pytest.param([sets("a")], "a", [], id="one"),
        pytest.param([sets("a", "b"), sets("b", "c")], "b", [], id="what both have"),
        pytest.param([sets("a"), sets("b")], "ab", [], id="two slips"),
        pytest.param([sets("ab"), sets("a", "c")], "ab", [], id="a pair that covers a single"),
        pytest.param([sets("a", "b")], "a", ["b"], id="cannot be told"),
        pytest.param([sets("e", "f"), []], "e", ["f"], id="an answer that nothing explains"),
    ],
)
def test_the_smallest_diagnosis_is_taken(
    puzzles: list[list[tuple[Mistake, ...]]], mistakes: str, rivals: list[str]
) -> None:
    joint = diagnose(puzzles, lambda _: 0)
    assert joint.mistakes == frozenset(mistakes)
    assert joint.rivals == tuple(map(frozenset, rivals))


def test_what_right_answers_contradict_is_not_taken() -> None:
    joint = diagnose([sets("a", "b")], lambda ids: int("a" in ids))
    assert joint.mistakes == {"b"}
    assert joint.rivals == ()


some_sets = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map("".join)


@settings(max_examples=some(200))
@given(st.lists(st.lists(some_sets, max_size=3), max_size=5))
def test_no_smaller_set_would_do(puzzles: list[list[str]]) -> None:
    options = [sets(*puzzle) for puzzle in puzzles]
    joint = diagnose(options, lambda _: 0)

    def covers(chosen: frozenset[str]) -> bool:
        return all(any(set(one) <= chosen for one in puzzle) for puzzle in puzzles if puzzle)

    assert covers(joint.mistakes)
    for size in range(len(joint.mistakes)):
        assert not any(covers(frozenset(chosen)) for chosen in combinations(NAMES, size))


def test_zero_is_no_slip_of_the_power_of_ten(course: Course) -> None:
    assert "consistent" not in student_words(course, {"second": "0"}, "second")


def test_what_is_right_on_the_way_was_not_made_with_a_mistake(tmp_path: Path) -> None:
    """w_new is off by the sign of the step; a halved slope would do as well, but it is right."""
    reference = (
        "def slope(a): return 2 * a\ndef w_new(w, slope): return w - slope\n"
        "def slope_turned(a): return -2 * a\ndef w_up(w, slope): return w + slope\n"
    )
    spec = (
        "givens: {a: 1.3, w: 0.4}\n"
        "questions: [{id: slope, kind: number}, {id: w_new, kind: number}]\nmistakes:\n"
        "  - {id: turned, replaces: slope, with: slope_turned, feedback: The slope is turned.}\n"
        "  - {id: uphill, replaces: w_new, with: w_up, feedback: Go downhill.}\n"
    )
    course = Course(tmp_path, spec, reference)
    assert "more than one mistake" in student_words(course, {"w_new": "3"}, "w_new")
    judged = course.judged({"slope": "2.6", "w_new": "3"})
    assert [one.mistake for one in judged.diagnosis] == ["uphill"]


@pytest.mark.parametrize("formula", ["2 (a - y) s'(17) x", "2 (a - y) x s'(w x)^2"])
def test_a_function_that_a_formula_calls_is_meant_rightly(tmp_path: Path, formula: str) -> None:
    reference = (
        "import numpy as np\ndef ds(z, /): return 1 - np.tanh(z)**2\n"
        "def dw(a, y, w, x, ds): return 2 * (a - y) * ds(w * x) * x\n"
        "def ds_one(z, /): return 1.0 + 0 * z\n"
    )
    spec = (
        "givens: {a: 1.3, y: 0.2, w: 0.4, x: 0.8}\n"
        "formulas:\n  domains: {a: [1, 2], y: [-1, 0.5], w: [0.2, 1], x: [0.5, 2]}\n"
        '  functions: {ds: ["s\'"]}\n'
        "questions: [{id: dw, kind: expression}]\nmistakes:\n"
        "  - {id: no-ds, replaces: ds, with: ds_one, feedback: No slope., credit: 0.5}\n"
    )
    course = Course(tmp_path, spec, reference)
    assert course.mark({"dw": formula})["dw"].score == 0
    assert course.mark({"dw": "2 (a - y) x"})["dw"].score == Fraction(1, 2)


def test_a_mistake_in_what_is_right_is_not_asserted(tmp_path: Path) -> None:
    """A turned slope would give this number as well, but the slope is there, and right."""
    reference = (
        "def slope(a): return 2 * a\ndef w_new(w, slope): return w - slope\n"
        "def slope_turned(a): return -2 * a\n"
    )
    spec = (
        "givens: {a: 1.3, w: 0.4}\n"
        "questions: [{id: slope, kind: number}, {id: w_new, kind: number}]\nmistakes:\n"
        "  - {id: turned, replaces: slope, with: slope_turned, feedback: The slope is turned.}\n"
    )
    course = Course(tmp_path, spec, reference)
    assert "turned" in student_words(course, {"w_new": "3"}, "w_new")
    assert "turned" not in student_words(course, {"slope": "2.6", "w_new": "3"}, "w_new")


def test_an_answer_of_another_shape_may_be_a_mistake(tmp_path: Path) -> None:
    reference = "def sums(A): return A.sum(axis=0)\ndef across(A): return A.sum(axis=1)\n"
    spec = (
        "givens: {A: [[1, 2, 3], [4, 5, 6]]}\nquestions: [{id: sums, kind: array}]\nmistakes:\n"
        "  - {id: across, replaces: sums, with: across, feedback: Sum the columns.}\n"
    )
    outcome = Course(tmp_path, spec, reference).mark({"sums": ["6", "15"]})["sums"]
    assert outcome.verdict is Verdict.INVALID
    assert outcome.reason is Reason.KNOWN_MISTAKE
    assert "Sum the columns." in outcome.feedback.student


def test_what_is_for_staff_reaches_no_student(course: Course) -> None:
    outcome = course.mark({"second": "0.85"})["second"]
    assert "Subtract." in outcome.feedback.student
    assert "The slope is 2a." in outcome.feedback.staff
    assert "The slope is 2a." not in " ".join(outcome.feedback.student)
