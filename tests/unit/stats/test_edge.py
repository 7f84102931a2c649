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


def test_what_has_all_points_anyway_and_what_was_not_measured_is_left_out() -> None:
    follows = outcome_of(4, verdict=Verdict.FOLLOWS, distance=1.1)
    unknown = outcome_of(0, verdict=Verdict.INCORRECT)
    assert edge_of(students([follows, unknown]), "q") is None


def test_a_whole_question_says_it_of_its_only_part(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, 0.1, ["1.58"])
    assert one.distance == pytest.approx(0.8)
    assert one.score == Fraction(1)
