"""Several mistakes at once are believed where digits or other answers speak for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.model.fact_explaining import Explained
from grader.model.outcome import Outcome
from tests.unit.judge.course import Course

REFERENCE = """
def t(a, b): return a - b
def u(a, b): return 7 * a * b
def t_added(a, b): return a + b
def u_summed(a, b): return 7 * a + b
"""
SPEC = """
givens: {a: 0.8137, b: 0.05}
questions:
  - {id: t, kind: number}
  - {id: u, kind: number}
  - {id: again, kind: number, step: t, at: {a: 0.4321}}
mistakes:
  - {id: added, replaces: t, with: t_added, credit: 0.5, feedback: Subtract.}
  - {id: summed, replaces: u, with: u_summed, credit: 0.5, feedback: Multiply.}
  - {id: percent, replaces: b, with: 5, credit: 0.5, feedback: Five per cent are 0.05.}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("support"), SPEC, REFERENCE)


def sets(outcome: Outcome) -> set[frozenset[str]]:
    facts = [*outcome.facts.items, *(fact for part in outcome.parts for fact in part.facts.items)]
    return {
        frozenset(one) for fact in facts if isinstance(fact, Explained) for one in fact.mistakes
    }


BOTH = frozenset({"added", "percent"})


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        pytest.param({"t": "5.8137"}, {BOTH}, id="four decimals are no accident"),
        pytest.param({"t": "5.81"}, set(), id="two decimals may be one"),
        pytest.param({"t": "5.81", "again": "5.43"}, {BOTH}, id="another answer has both"),
        pytest.param({"t": "5.81", "u": "10.7"}, set(), id="another answer is as unclear"),
        pytest.param({"t": "5.81", "u": "0.28"}, set(), id="another answer that is right"),
        pytest.param({"t": "5.81", "u": "28.5"}, {BOTH}, id="another answer has one of them"),
        pytest.param({"t": "-4.2"}, {frozenset({"percent"})}, id="a single one needs nothing"),
    ],
)
def test_two_at_once_need_digits_or_another_answer(
    tmp_path: Path, answers: dict[str, str], found: set[frozenset[str]]
) -> None:
    spec = SPEC.replace("questions:", "defaults: {tolerance: {rtol: 0.005}}\nquestions:")
    if answers == {"t": "5.8137"}:
        spec = SPEC
    course = Course(tmp_path, spec, REFERENCE)
    assert sets(course.mark(answers, typed=True)["t"]) == found


def test_what_is_not_believed_earns_nothing_and_is_not_said(course: Course) -> None:
    """Typed with one decimal it may be any number of this size."""
    believed = course.mark({"t": "5.8137"}, typed=True)["t"]
    assert believed.score == 0.25
    lines = " ".join(believed.feedback.student)
    assert "Subtract. And: Five per cent" in lines
    other = course.judged({"t": "5.8"}, typed=True)
    assert other.diagnosis == ()
    assert other.outcomes[0].score == 0


@pytest.mark.parametrize(
    ("dv", "told"),
    [
        pytest.param("0", True, id="left out on the way back as well"),
        pytest.param("0.6137", False, id="the way back is right"),
    ],
)
def test_a_mistake_of_several_places_is_made_in_all_of_them(
    tmp_path: Path, dv: str, told: bool
) -> None:
    reference = (
        "def out(a, v, b): return a * b + v * a\ndef dv(a): return a\n"
        "def out_long(a, b): return a * b\ndef nothing(): return 0.0\n"
    )
    spec = (
        "givens: {a: 0.6137, v: 1.25, b: 0.35}\n"
        "questions: [{id: out, kind: number}, {id: dv, kind: number}]\nmistakes:\n"
        "  - id: no-skip\n    replaces: {out: out_long, dv: nothing}\n"
        "    feedback: Forward and backward.\n"
    )
    course = Course(tmp_path, spec, reference)
    outcome = course.mark({"out": "0.214795", "dv": dv}, typed=True)["out"]
    assert ("Forward and backward." in outcome.feedback.student) is told
