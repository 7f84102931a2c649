"""A fault of ours in explaining one answer holds that answer, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.judge.explain import hypotheses, pipeline, rows_before
from grader.judge.explain.expectation import Expectation
from grader.judge.explain.findings import Findings
from grader.judge.explain.revise import held_part
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import CarryForward
from grader.model.fact import Facts
from grader.model.fact_marking import Held, RowsExtra
from grader.model.outcome import Outcome, PartOutcome
from grader.model.verdict import Audience, Reason, Verdict
from tests.unit.judge.course import Course
from tests.unit.judge.read import contents, everything_read, part_in_words

REFERENCE = """
def first(a): return 2 * a + 1
def second(first): return first * 3
def third(second, b): return second - b
def alone(b): return b * b
def pair(a): return 3 * a
def twice(x, /, b): return 2 * x + b

def first_turned(a): return -2 * a + 1
def twice_bare(x, /): return 2 * x
"""
SPEC = """
givens: {a: 1.3, b: 0.7}
questions:
  - {id: first, kind: number}
  - {id: second, kind: number}
  - {id: third, kind: number}
  - {id: alone, kind: number}
  - {id: pair, kind: number, parts: {pair: {}, alone: {}}}
  - {id: twice, kind: function, call: twice(x), cases: [{x: 1}, {x: 2.5}]}
mistakes:
  - {id: turned, replaces: first, with: first_turned, credit: 0.5, feedback: Mind the sign.}
  - {id: bare, replaces: twice, with: twice_bare, credit: 0.25, feedback: Add b.}
"""
#: first by a mistake, second and third follow, alone has a slip, of pair one part is right.
ANSWERS: dict[str, Any] = {
    "first": -1.6,
    "second": -4.8,
    "third": -5.5,
    "alone": -0.49,
    "pair": {"pair": 3.9, "alone": 0.77},
    "twice/1": 2.0,
    "twice/2": 5.0,
}
RIGHT: dict[str, Any] = {
    "first": 3.6,
    "second": 10.8,
    "third": 10.1,
    "alone": 0.49,
    "pair": {"pair": 3.9, "alone": 0.49},
    "twice/1": 2.7,
    "twice/2": 5.7,
}
EXPLAINED = ("first", "second", "third", "alone", "pair")
HYPOTHESES = hypotheses.HYPOTHESES
BOOM = "a fault of ours 31.4"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("faults"), SPEC, REFERENCE)


def breaking(name: str, hypothesis: hypotheses.Hypothesis) -> hypotheses.Hypothesis:
    """The hypothesis, which fails for the answers to one question."""

    def broken(
        answer: Evidence, expectation: Expectation, policy: CarryForward, found: Findings
    ) -> Findings:
        if answer.question.id == name:
            raise ZeroDivisionError(BOOM)
        return hypothesis(answer, expectation, policy, found)

    return broken


def held(outcome: Outcome) -> None:
    assert (outcome.verdict, outcome.reason) == (Verdict.GRADER_ERROR, Reason.JUDGE_FAULT)
    assert outcome.score is None


def read_by_staff(outcome: Outcome) -> str:
    return " ".join(everything_read([outcome], Audience.STAFF))


def read_by_students(outcome: Outcome) -> str:
    return " ".join(everything_read([outcome], Audience.STUDENT))


def test_without_a_fault_every_way_is_taken(course: Course) -> None:
    """What the faults below take away is there."""
    assert course.verdicts(ANSWERS) == {
        "first": "partial",
        "second": "follows",
        "third": "follows",
        "alone": "incorrect",
        "pair": "partial",
        "twice": "partial",
    }
    assert {one.mistake for one in course.judged(ANSWERS).diagnosis} == {"turned", "bare"}


#: Which answers come to which hypothesis: what follows in full is settled by the first.
REACHED = {
    "own_start": EXPLAINED,
    "by_mistakes": ("first", "alone", "pair"),
    "generic_slip": ("first", "alone", "pair"),
}


@pytest.mark.parametrize("name", EXPLAINED)
@pytest.mark.parametrize("number", range(len(HYPOTHESES)), ids=lambda n: HYPOTHESES[n].__name__)
def test_a_fault_in_one_hypothesis_holds_one_answer_and_no_other(
    course: Course, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    before = course.mark(ANSWERS)
    changed = list(HYPOTHESES)
    changed[number] = breaking(name, changed[number])
    monkeypatch.setattr(hypotheses, "HYPOTHESES", tuple(changed))
    after = course.mark(ANSWERS)
    others = set(before)
    if name in REACHED[HYPOTHESES[number].__name__]:
        others.remove(name)
        held(after[name])
        assert f"ZeroDivisionError: {BOOM}" in read_by_staff(after[name])
        assert "through no fault of yours" in read_by_students(after[name])
        assert BOOM not in read_by_students(after[name])
    for one in others:
        same = [(marked[one].verdict, marked[one].score) for marked in (before, after)]
        assert same[0] == same[1], one
        read = [everything_read([marked[one]], Audience.STAFF) for marked in (before, after)]
        assert read[0] == read[1], one
        read = [everything_read([marked[one]], Audience.STUDENT) for marked in (before, after)]
        assert read[0] == read[1], one


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_right_answer_stays_right(
    course: Course, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Beside another that is not right, so that there is something to explain."""
    wrong = "alone" if name != "alone" else "third"
    answers = {**RIGHT, wrong: 0.123}
    before = course.mark(answers)
    broken = tuple(breaking(name, one) for one in HYPOTHESES)
    monkeypatch.setattr(hypotheses, "HYPOTHESES", broken)
    after = course.mark(answers)
    assert after[name].verdict is Verdict.CORRECT
    assert contents(after.values()) == contents(before.values())


@pytest.mark.parametrize(
    "place",
    [
        "grader.judge.explain.inquiry.Carry.bases",
        "grader.judge.explain.expectation.Expectation.relevant",
    ],
)
def test_a_fault_for_every_answer_holds_what_is_not_right(
    course: Course, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(place, _raise)
    after = course.mark({**RIGHT, "alone": 0.123, "second": 9.9})
    for name, outcome in after.items():
        if name in ("alone", "second"):
            held(outcome)
        else:
            assert outcome.verdict is Verdict.CORRECT, name


def test_a_fault_in_explaining_a_function_holds_the_function(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = course.mark(ANSWERS)
    monkeypatch.setattr(pipeline, "explain_function", _raise)
    after = course.mark(ANSWERS)
    held(after["twice"])
    assert BOOM in read_by_staff(after["twice"])
    assert BOOM not in read_by_students(after["twice"])
    for name in EXPLAINED:
        assert (after[name].verdict, after[name].score) == (
            before[name].verdict,
            before[name].score,
        )
    right = course.mark({**ANSWERS, "twice/1": 2.7, "twice/2": 5.7})
    assert right["twice"].verdict is Verdict.CORRECT


OTHERS = ("first", "second", "alone", "twice")
HELD_BY: Mapping[str, tuple[str, ...]] = {
    "diagnose": OTHERS,  # of all answers together: it cannot be told whose fault it is
    "revised": ("first", "second", "alone"),
    "revise_function": ("twice",),
    "comes_out": (),  # only what is said of the submission as a whole hangs on it
}


@pytest.mark.parametrize("step", HELD_BY)
def test_a_fault_behind_the_hypotheses_holds_what_hangs_on_it(
    course: Course, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    answers = {**ANSWERS, "third": 10.1, "pair": RIGHT["pair"]}
    before = course.mark(answers)
    monkeypatch.setattr(pipeline, step, _raise)
    after = course.mark(answers)
    for name in ("third", "pair"):
        assert after[name].verdict is Verdict.CORRECT
        assert after[name].score == before[name].score == 1
    for name in HELD_BY[step]:
        held(after[name])
        assert BOOM in read_by_staff(after[name])
        assert BOOM not in read_by_students(after[name])
    for name in set(OTHERS) - set(HELD_BY[step]):
        assert after[name].verdict is before[name].verdict
        assert after[name].score == before[name].score


LISTS = """
def halved(x, /): return x / 2
def xs(start): return [start / 2**n for n in range(1, 4)]
def ys(other): return [other / 2**n for n in range(1, 4)]
def lone(start): return start + 1
"""
LISTS_SPEC = """
givens: {start: 8.0, other: 16.0}
questions:
  - {id: xs, kind: iterates, recurrence: {step: halved, state: [xs]}}
  - {id: ys, kind: iterates, recurrence: {step: halved, state: [ys]}}
  - {id: lone, kind: number}
"""


def test_where_a_list_begins_cannot_be_told_holds_that_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`xs` begins with the start. In `ys` only the last row is wrong: nothing is taken off."""
    made = Course(tmp_path, LISTS_SPEC, LISTS)
    answers = {"xs": [8.0, 4.0, 2.0, 1.0], "ys": [8.0, 4.0, 2.5], "lone": 9.5}
    before = made.mark(answers)
    assert before["xs"].score is not None
    monkeypatch.setattr(rows_before, "taken_off", _raise)
    after = made.mark(answers)
    held(after["xs"])
    assert f"ZeroDivisionError: {BOOM}" in read_by_staff(after["xs"])
    assert BOOM not in read_by_students(after["xs"])
    for name in ("ys", "lone"):
        assert (after[name].verdict, after[name].score) == (
            before[name].verdict,
            before[name].score,
        )


def _raise(*_arguments: Any, **_named: Any) -> Any:
    raise ZeroDivisionError(BOOM)


@pytest.mark.parametrize("verdict", [Verdict.CORRECT, Verdict.IMPRECISE])
def test_a_part_with_full_marks_keeps_them_and_staff_read_the_fault(verdict: Verdict) -> None:
    facts = Facts.of(RowsExtra(extra=1))
    part = PartOutcome(label="a", verdict=verdict, credit=Fraction(1), facts=facts)
    kept = part_in_words(held_part(part, BOOM))
    assert (kept.verdict, kept.reason) == (verdict, None)
    assert kept.credit == 1
    assert kept.feedback.student == ()
    assert kept.feedback.staff[-1] == BOOM
    assert isinstance(kept.facts.items[-1], Held)


@pytest.mark.parametrize("credit", [Fraction(0), Fraction(1, 2), None])
def test_a_part_without_full_marks_is_held(credit: Fraction | None) -> None:
    part = PartOutcome(label="a", verdict=Verdict.PARTIAL, credit=credit)
    found = part_in_words(held_part(part, BOOM))
    assert (found.verdict, found.reason) == (Verdict.GRADER_ERROR, Reason.JUDGE_FAULT)
    assert found.credit is None
    assert found.feedback.staff[-1] == BOOM
    assert found.feedback.student == ("this could not be marked, through no fault of yours",)
