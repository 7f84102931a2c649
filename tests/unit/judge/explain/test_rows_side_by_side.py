"""iterates of a method with two lists: a row is judged from the student's own rows of both."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.unit.judge.course import Course

# Momentum on f(x) = 3 x²/2, four steps.
REFERENCE = """
import numpy as np

def step(v, p, /, rate, momentum):
    v = momentum * v - rate * 3 * p
    return v, p + v

def path(start, step):
    rows = [step(0.0, start)]
    for _ in range(3):
        rows.append(step(*rows[-1]))
    return rows

def vs(path): return np.array([v for v, _ in path])
def ps(path): return np.array([p for _, p in path])
"""
SPEC = """
givens: {start: 2.0, rate: 0.1, momentum: 0.5}
defaults: {tolerance: {decimals: 3}}
questions:
  - {id: vs, kind: iterates, points: 4, recurrence: {step: step, state: [vs, ps]}}
  - {id: ps, kind: iterates, points: 4, recurrence: {step: step, state: [vs, ps]}}
"""
SLIP = 0.25


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("side-by-side"), SPEC, REFERENCE)


def step(v: float, p: float) -> tuple[float, float]:
    v = 0.5 * v - 0.1 * 3 * p
    return v, p + v


def right_velocities() -> list[float]:
    v, p, rows = 0.0, 2.0, []
    for _ in range(4):
        v, p = step(v, p)
        rows.append(v)
    return rows


def positions_with_a_slip() -> list[float]:
    """Row 2 is off; rows 3 and 4 follow from the rows before, beside the right velocities."""
    vs = right_velocities()
    ps = [2.0 + vs[0]]
    ps.append(step(vs[0], ps[0])[1] + SLIP)
    ps.append(step(vs[1], ps[1])[1])
    ps.append(step(vs[2], ps[2])[1])
    return ps


def test_a_slip_in_one_list_costs_its_row_in_that_list(course: Course) -> None:
    marked = course.mark({"vs": right_velocities(), "ps": positions_with_a_slip()})
    assert marked["vs"].score == 4
    rows = [part.verdict.value for part in marked["ps"].parts]
    assert rows == ["correct", "incorrect", "follows", "follows"]
    assert marked["ps"].score == 3


@pytest.mark.parametrize("before", [0.0, 9.0])
def test_a_row_too_many_in_front_of_one_list_costs_the_other_nothing(
    course: Course, before: float
) -> None:
    """The rows that are gone on from are those without it, also for the list beside."""
    marked = course.mark({"vs": [before, *right_velocities()], "ps": positions_with_a_slip()})
    assert marked["ps"].score == 3
    rows = [part.verdict.value for part in marked["ps"].parts]
    assert rows == ["correct", "incorrect", "follows", "follows"]
    # Four of its five rows are right.
    assert marked["vs"].score == Fraction(16, 5)
