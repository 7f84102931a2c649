"""Who was judged before changes nothing, also where the reference takes too many lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from grader.model.verdict import Audience
from tests.unit.judge.course import Course

# Each step takes 65,000 lines, so the last of four is over the budget of 200,000 from the givens.
REFERENCE = """
def loop(n, /):
    for _ in range(32500):
        pass
    return n

def a(x, loop): return loop(x + 1.5)
def b(a, loop): return loop(a * 1.7)
def c(b, loop): return loop(b + 0.9)
def loss(c, loop): return loop(c * 2.3)

def a_wrong(x, loop): return loop(x - 1.5)
def b_wrong(a, loop): return loop(a * 0.6)
def b_quick(a): return a * 0.4
def c_quick(b): return b - 0.9
"""
WRONG = {"minus": ("a", "a_wrong"), "slow": ("b", "b_wrong")}
SPEC = """
givens: {x: 0.7}
questions:
  - {id: a, kind: number}
  - {id: b, kind: number}
  - {id: c, kind: number}
  - {id: loss, kind: number}
mistakes:
  - {id: minus, replaces: a, with: a_wrong, feedback: Look at the sign.}
  - {id: slow, replaces: b, with: b_wrong, feedback: Look at the factor.}
  - {id: quick, replaces: b, with: b_quick, feedback: Look at the other factor.}
  - {id: both, replaces: c, with: c_quick, feedback: Look at the offset.}
"""


def solve(*, a: float | None = None, **wrong: Any) -> dict[str, float]:
    first = (0.7 - 1.5 if wrong.get("minus") else 0.7 + 1.5) if a is None else a
    second = first * (0.6 if wrong.get("slow") else 0.4 if wrong.get("quick") else 1.7)
    third = second + (-0.9 if wrong.get("both") else 0.9)
    return {"a": first, "b": second, "c": third, "loss": third * 2.3}


def some(answers: dict[str, float], *names: str) -> dict[str, float]:
    return {name: answers[name] for name in names}


SUBMISSIONS = {
    "two mistakes, the end alone": some(solve(minus=True, slow=True), "loss"),
    "two mistakes, before the end": some(solve(minus=True, slow=True), "c"),
    "two quick mistakes": some(solve(quick=True, both=True), "c", "loss"),
    "a slip and the end": some(solve(a=2.7), "a", "loss"),
}
ORDERS = list(permutations(SUBMISSIONS))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Course]:
    return lambda: Course(tmp_path_factory.mktemp("budget"), SPEC, REFERENCE)


@pytest.fixture(scope="module")
def alone(fresh: Callable[[], Course]) -> dict[str, Any]:
    """What each submission gets when nobody was judged before it."""
    return {name: fresh().judged(answers) for name, answers in SUBMISSIONS.items()}


def judged_in(order: Sequence[str], course: Course) -> dict[str, Any]:
    return {name: course.judged(SUBMISSIONS[name]) for name in order}


@pytest.mark.lengthy
def test_the_order_of_the_class_does_not_matter(
    fresh: Callable[[], Course], alone: dict[str, Any]
) -> None:
    assert judged_in(ORDERS[-1], fresh()) == alone


@pytest.mark.slow
def test_no_order_of_the_class_matters(fresh: Callable[[], Course], alone: dict[str, Any]) -> None:
    for order in ORDERS:
        assert judged_in(order, fresh()) == alone


@pytest.mark.lengthy
def test_threads_do_not_matter(fresh: Callable[[], Course], alone: dict[str, Any]) -> None:
    course = fresh()
    names = list(SUBMISSIONS)
    with ThreadPoolExecutor(4) as pool:
        judged = list(pool.map(lambda name: course.judged(SUBMISSIONS[name]), names))
    assert judged == [alone[name] for name in names]


def staff_lines(judged: Any, question: str) -> list[str]:
    outcome = next(one for one in judged.outcomes if one.question == question)
    lines = outcome.feedback.read_by(Audience.STAFF)
    return [line for line in lines if line.startswith("not tried to the end")]


@pytest.mark.lengthy
def test_staff_read_where_the_budget_ended_the_search(alone: dict[str, Any]) -> None:
    lines = staff_lines(alone["two mistakes, the end alone"], "loss")
    assert lines == [
        f"not tried to the end: with the {mistakes}, computing loss runs more than 200,000 "
        "lines of the reference"
        for mistakes in ("mistake minus", "mistake slow", "mistakes minus + slow")
    ]
    assert staff_lines(alone["two mistakes, before the end"], "c") == []


@pytest.mark.lengthy
def test_an_own_start_may_be_over_the_budget_too(tmp_path: Path) -> None:
    reference = REFERENCE.replace(
        "def loss(c, loop): return loop(c * 2.3)",
        "def loss(c, loop): return loop(c * 2.3) + loop(0) * (c > 9)\n"
        "def end(loss, loop): return loop(loss) + (loop(loop(loop(0))) if loss > 30 else 1)",
    )
    text = SPEC.replace("mistakes:", "  - {id: end, kind: number}\nmistakes:")
    course = Course(tmp_path, text, reference)
    judged = course.judged({"a": "5", "end": "33"})
    assert any(
        line.startswith("not tried to the end: from the student's own answers to a, computing end")
        for line in staff_lines(judged, "end")
    )


@pytest.mark.slow
def test_what_the_key_is_made_of_is_free(fresh: Callable[[], Course], tmp_path: Path) -> None:
    """It was computed before anybody was judged, so that it is there for all."""
    text = SPEC.replace("mistakes:", "  - {id: end, kind: number}\nmistakes:")
    course = Course(tmp_path, text, REFERENCE + "def end(loss): return loss + 1\n")
    assert course.verdicts({"loss": "9", "end": "10"})["end"] == "follows"
    assert fresh().verdicts({"loss": "14.03"})["loss"] == "incorrect"
    lines = fresh().mark({"loss": 2 * solve()["loss"]})["loss"].feedback.read_by(Audience.STUDENT)
    assert any("factor of two" in line for line in lines)


@pytest.mark.lengthy
def test_what_the_reference_takes_too_long_for_is_not_started_from(tmp_path: Path) -> None:
    """At another instance nothing right is made of the loss, so the key does not have it there."""
    text = SPEC.replace("mistakes:", "  - {id: end, kind: number, at: {y: 3}}\nmistakes:")
    text = text.replace("givens: {x: 0.7", "givens: {x: 0.7, y: 2")
    replaced = "{c: c_quick, end: end_wrong}"
    text += f"  - {{id: far, replaces: {replaced}, feedback: Look at the end.}}\n"
    ends = "def end(y): return y + 1\ndef end_wrong(loss): return loss + 1\n"
    outcome = Course(tmp_path, text, REFERENCE + ends).mark({"loss": "9", "end": "10"})["end"]
    assert (
        "loss was not used: computing loss runs more than 200,000 lines of the reference"
        in outcome.feedback.read_by(Audience.STAFF)
    )
