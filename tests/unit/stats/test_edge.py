"""Answers at the edge of a tolerance: the interval that changes no mark holds when it is tried."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks.prepare import prepare
from grader.model.diagnostic import Place
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Verdict
from grader.stats.answers import Student, read_class
from grader.stats.edge import Edge, edge_of
from tests.build import outcome_of, submission_of
from tests.some import some
from tests.unit.gradebook.small import course

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {{files: [answers.yaml]}}
questions:
  - {{id: start, kind: number, tolerance: {{atol: {atol}}}}}
"""
REFERENCE = "def start(): return 1.5\n"


def judged(root: Path, atol: float, typed: list[str]) -> list[Outcome]:
    folder = course(root, SPEC.format(atol=atol), REFERENCE)
    prepared = prepare(folder)
    place = Place(file="answers.yaml", line=1, column=1)
    return [
        prepared.judge({"start": Response(value=NumberText(text), place=place)}).outcomes[0]
        for text in typed
    ]


def students(outcomes: list[Outcome]) -> list[Student]:
    return [*read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(outcomes))]


def edge(outcomes: list[Outcome]) -> Edge:
    found = edge_of(students(outcomes), outcomes[0].question)
    assert found is not None
    return found


def test_by_hand(tmp_path: Path) -> None:
    """Tolerance 0.1 around 1.5."""
    typed = ["1.5", "1.54", "1.59", "1.61", "1.65", "9"]
    found = edge(judged(tmp_path, 0.1, typed))
    assert found.just_right == ("s2",)
    assert found.just_wrong == ("s3",)
    assert found.measured == 4  # one is right to the last digit, one far away
    assert (found.unchanged_from, found.unchanged_below) == (0.9, 1.1)
    assert (found.halved.answers, found.halved.students) == (1, ("s2",))
    assert (found.doubled.answers, found.doubled.students) == (2, ("s3", "s4"))


def test_the_interval_changes_no_mark_and_what_lies_beyond_does(tmp_path: Path) -> None:
    typed = ["1.5", "1.54", "1.59", "1.61", "1.65", "9"]
    now = [one.score for one in judged(tmp_path, 0.1, typed)]
    assert [one.score for one in judged(tmp_path, 0.1 * 0.9, typed)] == now
    assert [one.score for one in judged(tmp_path, 0.1 * 1.099, typed)] == now
    narrower, wider = (judged(tmp_path, 0.1 * factor, typed) for factor in (0.5, 2))
    assert sum(one.score != before for one, before in zip(narrower, now, strict=True)) == 1
    assert sum(one.score != before for one, before in zip(wider, now, strict=True)) == 2


@settings(max_examples=some(30))
@given(st.lists(st.floats(0.01, 3), min_size=1, max_size=12))
def test_what_ifs_are_those_of_comparing_again(distances: list[float]) -> None:
    outcomes = [
        outcome_of(
            4 if one <= 1 else 0,
            verdict=Verdict.CORRECT if one <= 1 else Verdict.INCORRECT,
            distance=one,
        )
        for one in distances
    ]
    found = edge(outcomes)
    assert found.halved.answers == sum(0.5 < one <= 1 for one in distances)
    assert found.doubled.answers == sum(1 < one <= 2 for one in distances)
    low, high = found.unchanged_from, found.unchanged_below
    for factor in (0.3, 0.7, 0.99, 1.0, 1.3, 2.5):
        same = all((one <= 1) == (one <= factor) for one in distances)
        assert same == ((low is None or factor >= low) and (high is None or factor < high))


def test_what_follows_through_digits_of_its_start_and_what_was_not_measured_is_left_out() -> None:
    follows = outcome_of(4, verdict=Verdict.FOLLOWS, distance=1.1)
    unknown = outcome_of(0, verdict=Verdict.INCORRECT)
    assert edge_of(students([follows, unknown]), "q") is None


def test_a_whole_question_says_it_of_its_only_part(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, 0.1, ["1.58"])
    assert one.distance == pytest.approx(0.8)
    assert one.score == Fraction(1)


CARRIED = """\
schema: 1
slug: small
title: Small
reference: small
submission: {{files: [answers.yaml]}}
questions:
  - {{id: start, kind: number, tolerance: {{atol: 0.1}}}}
  - {{id: doubled, kind: number, tolerance: {{atol: {atol}}}}}
"""
OWN_START = "def start(): return 1.5\ndef doubled(start): return 2 * start + 1\n"


def carried(root: Path, atol: float, typed: list[tuple[str, str]]) -> list[Outcome]:
    prepared = prepare(course(root, CARRIED.format(atol=atol), OWN_START))
    place = Place(file="answers.yaml", line=1, column=1)
    return [
        prepared.judge(
            {
                name: Response(value=NumberText(text), place=place)
                for name, text in zip(("start", "doubled"), pair, strict=True)
            }
        ).outcomes[1]
        for pair in typed
    ]


def test_what_follows_is_as_far_as_from_what_it_follows_from(tmp_path: Path) -> None:
    """From 5.123 comes 11.246; the key, 4, is far from all of them."""
    typed = [("5.123", "11.330"), ("5.123", "11.376"), ("5.123", "99"), ("1.5", "4.05")]
    outcomes = carried(tmp_path, 0.1, typed)
    assert [one.verdict.value for one in outcomes] == [
        *("follows", "incorrect", "incorrect", "correct")
    ]
    found = edge(outcomes)
    assert found.just_right == ("s0",)
    assert found.just_wrong == ()
    assert found.unchanged_from == pytest.approx(0.84)
    assert found.unchanged_below == pytest.approx(1.3)
    now = [one.score for one in outcomes]
    # The digits of the start leave a hundredth of a tolerance open.
    assert [one.score for one in carried(tmp_path, 0.1 * 0.85, typed)] == now
    assert [one.score for one in carried(tmp_path, 0.1 * 1.28, typed)] == now
    assert [one.score for one in carried(tmp_path, 0.1 * 0.82, typed)] != now
    assert [one.score for one in carried(tmp_path, 0.1 * 1.31, typed)] != now
