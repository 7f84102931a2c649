"""The reference with mistakes in it: the same values however they are computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.audit.prepare import prepare
from grader.judge.expect.world import Worlds
from tests.unit.judge.course import Course

ROOT = Path(__file__).resolve().parents[4]

REFERENCE = """
import numpy as np

def smooth(x, k): return k * np.exp(-k * x)
def branching(x, k): return k if x > 0 else -k
def collapsing(x, k): return float(np.max(np.abs(np.atleast_1d(x)))) * k
def constant(): return 2.0

def smooth_flipped(smooth): return -smooth
def branching_flipped(branching): return -branching
def endless(x):
    while True:
        x = x + 1
"""
SPEC = """
givens: {x: 0.5, k: 0.7}
formulas: {domains: {x: {range: [0.2, 2], signed: true}, k: [0.5, 1.5]}}
questions:
  - {id: smooth, kind: expression}
  - {id: branching, kind: expression}
  - {id: collapsing, kind: expression}
  - {id: constant, kind: expression}
mistakes:
  - {id: flipped, replaces: smooth, with: smooth_flipped, feedback: Look at the sign.}
  - {id: turned, replaces: branching, with: branching_flipped, feedback: Look at the sign.}
"""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    course = Course(tmp_path_factory.mktemp("worlds"), SPEC, REFERENCE)
    assert course.prepared.key.worlds is not None
    return course.prepared.key.worlds


@pytest.mark.parametrize(
    ("step", "together"),
    [("smooth", True), ("branching", False), ("collapsing", False), ("constant", True)],
)
def test_points_go_together_only_where_nothing_changes(
    worlds: Worlds, step: str, together: bool
) -> None:
    assert worlds.goes_together(step, {}) is together


@pytest.mark.parametrize("step", ["smooth", "branching"])
def test_a_mistake_gives_the_same_either_way(worlds: Worlds, step: str) -> None:
    right = worlds.under().formula(step, {})
    wrong = worlds.under(worlds.assignment.mistakes).formula(step, {})
    assert np.allclose(wrong, -right, rtol=1e-12)


def test_what_is_known_at_every_point_is_started_from(worlds: Worlds) -> None:
    start = {"k": np.linspace(1.0, 2.0, worlds.sampler.points)}
    values = worlds.under().formula_from("branching", {}, start)
    signs = np.sign(worlds.under().samples({}).symbol("x"))
    assert np.allclose(values, signs * start["k"])


def test_a_step_without_end_has_no_value(worlds: Worlds) -> None:
    assert worlds.under().value("endless", {}) is None


@pytest.mark.parametrize("slug", ["bs6207-assignment-2", "dl2022-exercise-3", "ecs289-homework"])
def test_every_mistake_gives_the_same_at_all_points_at_once(slug: str) -> None:
    prepared = prepare(ROOT / "assignments" / slug)
    worlds = prepared.key.worlds
    assert worlds is not None
    places = [
        part
        for question in prepared.assignment.questions
        if question.kind == "expression"
        for part in getattr(question, "parts", ())
        if part.step is not None
    ]
    compared = 0
    for mistake in prepared.assignment.mistakes:
        world = worlds.under((mistake,))
        for part in places:
            fast = world.formula(part.step, part.at)
            if fast is not None and worlds.goes_together(part.step, part.at):
                slow = world.samples(part.at).step(part.step)
                assert np.allclose(fast, slow, rtol=1e-10, atol=0.0, equal_nan=True)
                compared += 1
    assert compared > 20
