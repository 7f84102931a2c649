"""Nothing is diagnosed that is right or merely imprecise, or where all variants agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.model.fact_explaining import Diverges, Explained, Hint, Shifted
from grader.model.outcome import Outcome
from grader.model.verdict import Verdict
from tests.unit.judge.course import Course

NEWTON = """
def step(x, /, a): return (x + a / x) / 2
def step_minus(x, /, a): return x - (x * x - a) / (2 * x) * 1.05
def step_slow(x, /, a): return x - (x * x - a) / (2 * x) * 0.95
def newton(start, step):
    rows = []
    for _ in range(4):
        start = step(start)
        rows.append(start)
    return rows
"""
SPEC = """
givens: {start: 2.0, a: 5.0}
questions:
  - id: newton
    kind: iterates
    tolerance: {decimals: 5}
    recurrence: {step: step, state: [newton]}
mistakes:
  - {id: minus, replaces: step, with: step_minus, feedback: You subtracted wrongly.}
  - {id: slow, replaces: step, with: step_slow, feedback: The step is too small.}
"""


@pytest.fixture(scope="module")
def newton(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("newton"), SPEC, NEWTON)


def said_of(outcome: Outcome, *kinds: type) -> list[object]:
    facts = [*outcome.facts.items, *(fact for part in outcome.parts for fact in part.facts.items)]
    return [fact for fact in facts if isinstance(fact, kinds)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["2.25", "2.236", "2.236", "2.236"], id="three decimals"),
        pytest.param(["2.25", "2.24", "2.24", "2.24"], id="two decimals"),
        pytest.param(["2.25", "2.23611", "2.236", "2.236"], id="the last two"),
        pytest.param(["2.25", "2.236", "2.23607", "2.23607"], id="one in between"),
        pytest.param(["2.25", "2.2361", "2.2361", "2.2361"], id="four decimals"),
        pytest.param(["2.25", "2.23611", "2.23607", "2.23607"], id="all right"),
    ],
)
def test_what_is_imprecise_is_blamed_for_nothing_else(newton: Course, rows: list[str]) -> None:
    outcome = newton.mark({"newton": rows}, typed=True)["newton"]
    assert said_of(outcome, Explained, Diverges, Hint, Shifted) == []
    verdicts = {part.verdict for part in outcome.parts}
    assert verdicts <= {Verdict.CORRECT, Verdict.IMPRECISE, Verdict.FOLLOWS}


def test_a_mistake_that_shows_is_named(newton: Course) -> None:
    """The honest cousin: the step that subtracts too much, in the rows where it tells."""
    rows, x = [], 2.0
    for _ in range(4):
        x -= (x * x - 5) / (2 * x) * 1.05
        rows.append(f"{x:.5f}")
    outcome = newton.mark({"newton": rows}, typed=True)["newton"]
    assert "You subtracted wrongly." in " ".join(outcome.parts[0].feedback.student)
    later = said_of(newton.mark({"newton": ["2.25", *rows[1:]]}, typed=True)["newton"], Explained)
    assert later


def test_where_all_variants_agree_none_is_asserted(tmp_path: Path) -> None:
    """A wrong number near the right one: a variant that the question cannot tell from it is no
    reason, though the number lies within its tolerance."""
    reference = "def t(a): return a\ndef near(a): return a * 1.009\ndef far(a): return a * 1.2\n"
    reference += "def sharp(t): return t\n"
    spec = (
        "givens: {a: 2.0}\ndefaults: {tolerance: {rtol: 0.01}}\n"
        "questions:\n  - {id: t, kind: number}\n"
        "  - {id: sharp, kind: number, tolerance: {rtol: 1.0e-6}}\nmistakes:\n"
        "  - {id: near, replaces: t, with: near, feedback: Near.}\n"
        "  - {id: far, replaces: t, with: far, feedback: Far.}\n"
    )
    course = Course(tmp_path, spec, reference)
    assert said_of(course.mark({"t": 2.03})["t"], Explained) == []
    assert said_of(course.mark({"t": 2.41})["t"], Explained) != []


def test_a_list_that_stands_still_is_not_one_step_ahead(tmp_path: Path) -> None:
    reference = (
        "def step(x, /, low): return max(low, x - 2)\n"
        "def rows(start, step):\n    found = [step(start)]\n"
        "    while len(found) < 4: found.append(step(found[-1]))\n    return found\n"
    )
    spec = "givens: {start: 7.0, low: %s}\nquestions: [{id: rows, kind: iterates}]\n"
    still = Course(tmp_path / "still", spec % 3.0, reference)
    assert said_of(still.mark({"rows": [3.0, 3.0, 3.0, 3.0]})["rows"], Shifted) == []
    moves = Course(tmp_path / "moves", spec % -3.0, reference)
    assert said_of(moves.mark({"rows": [3.0, 1.0, -1.0, -3.0]})["rows"], Shifted) != []
