"""The reference with mistakes in it: the same values however they are computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.compare.formula import Language, parse_formula
from grader.judge.expect.samples import Sampler
from grader.judge.expect.world import Worlds
from grader.model.assignment import Mistake
from grader.solver.bounded import OutOfBounds, bounded
from tests import homeworks
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


@pytest.mark.lengthy
@pytest.mark.parametrize(
    "slug",
    [
        pytest.param("bs6207-assignment-2", marks=pytest.mark.slow),
        "dl2022-exercise-3",
        "ecs289-homework",
    ],
)
def test_every_mistake_gives_the_same_at_all_points_at_once(slug: str) -> None:
    prepared = homeworks.prepared(slug)
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


# -- one instance, one budget ---------------------------------------------------------------------

COSTLY = """
def loop(n, /):
    for _ in range(n):
        pass
    return n

def a(x, loop): return x + loop(30000)
def b(a, loop): return a + loop(30000)
def c(b, loop): return b + loop(30000)
def d(c, loop): return c + loop(30000)
def given(n): return 0 * n + (7 if isinstance(n, int) else 8)
def a_other(x, loop): return x - loop(30000)
"""
COSTLY_SPEC = """
givens: {x: 0.5, n: 5}
formulas: {domains: {x: [0.2, 2]}}
questions:
  - {id: a, kind: number}
  - {id: d, kind: number}
mistakes:
  - {id: other, replaces: a, with: a_other, feedback: Look at the sign.}
"""


@pytest.fixture
def costly(tmp_path: Path) -> Worlds:
    course = Course(tmp_path, COSTLY_SPEC, COSTLY)
    assert course.prepared.key.worlds is not None
    assert course.prepared.reference is not None
    # Nothing is known yet, unlike after preparing.
    assignment, reference = course.prepared.assignment, course.prepared.reference
    return Worlds(assignment, reference, Sampler(assignment, reference))


@pytest.mark.lengthy
@pytest.mark.parametrize("warm", [(), ("a", "b", "c"), ("d",)], ids=str)
@pytest.mark.parametrize("mistaken", [False, True])
def test_what_is_over_budget_does_not_hang_on_what_is_known(
    costly: Worlds, warm: tuple[str, ...], mistaken: bool
) -> None:
    world = costly.under(costly.assignment.mistakes if mistaken else ())
    for step in warm:
        _ = world.solution({})[step]
    assert world.value("c", {}) is not None
    assert world.value("d", {}) is None
    assert world.over_budget("d", {})
    assert not world.over_budget("c", {})
    assert not world.over_budget("nothing", {})


@pytest.mark.lengthy
@pytest.mark.parametrize("first", ["symbol", "step", ""])
def test_points_are_charged_alike_whatever_was_asked_of_them(costly: Worlds, first: str) -> None:
    """Each of the 24 points costs 60,000 lines: the fourth of them is over the bound."""
    samples = costly.under().samples({})
    if first:
        assert np.isfinite(getattr(samples, first)("a")).all()
    with pytest.raises(OutOfBounds), bounded():
        samples.symbol("a")
    with pytest.raises(OutOfBounds), bounded():
        samples.step("a")
    assert costly.under().formula("a", {}) is None
    assert costly.under().over_budget("a", {}, formula=True)
    assert np.isfinite(samples.symbol("a")).all()  # and never NaN because a block had ended
    with bounded(10_000_000) as block:
        samples.symbol("a")
    assert block.used > 24 * 60_000


def test_an_instance_is_remembered_once_however_it_is_written(costly: Worlds) -> None:
    world = costly.under()
    spellings: list[dict[str, object]] = [{"x": 3, "n": 6}, {"n": 6.0, "x": np.float64(3)}]
    first, second = (world.solution(at) for at in spellings)
    assert first is second
    assert first["given"] == 7  # a whole number, as the assignment's own
    assert world.solution({"x": 0.5}) is world.solution({})
    assert world.samples({"n": 5.0}) is world.samples({})
    assert world.samples({"x": 0.5}) is not world.samples({})  # there it is not drawn
    assert set(world.samples({"x": 0.5}).symbol("x")) == {0.5}


@pytest.mark.lengthy
def test_a_formula_under_a_mistake_without_end_ends(worlds: Worlds) -> None:
    forever = Mistake(id="forever", replace={"branching": "endless"}, values={}, feedback="")
    formula = parse_formula("2 branching", Language.of({"branching": ()}, {}))
    with pytest.raises(OutOfBounds):
        worlds.under((forever,)).formula_values(formula, "smooth", {})
