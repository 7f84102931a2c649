"""One slip in the code of a step accounts for a wrong start; what is typed without it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.judge.course import Course

UNIT = """givens: {w: 0.73, x: 2.1, b: 2.9, v: 1.7, y: 3.1}
defaults: {tolerance: {decimals: 4}}
questions:
  - {id: z, kind: number}
  - {id: h, kind: number}
  - {id: out, kind: number}
  - {id: loss, kind: number}
"""
UNIT_CODE = """
def z(w, x, b): return b - w * x
def h(z): return max(0.0, z)
def out(v, h): return v * h
def loss(out, y): return abs(out - y)
"""
DEAD = {"h": "0", "out": "0", "loss": "3.1"}


@pytest.mark.parametrize(
    ("start", "later"),
    [
        pytest.param("-1.51", 3, id="x for w: b - x x"),
        pytest.param("-1.2", 0, id="made up"),
        pytest.param("-1.5", 0, id="made up beside a slip"),
        pytest.param("0", 0, id="nought"),
        pytest.param("-2.9", 0, id="a given with a sign"),
    ],
)
def test_a_unit_that_a_slip_kills_is_dead_in_all_that_follows(
    tmp_path: Path, start: str, later: int
) -> None:
    marked = Course(tmp_path, UNIT, UNIT_CODE).mark({"z": start, **DEAD})
    assert marked["z"].score == 0
    assert sum(marked[name].score or 0 for name in DEAD) == later


RATIO = """givens: {a: 0.6826, b: 0.6800, c: 0.6794}
defaults: {tolerance: {decimals: 3}}
questions:
  - {id: ratio, kind: number}
  - {id: order, kind: number}
"""
RATIO_CODE = """import numpy as np
def ratio(a, b, c): return (a - b) / (b - c)
def order(ratio): return np.log2(abs(ratio))
"""


@pytest.mark.parametrize(
    ("ratio", "order", "score"),
    [
        pytest.param("1137.667", "10.152", 1, id="a / (b - c)"),
        pytest.param("0.0026", "-8.587", 1, id="a - b alone"),
        pytest.param("18.778", "4.231", 1, id="squared"),
        pytest.param("5000", "12.288", 0, id="made up"),
        pytest.param("0.007", "-7.158", 0, id="made up, and small"),
        pytest.param("44", "5.459", 1, id="of a size that may be"),
    ],
)
def test_a_slip_in_the_step_may_lead_to_any_size(
    tmp_path: Path, ratio: str, order: str, score: int
) -> None:
    marked = Course(tmp_path, RATIO, RATIO_CODE).mark({"ratio": ratio, "order": order})
    assert marked["ratio"].score == 0
    assert marked["order"].score == score


def test_the_slip_is_made_from_the_students_own_start(tmp_path: Path) -> None:
    """z is 1.2 by some slip, h was taken for z·(z − 1), and all that follows is right."""
    spec = UNIT.replace("{id: h, kind: number}", "{id: h, kind: number}\n  - {id: k, kind: number}")
    code = UNIT_CODE.replace("max(0.0, z)", "z * (z + 3)") + "def k(h): return max(0.0, h)\n"
    later = {"k": "0", "out": "-3.672", "loss": "6.772"}
    marked = Course(tmp_path, spec, code).mark({"z": "1.2", "h": "-2.16", **later})
    assert [marked[name].score for name in ("z", "h", *later)] == [0, 0, 1, 1, 1]


GROWING = """givens: {start: 2}
questions:
  - {id: point, kind: number}
  - {id: later, kind: number}
"""
GROWING_CODE = """
def following(x, /): return x - (x**3 - x - 2) / (3 * x**2 - 1)
def point(start, following):
    for _ in range({rounds}):
        start = following(start)
    return start
def later(point): return 2 * point
"""


@pytest.mark.parametrize("rounds", [6, 15, 40])
def test_whole_numbers_do_not_grow_without_end_by_a_slip(tmp_path: Path, rounds: int) -> None:
    """Without the division the next point is the ninth power or so of the one before."""
    course = Course(tmp_path, GROWING, GROWING_CODE.format(rounds=rounds))
    marked = course.mark({"point": "1.7", "later": "3.4"})
    assert marked["later"].verdict.value == "follows"
