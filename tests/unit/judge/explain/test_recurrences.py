"""iterates: each row is also judged from the student's own row before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.model.verdict import Reason
from tests.some import some
from tests.unit.judge.course import Course

# Momentum on f(x) = 3 x²/2: the velocity is asked beside the points.
REFERENCE = """
import numpy as np

def velocity_step(v, x, /, rate, momentum):
    v = momentum * v - rate * 3 * x
    return v, x + v

def path(start, velocity_step):
    rows = [velocity_step(0.0, start)]
    for _ in range(4):
        rows.append(velocity_step(*rows[-1]))
    return rows

def velocities(path): return np.array([v for v, _ in path])
def points(path): return np.array([x for _, x in path])

def uphill_step(v, x, /, rate, momentum):
    v = momentum * v + rate * 3 * x
    return v, x + v

def forgetful_step(v, x, /, rate):
    return -rate * 3 * x, x - rate * 3 * x
"""
SPEC = """
givens: {start: 2.0, rate: 0.1, momentum: 0.5}
defaults: {tolerance: {decimals: 3}}
questions:
  - id: velocities
    kind: iterates
    points: 5
    recurrence: {step: velocity_step, state: [velocities, points]}
  - id: points
    kind: iterates
    points: 5
    recurrence: {step: velocity_step, state: [velocities, points]}
mistakes:
  - {id: uphill, replaces: velocity_step, with: uphill_step, feedback: Go downhill.}
  - {id: forgetful, replaces: velocity_step, with: forgetful_step, feedback: Keep v., credit: 0.5}
"""


def step(v: float, x: float) -> tuple[float, float]:
    v = 0.5 * v - 0.1 * 3 * x
    return v, x + v


def path(slips: dict[int, tuple[float, float]] | None = None) -> dict[str, list[str]]:
    """Five rows, typed with four decimals and gone on from as typed; `slips` are added to rows."""
    v, x = 0.0, 2.0
    rows = []
    for number in range(1, 6):
        v, x = step(v, x)
        dv, dx = (slips or {}).get(number, (0.0, 0.0))
        v, x = round(v + dv, 4), round(x + dx, 4)
        rows.append((v, x))
    return {
        "velocities": [f"{v:.4f}" for v, _ in rows],
        "points": [f"{x:.4f}" for _, x in rows],
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("momentum"), SPEC, REFERENCE)


def rows(course: Course, answers: dict[str, Any], question: str) -> list[str]:
    return [part.verdict.value for part in course.mark(answers)[question].parts]


def test_the_right_path_is_right(course: Course) -> None:
    assert set(course.verdicts(path()).values()) == {"correct"}


def test_a_slip_costs_the_row_in_which_it_was_made(course: Course) -> None:
    answers = path({2: (0.0, 0.25)})
    assert rows(course, answers, "points") == ["correct", "incorrect", *["follows"] * 3]
    assert rows(course, answers, "velocities") == ["correct", "correct", *["follows"] * 3]


def test_both_columns_may_slip_in_the_same_row(course: Course) -> None:
    answers = path({3: (0.2, -0.3)})
    assert rows(course, answers, "velocities") == ["correct"] * 2 + ["incorrect"] + ["follows"] * 2


def test_the_rows_of_a_question_that_was_not_answered_are_the_right_ones(course: Course) -> None:
    """The velocity is not handed in: its right rows stand in for the student's."""
    x = step(*step(0.0, 2.0))[1] + 0.25
    wrong = [f"{step(0.0, 2.0)[1]:.4f}", f"{x:.4f}", f"{step(step(*step(0.0, 2.0))[0], x)[1]:.4f}"]
    assert rows(course, {"points": wrong}, "points")[:3] == ["correct", "incorrect", "follows"]


def test_a_wrong_step_is_not_what_follows(course: Course) -> None:
    answers = path({2: (0.0, 0.25)})
    answers["points"][3] = "9.0000"
    assert rows(course, answers, "points")[3] == "incorrect"


def test_the_first_row_has_no_row_before_it(course: Course) -> None:
    answers = path({1: (0.0, 0.25)})
    assert rows(course, answers, "points")[0] == "incorrect"


def test_a_mistake_is_found_in_the_rows_and_earns_what_the_spec_gives(course: Course) -> None:
    x, answers = 2.0, []
    for _ in range(5):
        x = x - 0.1 * 3 * x
        answers.append(f"{x:.4f}")
    outcome = course.mark({"points": answers})["points"]
    assert [part.reason for part in outcome.parts[1:]] == [Reason.KNOWN_MISTAKE] * 4
    assert outcome.score == 3  # the first row is the same in both ways
    assert "Keep v." in outcome.parts[1].feedback.student[-1]


def test_where_the_list_first_goes_wrong_is_said(course: Course) -> None:
    outcome = course.mark({"points": [*path()["points"][:3], "9", "9"]})["points"]
    assert (
        "the rows before iterate 4 are in order: look for the slip in that one"
        in outcome.feedback.student
    )


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        pytest.param(1, 5, "one step ahead", id="the first row is missing"),
        pytest.param(
            -1, 4, "begins with a row that comes before the first iterate", id="begins early"
        ),
    ],
)
def test_a_shifted_list_is_said_to_be_shifted(
    tmp_path: Path, begin: int, end: int, words: str
) -> None:
    without = SPEC.replace("recurrence: {step: velocity_step, state: [velocities, points]}", "")
    course = Course(tmp_path, without, REFERENCE)
    points = path()["points"]
    answer = points[begin:end] if begin > 0 else ["2.0000", *points[:end]]
    outcome = course.mark({"points": answer})["points"]
    said = " ".join(outcome.feedback.student)
    assert words in said + " ".join(
        part.feedback.student[0] for part in outcome.parts if part.feedback.student
    )


def test_a_fixed_point_is_no_start(course: Course) -> None:
    """At x = 0 with v = 0 every step of any method stays where it is."""
    outcome = course.mark({"velocities": ["0"] * 5, "points": ["0"] * 5})["points"]
    assert outcome.score == 0


@pytest.mark.lengthy
@settings(max_examples=some(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    row=st.integers(1, 5),
    slip=st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)).map(
        lambda pair: (round(pair[0], 3), round(pair[1], 3))
    ),
)
def test_one_slip_costs_its_row_and_no_other_unless_a_guard_says_why(
    course: Course, row: int, slip: tuple[float, float]
) -> None:
    """A velocity that happens to be next to zero could have been guessed, or is no start."""
    for outcome in course.mark(path({row: slip})).values():
        for number, part in enumerate(outcome.parts, 1):
            if not part.credit and number != row:
                said = " ".join(part.feedback.staff)
                assert "a wrong method" in said or "far too large" in said


@pytest.mark.lengthy
@settings(max_examples=some(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=st.lists(st.floats(-3, 3).map(lambda x: round(x, 3)), max_size=7))
def test_it_never_lowers_a_score_and_never_fails(
    tmp_path_factory: pytest.TempPathFactory, course: Course, answer: list[float]
) -> None:
    strict = Course(
        tmp_path_factory.mktemp("strict"),
        SPEC.replace("decimals: 3}}", "decimals: 3}, carry_forward: false}"),
        REFERENCE,
    )
    carried, plain = course.mark({"points": answer}), strict.mark({"points": answer})
    assert carried["points"].score is not None
    assert plain["points"].score is not None
    assert carried["points"].score >= plain["points"].score
    assert np.isfinite(float(carried["points"].score))


def test_hidden_state_is_carried_along_the_own_rows(tmp_path: Path) -> None:
    """The velocity is not asked: it is what the student's own points lead to."""
    hidden = SPEC.split("questions:")[0] + (
        "questions:\n  - id: points\n    kind: iterates\n    points: 5\n"
        "    recurrence: {step: velocity_step, state: [velocities, points]}\n"
    )
    course = Course(tmp_path, hidden, REFERENCE)
    v, x = step(0.0, 2.0)
    rows_given = [x]
    for number in range(2, 6):
        v, x = step(v, x)
        x += 0.25 if number == 2 else 0.0
        rows_given.append(x)
    verdicts = [part.verdict.value for part in course.mark({"points": rows_given})["points"].parts]
    assert verdicts == ["correct", "incorrect", "follows", "follows", "follows"]


BESIDE = SPEC.replace(
    "  - id: points\n    kind: iterates\n    points: 5\n"
    "    recurrence: {step: velocity_step, state: [velocities, points]}",
    "  - id: points\n    kind: iterates\n    points: 5\n"
    "    recurrence: {step: move, state: [points], beside: [velocities]}",
)


def test_a_row_may_be_made_of_another_lists_row_of_the_same_number(tmp_path: Path) -> None:
    """The slip is in the velocity; the point rightly adds it."""
    reference = REFERENCE + "\ndef move(point, velocity, /): return point + velocity\n"
    course = Course(tmp_path, BESIDE, reference)
    answers = path({3: (0.2, 0.2)})
    assert rows(course, answers, "points") == ["correct"] * 2 + ["follows"] * 3
    assert rows(course, answers, "velocities") == ["correct"] * 2 + ["incorrect"] + ["follows"] * 2


ELSEWHERE = SPEC.replace("  - id: points\n", "  - id: points\n    at: {rate: 0.2}\n")


def test_a_list_at_another_instance_is_no_state(tmp_path: Path) -> None:
    """Velocities at one rate say nothing of the points at another: their state is the right one."""
    course = Course(tmp_path, ELSEWHERE, REFERENCE)
    rows, v, x = [], 0.0, 2.0
    for number in range(5):
        v = 0.5 * v - 0.2 * 3 * x
        x += v + (0.25 if number == 1 else 0.0)
        rows.append(x)
    slow = [[f"{value:.4f}" for value in (-0.6, -0.72, -0.564, -0.3108, -0.0909)]]
    alone = course.mark({"points": rows})["points"]
    beside = course.mark({"points": rows, "velocities": slow[0]})["points"]
    assert alone.score == 4
    assert (beside.score, beside.verdict) == (alone.score, alone.verdict)


def test_a_list_at_the_same_instance_written_otherwise_is_the_state(tmp_path: Path) -> None:
    course = Course(tmp_path, ELSEWHERE.replace("{rate: 0.2}", "{rate: 0.10}"), REFERENCE)
    velocities, points, v, x = [], [], 0.0, 2.0
    for number in range(5):
        v = 0.5 * v - 0.1 * 3 * x
        x += v + (0.25 if number == 1 else 0.0)
        velocities.append(v)
        points.append(x)
    outcomes = course.mark({"points": points, "velocities": velocities})
    assert outcomes["velocities"].score == 5
    assert outcomes["points"].score == 4
