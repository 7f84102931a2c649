"""Two answers are about the same thing where all givens are equal that the earlier depends on."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.judge.submission import judge
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from tests import homeworks
from tests.unit.judge.course import Course

ROOT = Path(__file__).resolve().parents[4]
REFERENCE = """
import numpy as np
def grad(x): return 2.0 * np.sum(x)
def step(w, grad, rate): return w - rate * grad
"""


def spec(x: str, at: str) -> str:
    return f"""
givens: {{x: {x}, w: 0.8, rate: 0.1}}
questions:
  - {{id: grad, kind: number}}
  - {{id: step, kind: number, at: {at}}}
"""


@pytest.mark.parametrize(
    ("x", "at"),
    [
        ("3.0", "{x: 3}"),
        ("3.0", "{x: 3.0}"),
        ("3", "{x: 3.0}"),
        ("3.0", "{x: 3, w: 0.8}"),
        ("3.0", "{}"),
        ("[1.0, 2.0]", "{x: [1, 2]}"),
        ("[1, 2]", "{x: [1.0, 2.0]}"),
    ],
)
def test_an_instance_may_be_written_in_any_way(tmp_path: Path, x: str, at: str) -> None:
    verdicts = Course(tmp_path, spec(x, at), REFERENCE).verdicts({"grad": "5", "step": "0.3"})
    assert verdicts == {"grad": "incorrect", "step": "follows"}


FORMULA = """
import numpy as np
def slope(x, k): return 2.0 * k * x
def move(w, slope, rate): return w - rate * slope
"""


def with_formula(at: str) -> str:
    return f"""
givens: {{x: 3.0, k: 1.0, w: 0.8, rate: 0.1}}
formulas: {{domains: {{x: [1, 2], k: [1, 2], w: [-1, 1], rate: [0.1, 0.5]}}}}
questions:
  - {{id: slope, kind: expression}}
  - {{id: number, kind: number, step: slope, at: {at}}}
  - {{id: move, kind: expression, at: {at}}}
"""


@pytest.mark.parametrize(
    ("at", "move", "verdict"),
    [
        pytest.param("{}", "w - 2 rate k x", "correct", id="nothing held"),
        pytest.param("{}", "w - 6 rate k", "incorrect", id="nothing held, and a number"),
        pytest.param("{x: 3}", "w - 2 rate k x", "correct", id="held at its own value"),
        pytest.param("{x: 3}", "w - 6 rate k", "correct", id="and the number of it"),
        pytest.param("{x: 3.0}", "w - 6 rate k", "correct", id="in another spelling"),
        pytest.param("{x: 4}", "w - 8 rate k", "correct", id="held at another"),
        pytest.param("{x: 4}", "w - 6 rate k", "incorrect", id="the number of the given"),
        pytest.param("{rate: 0.1}", "w - 0.2 k x", "correct", id="another one held"),
        pytest.param("{rate: 0.1}", "w - 6 rate k", "incorrect", id="and a number of the first"),
    ],
)
def test_a_formula_at_the_givens_own_value_holds_it_fast(
    tmp_path: Path, at: str, move: str, verdict: str
) -> None:
    course = Course(tmp_path, with_formula(at), FORMULA)
    assert course.verdicts({"move": move})["move"] == verdict


@pytest.mark.parametrize(
    ("at", "number"),
    [("{}", "6"), ("{x: 3}", "6"), ("{x: 3.0, k: 1}", "6"), ("{x: 4}", "8"), ("{k: 1}", "6")],
)
def test_a_number_at_the_givens_own_value_is_the_same_number(
    tmp_path: Path, at: str, number: str
) -> None:
    course = Course(tmp_path, with_formula(at), FORMULA)
    assert course.verdicts({"number": number})["number"] == "correct"
    assert course.verdicts({"number": "7"})["number"] == "incorrect"


@pytest.mark.parametrize(
    ("at", "move", "verdict"),
    [
        pytest.param("{}", "w - 3 rate k x", "follows", id="nothing held"),
        pytest.param("{x: 3}", "w - 3 rate k x", "follows", id="held at its own value"),
        pytest.param("{x: 3}", "w - 9 rate k", "follows", id="with its number"),
        pytest.param("{}", "w - 9 rate k", "incorrect", id="with a number where it is drawn"),
        pytest.param("{x: 4}", "w - 12 rate k", "follows", id="held at another"),
    ],
)
def test_a_formula_follows_from_another_at_the_givens_own_value(
    tmp_path: Path, at: str, move: str, verdict: str
) -> None:
    course = Course(tmp_path, with_formula(at), FORMULA)
    assert course.verdicts({"slope": "3 k x", "move": move})["move"] == verdict


@pytest.mark.parametrize(
    ("at", "step", "verdict"),
    [
        ("{rate: 0.3}", "-0.7", "follows"),
        ("{rate: 0.3, x: 3}", "-0.7", "follows"),
        ("{w: 0.7}", "0.2", "follows"),
        ("{x: 4}", "0.3", "incorrect"),
        ("{x: true}", "0.3", "incorrect"),
    ],
)
def test_only_the_givens_count_that_the_earlier_answer_depends_on(
    tmp_path: Path, at: str, step: str, verdict: str
) -> None:
    verdicts = Course(tmp_path, spec("3.0", at), REFERENCE).verdicts({"grad": "5", "step": step})
    assert verdicts == {"grad": "incorrect", "step": verdict}


def test_a_step_follows_from_gradients_that_never_see_its_learning_rate() -> None:
    prepared = homeworks.prepared("dl2022-exercise-3")
    given = {
        "gradient_values_elsewhere": {"dL_dw1": NumberText("0.7")},
        "step_elsewhere": {"w1": NumberText("0.73")},
    }
    missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    names = [one.id for one in prepared.assignment.questions]
    names += [case.id for cases in prepared.key.cases.values() for case in cases]
    responses = {name: Response(value=given[name]) if name in given else missing for name in names}
    judged = judge(prepared.assignment, prepared.key, responses)
    outcome = next(one for one in judged.outcomes if one.question == "step_elsewhere")
    part = next(one for one in outcome.parts if one.label == "w1")
    assert part.verdict is Verdict.FOLLOWS
