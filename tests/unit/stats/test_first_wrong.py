"""Where students first go wrong, and the same wrong value in many of these answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.assignment import Assignment
from grader.model.fact import Facts
from grader.model.fact_explaining import Explained
from grader.model.fact_marking import Compared
from grader.model.outcome import Outcome, PartOutcome, SubmissionOutcome
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from grader.solver.needs import needs_of
from grader.spec.load import load_assignment
from grader.stats.answers import read_class
from grader.stats.asked import asked_before
from grader.stats.clusters import clusters, least_size
from grader.stats.divergence import FirstWrong, first_wrong
from tests.build import outcome_of, submission_of
from tests.some import some
from tests.unit.gradebook.small import course

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
givens: {start: [4, 1], rate: 0.1, w: 2, x: 3}
questions:
  - {id: z, kind: number}
  - {id: h, kind: number}
  - {id: loss, kind: number}
  - {id: loss_elsewhere, kind: number, step: loss, at: {w: 5}}
  - {id: step, kind: function, call: "step(velocity, point)", cases: [{velocity: 1, point: 2}]}
  - {id: velocities, kind: iterates, recurrence: {step: step, state: [velocities, points]}}
  - {id: points, kind: iterates, recurrence: {step: step, state: [velocities, points]}}
  - id: grads
    kind: number
    parts: {dz: {step: dz}, dw: {step: dw}}
"""
REFERENCE = """\
def z(w, x): return w * x
def h(z): return z / 7
def loss(h): return h * h
def dz(h): return 2 * h / 7
def dw(dz, x): return dz * x
def step(velocity, point, /, rate): return velocity - rate * point, point + velocity
def velocities(start, step): return [1.0, 2.0]
def points(start, step): return [1.0, 2.0]
"""
W, R, M = Verdict.INCORRECT, Verdict.CORRECT, Verdict.MISSING


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return load_assignment(course(tmp_path_factory.mktemp("c"), SPEC, REFERENCE)).assignment


def answered(**verdicts: Any) -> SubmissionOutcome:
    """Each question by its verdict, or by those of its parts or rows."""
    return submission_of(*(_outcome(name, given) for name, given in verdicts.items()))


def _outcome(name: str, given: Any) -> Outcome:
    if isinstance(given, Verdict):
        score = None if given is Verdict.PENDING else 4 if given is R else 0
        return outcome_of(score, verdict=given, question=name)
    labelled = given if isinstance(given, dict) else dict(enumerate(given))
    parts = tuple(
        PartOutcome(label=str(label), verdict=verdict) for label, verdict in labelled.items()
    )
    right = all(verdict in (R, Verdict.FOLLOWS) for verdict in labelled.values())
    verdict = R if right else Verdict.PARTIAL
    return outcome_of(0, verdict=verdict, question=name, parts=parts)


CASES: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "all else is consequence": ({"z": W, "h": W, "loss": W}, {("z", "")}),
    "a right one in between ends it": ({"z": W, "h": R, "loss": W}, {("z", "")}),
    "what follows is right": ({"z": W, "h": Verdict.FOLLOWS}, {("z", "")}),
    "too few digits are no wrong value": ({"z": Verdict.IMPRECISE, "h": W}, {("h", "")}),
    "an answer that is not given says nothing": ({"z": M, "h": W, "loss": W}, {("h", "")}),
    "nor does one that waits": ({"z": Verdict.PENDING, "h": W}, {("h", "")}),
    "other givens, another answer": (
        {"z": W, "loss": W, "loss_elsewhere": W},
        {("z", ""), ("loss_elsewhere", "")},
    ),
    "code is no start of what is typed": (
        {"step": W, "velocities": [W, W]},
        {("step", ""), ("velocities", "")},
    ),
    "the earlier row comes first": (
        {"velocities": [R, R, W], "points": [R, W, W]},
        {("points", "")},
    ),
    "in one row the first of the state": (
        {"points": [R, W], "velocities": [R, W]},
        {("velocities", "")},
    ),
    "rows that follow are right": (
        {"velocities": [R, W], "points": [R, Verdict.FOLLOWS]},
        {("velocities", "")},
    ),
    "rows that are missing alone": ({"points": [R, M]}, set()),
    "part by part": ({"grads": {"dz": W, "dw": W}}, {("grads", "dz")}),
    "a part after another question": ({"h": W, "grads": {"dz": W, "dw": R}}, {("h", "")}),
    "not judged by its parts": ({"grads": Verdict.INVALID}, {("grads", "dz")}),
    "all right": ({"z": R, "h": R, "points": [R, R]}, set()),
    "nothing": ({}, set()),
}


@pytest.mark.parametrize("name", CASES)
def test_first_wrong_answers(assignment: Assignment, name: str) -> None:
    verdicts, wanted = CASES[name]
    asked = asked_before(assignment, needs_of(REFERENCE))
    found = first_wrong(read_class([answered(**verdicts)]), asked)
    assert {one.place for one in found} == wanted


def test_the_first_row_shows_it(assignment: Assignment) -> None:
    asked = asked_before(assignment, needs_of(REFERENCE))
    (found,) = first_wrong(read_class([answered(points=[R, M, W])]), asked)
    assert found.part is not None
    assert found.part.label == "2"  # a row that was left out is not wrong


def test_the_order_of_questions_is_no_matter(assignment: Assignment) -> None:
    for verdicts, wanted in CASES.values():
        turned = dict(reversed(verdicts.items()))
        found = first_wrong(
            read_class([answered(**turned)]), asked_before(assignment, needs_of(REFERENCE))
        )
        assert {one.place for one in found} == wanted


# -- the same wrong value ------------------------------------------------------------------------


def wrong(student: str, actual: Any, allowed: float | None = None, **more: Any) -> FirstWrong:
    facts: list[Any] = [Compared(reason=Reason.WRONG_VALUE, actual=actual, allowed=allowed)]
    if "mistake" in more:
        facts.append(Explained(mistakes=((more["mistake"],),)))
    outcome = outcome_of(0, verdict=W, facts=Facts.of(*facts))
    (one,) = read_class([submission_of(outcome, submission=student)])
    return FirstWrong(student=student, place=("q", ""), part=one.answers["q"].parts[0])


def typed(*texts: str) -> list[FirstWrong]:
    return [wrong(f"s{n}", NumberText(text)) for n, text in enumerate(texts)]


def sizes(firsts: list[FirstWrong], *, code: bool = False) -> list[int]:
    found = clusters(firsts, len(firsts), ("q",) if code else ())
    return [len(one.students) for one in found]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("2.9", "2.87", "2.871"), [3]),  # within the coarser half unit
        (("2.90", "2.87", "2.871"), []),
        (("5", "5", "5.0", "7", "7"), [3]),
        (("0.1", "0.2", "0.3", "0.4"), []),  # no chain of neighbours
        (("1e3", "1000", "1000.0"), [3]),
    ],
)
def test_typed_numbers(texts: tuple[str, ...], wanted: list[int]) -> None:
    assert sizes(typed(*texts)) == wanted


def test_computed_numbers_and_others() -> None:
    near = [wrong(f"s{n}", 0.3 + n * 1e-11, 0.5) for n in range(3)]
    assert sizes(near, code=True) == [3]
    apart = [wrong(f"s{n}", 0.3 + n * 1e-6, 0.5) for n in range(3)]
    assert sizes(apart, code=True) == []
    assert sizes(apart) == [3]  # a calculation that was typed: half a tolerance
    texts = [wrong(f"s{n}", " x  + y" if n else "x + y") for n in range(3)]
    assert sizes(texts) == [3]
    assert sizes([wrong(f"s{n}", complex(1, n / 1e12)) for n in range(4)], code=True) == [4]
    assert sizes([wrong(f"s{n}", float("nan")) for n in range(3)], code=True) == [3]
    assert sizes([wrong(f"s{n}", None) for n in range(3)]) == []


def test_what_explains_a_cluster() -> None:
    firsts = [wrong(f"s{n}", 3.0, mistake="uphill") for n in range(2)] + [wrong("s2", 3.0)]
    (found,) = clusters(firsts, 3)
    assert (found.value, found.mistakes, found.students) == ("3", ("uphill",), ("s0", "s1", "s2"))


def test_how_many_have_to_share_it() -> None:
    assert [least_size(n) for n in (0, 1, 14, 150, 151, 300, 1000)] == [3, 3, 3, 3, 4, 6, 20]


@settings(max_examples=some(40))
@given(st.permutations(typed("2.9", "2.87", "2.871", "2.8", "-1", "1/3", "3", "2.87", "2.85")))
def test_the_order_of_students_makes_no_other_clusters(firsts: list[FirstWrong]) -> None:
    usual = clusters(sorted(firsts, key=lambda one: one.student), 9)
    assert clusters(firsts, 9) == usual
    assert Fraction(len(usual)) > 0
