"""Starts that look made up or trivial though an honest slip leads to them, and those that are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.unit.judge.course import Course
from tests.unit.judge.explain.test_fair_marks import PRECISE, credits_of, homework

HALF = Fraction(1, 2)
CHAIN = "givens: {x: 1.7, y: 0.4}\n" + PRECISE
CHAIN += "questions:\n  - {id: big, kind: number}\n  - {id: a, kind: number}\n"
CHAIN += "  - {id: b, kind: number}\n"
CHAINED = """
def big(y): return 100 * y
def a(x): return x + 0.15
def b(a, big): return a * 2 + big
"""


@pytest.mark.parametrize(
    ("a", "b", "score"),
    [
        pytest.param("111", "262", 1, id="minutes for hours"),
        pytest.param("105.9972", "251.9944", 1, id="degrees"),
        pytest.param("185000", "370040", 1, id="a power of ten, of any size"),
        pytest.param("40", "120", 1, id="the right answer to another question"),
        pytest.param("77", "194", HALF, id="from nowhere"),
        pytest.param("41", "122", HALF, id="near another answer"),
        pytest.param("300", "640", 0, id="from nowhere, and of no size"),
        pytest.param("2.2", "44.4", 1, id="a small slip"),
    ],
)
def test_the_slip_behind_a_large_start_is_looked_for(
    tmp_path: Path, a: str, b: str, score: Fraction
) -> None:
    marked = Course(tmp_path, CHAIN, CHAINED).mark({"big": "40", "a": a, "b": b})
    assert marked["a"].score == 0
    assert marked["b"].score == score


POWERS = "givens: {x: 21}\n" + PRECISE
POWERS += "questions:\n  - {id: a, kind: number}\n  - {id: b, kind: number}\n"


@pytest.mark.parametrize(("a", "score"), [("484", 1), ("4.6904", 1), ("500", HALF)])
def test_a_square_for_a_number_is_a_slip(tmp_path: Path, a: str, score: Fraction) -> None:
    reference = "def a(x): return x + 1\ndef b(a): return a - 1.5\n"
    b = f"{float(a) - 1.5:.4f}"
    assert Course(tmp_path, POWERS, reference).mark({"a": a, "b": b})["b"].score == score


LEFT = "givens: {w: 0.7, rate: 0.3}\n" + PRECISE
LEFT += "questions:\n  - {id: slope, kind: number}\n  - {id: new, kind: number}\n"
LEFT += "  - {id: loss, kind: number}\n"
LEFT_OVER = """
def slope(w): return 2.3 + w / 70
def new(w, rate, slope): return w - rate * slope
def loss(new): return (new - 2) ** 2
"""


@pytest.mark.parametrize("new", ["0.45", "-0.2", "0.6"])
def test_what_is_left_of_a_difference_is_no_size(tmp_path: Path, new: str) -> None:
    """0.7 − 0.3·2.31 is 0.007: a slip is as large as 0.7, and no fabrication."""
    loss = f"{(float(new) - 2) ** 2:.4f}"
    marked = Course(tmp_path, LEFT, LEFT_OVER).mark({"slope": "2.31", "new": new, "loss": loss})
    assert marked["new"].score == 0
    assert marked["loss"].score == 1


def test_a_one_that_was_computed_is_no_made_up_one() -> None:
    """Four times z0 makes z1 and h1 one by accident: the gradients still follow from them."""
    forward = {"z0": "2", "h0": "2", "z1": "1", "h1": "1", "yhat": "1.5", "loss": "4.5"}
    gradients = {"dL_dw0": "0.75", "dL_dw1": "1", "dL_dw2": "1", "dL_dws": "2"}
    marked = homework("dl2022-exercise-3", {"forward_pass": forward, "gradient_values": gradients})
    assert credits_of(marked["forward_pass"])["z0"] == 0
    assert marked["gradient_values"].score == 4


def test_a_one_from_nowhere_still_leaves_nothing_to_do() -> None:
    forward = {"z0": "0.5", "h0": "0.5", "z1": "0.25", "h1": "1", "yhat": "0.75", "loss": "3.75"}
    gradients = {"dL_dw0": "0.75", "dL_dw1": "0.25", "dL_dw2": "1", "dL_dws": "0.5"}
    marked = homework("dl2022-exercise-3", {"forward_pass": forward, "gradient_values": gradients})
    assert credits_of(marked["gradient_values"])["dL_dw2"] == 0


def test_half_less_one_is_no_copy_of_a_half() -> None:
    """From a gradient of 1 the weight 0.5 becomes −0.5; that is computed."""
    gradients = {"dL_dw0": "0.75", "dL_dw1": "1", "dL_dw2": "0.25", "dL_dws": "0.5"}
    weights = {"w0": "-0.25", "w1": "-0.5", "w2": "0.25", "ws": "0"}
    marked = homework("dl2022-exercise-3", {"gradient_values": gradients, "new_weights": weights})
    assert credits_of(marked["new_weights"]) == {"w0": 1, "w1": 1, "w2": 1, "ws": 1}


def test_a_point_of_which_one_entry_moves_is_no_copy() -> None:
    first = ["-0.45", "0"]
    x, y = 4 + float(first[0]), 1 + float(first[1])
    points = [[f"{x:.4f}", f"{y:.4f}"]]
    velocity = (float(first[0]), float(first[1]))
    velocities = [first]
    for _ in range(2):
        ahead = (x + 0.9 * velocity[0], y + 0.9 * velocity[1])
        velocity = (
            0.9 * velocity[0] - 0.05 * (2 * ahead[0] + ahead[1]),
            0.9 * velocity[1] - 0.05 * (ahead[0] + 12 * ahead[1]),
        )
        x, y = x + velocity[0], y + velocity[1]
        velocities.append([f"{one:.6f}" for one in velocity])
        points.append([f"{x:.6f}", f"{y:.6f}"])
    marked = homework(
        "ecs289-homework", {"nesterov_velocities": velocities, "nesterov_points": points}
    )
    assert marked["nesterov_velocities"].score == 2
    assert marked["nesterov_points"].score == 3


@pytest.mark.lengthy
def test_an_answer_that_follows_is_blamed_on_no_mistake_that_gives_it_too() -> None:
    """The first unit is dead after this gradient, so the loss is that of an output of zero."""
    gradients = {"dL_dw0": "1.4731", "dL_dw1": "0.5", "dL_dw2": "-0.8", "dL_dws": "-1"}
    marked = homework(
        "dl2022-exercise-3",
        {"gradient_values_elsewhere": gradients, "step_elsewhere": {"loss_far": "4"}},
    )
    part = next(one for one in marked["step_elsewhere"].parts if one.label == "loss_far")
    words = " ".join(part.feedback.student)
    assert "was not used" in words
    assert "path" not in words


def test_what_follows_from_a_wrong_start_need_not_have_the_digits_of_the_right_one() -> None:
    """From z1 = 0.26 the output is 0.38 and the loss 3.38, which are no roundings of the key."""
    forward = {"z0": "0.5", "h0": "0.5", "z1": "0.26", "h1": "0.26", "yhat": "0.38"}
    marked = homework("dl2022-exercise-3", {"forward_pass": {**forward, "loss": "3.38"}})
    credit = credits_of(marked["forward_pass"])
    assert credit == {"z0": 1, "h0": 1, "z1": 0, "h1": 1, "yhat": 1, "loss": 1}


def test_a_rounded_answer_stays_short_of_digits_in_all_that_is_rounded() -> None:
    forward = {"z0": "0.5", "h0": "0.5", "z1": "0.25", "h1": "0.25", "yhat": "0.38"}
    marked = homework("dl2022-exercise-3", {"forward_pass": {**forward, "loss": "3.38"}})
    credit = credits_of(marked["forward_pass"])
    assert (credit["yhat"], credit["loss"]) == (0.5, 0.5)


@pytest.mark.lengthy
def test_an_output_that_is_the_target_itself_leaves_no_slope() -> None:
    """Copies of the old weights follow from ŷ = y, and show nothing."""
    copies = {"yhat": "4", "w0": "0.5", "w2": "-0.5", "loss": "4"}
    marked = homework("dl2022-exercise-3", {"step_elsewhere": copies})
    assert set(credits_of(marked["step_elsewhere"]).values()) == {0}
