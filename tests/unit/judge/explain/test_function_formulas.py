"""A formula for a function step stands for the function wherever the reference calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.model.fact_explaining import StartUnused, Unusable
from grader.model.outcome import Outcome
from tests.homeworks import prepared
from tests.some import first_few
from tests.unit.judge.course import Course

Slope = Callable[[float, float], float]


# -- the homework: two partial derivatives, and three lists of iterates made with them -------------

NAMES = ("gradient_formulas", "sgd_points", "nesterov_velocities", "nesterov_points")


@pytest.fixture(scope="module")
def homework() -> Course:
    course = Course.__new__(Course)
    course.prepared = prepared("ecs289-homework")
    return course


def iterates(by_x: Slope, by_y: Slope) -> dict[str, Any]:
    """The three lists with these slopes, with six digits."""

    def gradient(point: Any) -> Any:
        return np.array([by_x(*point), by_y(*point)])

    point = at = np.array([4.0, 1.0])
    velocity = np.zeros(2)
    points, velocities, places = [], [], []
    for _ in range(3):
        point = point - 0.05 * gradient(point)
        velocity = 0.9 * velocity - 0.05 * gradient(at + 0.9 * velocity)
        at = at + velocity
        points.append(typed(point))
        velocities.append(typed(velocity))
        places.append(typed(at))
    return {"sgd_points": points, "nesterov_velocities": velocities, "nesterov_points": places}


def typed(row: Sequence[float]) -> list[str]:
    return [f"{number:.6g}" for number in row]


def earned(marked: dict[str, Outcome]) -> list[float]:
    return [float(marked[name].score or 0) for name in NAMES]


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("formulas", "by_x", "by_y", "expected"),
    first_few([
        (("2x + y", "x + 6y"), lambda x, y: 2 * x + y, lambda x, y: x + 6 * y, [1, 3, 3, 3]),
        # A mistake of the spec accounts for these; in both formulas it is charged once.
        (("2x - y", "x + 12y"), lambda x, y: 2 * x - y, lambda x, y: x + 12 * y, [1, 3, 3, 3]),
        (("2x", "12y"), lambda x, _: 2 * x, lambda _, y: 12 * y, [1, 3, 3, 3]),
        # A right formula, and a wrong one in other letters than the reference has.
        (("y + x + x", "6y + x"), lambda x, y: 2 * x + y, lambda x, y: x + 6 * y, [1, 3, 3, 3]),
        # Slopes that change with nothing, and none at all: from these every list is trivial.
        (("9", "16"), lambda _x, _y: 9.0, lambda _x, _y: 16.0, [0, 1, 1, 3]),
        (("0", "0"), lambda _x, _y: 0.0, lambda _x, _y: 0.0, [0, 0, 0, 0]),
        # Far too large everywhere.
        (("2x + y", "x + 12000y"), lambda x, y: 2 * x + y, lambda x, y: x + 12e3 * y, [1, 0, 0, 0]),
    ], 2),
)  # fmt: skip
def test_iterates_follow_from_own_formulas_of_the_gradient(
    homework: Course,
    formulas: tuple[str, str],
    by_x: Slope,
    by_y: Slope,
    expected: list[float],
) -> None:
    answers = {"gradient_formulas": {"df_dx": formulas[0], "df_dy": formulas[1]}}
    marked = homework.mark({**answers, **iterates(by_x, by_y)})
    assert earned(marked) == expected


@pytest.mark.lengthy
def test_a_slip_in_a_row_beside_an_own_formula_costs_that_row(homework: Course) -> None:
    def slope(point: Any) -> Any:
        return np.array([2 * point[0] + point[1], point[0] + 6 * point[1]])

    first = np.array([4.0, 1.0]) - 0.05 * slope(np.array([4.0, 1.0]))
    second = first - 0.05 * slope(first) + np.array([0.3, 0.0])
    third = second - 0.05 * slope(second)
    marked = homework.mark(
        {
            "gradient_formulas": {"df_dx": "2x + y", "df_dy": "x + 6y"},
            "sgd_points": [typed(first), typed(second), typed(third)],
        }
    )
    rows = [part.verdict.value for part in marked["sgd_points"].parts]
    assert rows == ["follows", "incorrect", "follows"]
    (told, *_) = marked["sgd_points"].parts[2].feedback.student
    assert "the row before, as you gave it, with your own formula in gradient_formulas" in told


@pytest.mark.lengthy
def test_iterates_of_another_gradient_than_the_formula_do_not_follow(homework: Course) -> None:
    lists = iterates(lambda x, y: 2 * x + y, lambda x, y: x + 7 * y + 2)
    formulas = {"df_dx": "2x + y", "df_dy": "x + 6y"}
    marked = homework.mark({"gradient_formulas": formulas, **lists})
    assert earned(marked)[:3] == [1, 0, 0]


def test_the_right_gradient_beside_a_wrong_formula_is_right(homework: Course) -> None:
    lists = iterates(lambda x, y: 2 * x + y, lambda x, y: x + 12 * y)
    formulas = {"df_dx": "2x + y", "df_dy": "x + 6y"}
    assert earned(homework.mark({"gradient_formulas": formulas, **lists})) == [1, 3, 3, 3]


# -- numbers, arrays, formulas and instances -------------------------------------------------------

REFERENCE = """
import numpy as np

def slope(z, /, k): return k * (1 - z**2)
def energy(v, /): return (v**2).sum() / 2

def at_one(x, slope): return slope(x) + 1
def many(xs, slope): return slope(np.array(xs))
def chain(x, slope): return slope(x) * slope(2 * x)
def halves(x, slope):
    total = 0.0
    for n in range(1, 5):
        total = total + slope(x / 2**n)
    return total
def caught(x, slope):
    try:
        return slope(x + 10) + 5
    except Exception:
        return 5.0
def long(x, slope):
    total = 0.0
    for n in range(3000):
        total = total + slope(x) / (n + 1)
    return total
def inverse(x, slope): return 2 + 1 / slope(x)
def next_row(row, /, slope): return row + slope(row) / 10
def rows(x, next_row):
    found = [next_row(x)]
    for n in range(2):
        found.append(next_row(found[-1]))
    return np.array(found)
def charge(point, energy): return energy(np.array(point)) + 1
def charges(points, energy): return energy(np.array(points[0])) - energy(np.array(points[1]))
def flat(z, /, k): return k * (1 - z)
"""
SPEC = """
givens: {x: 0.5, xs: [0.1, 0.4, 0.7], k: 3, point: [1, 2], points: [[1, 2], [3, 1]]}
formulas:
  domains: {z: [-2, 2], k: [1, 4], x: [-1, 1], v: {range: [-2, 2], shape: [2]}}
questions:
  - {id: slope, kind: expression}
  - {id: energy, kind: expression}
  - {id: at_one, kind: number}
  - {id: elsewhere, kind: number, step: at_one, at: {x: 1.5, k: 2}}
  - {id: many, kind: array}
  - {id: halves, kind: number}
  - {id: caught, kind: number}
  - {id: long, kind: number}
  - {id: inverse, kind: number}
  - id: rows
    kind: iterates
    carry_forward: {credit: 0.5}
    recurrence: {step: next_row, state: [rows]}
  - {id: chain, kind: expression}
  - {id: charge, kind: number}
  - {id: charges, kind: number}
mistakes:
  - {id: not-squared, replaces: slope, with: flat, feedback: The slope has a square in it.}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("functions"), SPEC, REFERENCE)


def test_the_right_formula_is_right(course: Course) -> None:
    marked = course.verdicts(
        {"slope": "k - k z^2", "energy": "v @ v / 2", "chain": "k(1 - x^2) k(1 - 4x^2)"}
    )
    assert (marked["slope"], marked["energy"], marked["chain"]) == ("correct",) * 3


def wrong(z: Any, k: float = 3) -> Any:
    return k * (1 + z**2)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("at_one", repr(wrong(0.5) + 1)),
        ("elsewhere", repr(wrong(1.5, 2) + 1)),
        ("many", [repr(wrong(x)) for x in (0.1, 0.4, 0.7)]),
        ("halves", repr(sum(wrong(0.5 / 2**n) for n in range(1, 5)))),
        ("caught", repr(wrong(10.5) + 5)),
        ("chain", "k(1 + x^2) k(1 + 4x^2)"),
    ],
)
def test_whatever_the_function_is_called_for_follows(
    course: Course, question: str, answer: Any
) -> None:
    assert course.verdicts({question: answer})[question] == "incorrect"
    marked = course.verdicts({"slope": "k(1 + z^2)", question: answer})
    assert (marked["slope"], marked[question]) == ("incorrect", "follows")


def test_a_formula_of_an_array_stands_for_its_function(course: Course) -> None:
    marked = course.verdicts({"energy": "v @ v", "charge": "6", "charges": "-5"})
    assert (marked["charge"], marked["charges"]) == ("follows", "follows")


def test_a_mistake_in_the_function_explains_its_formula_and_what_is_made_with_it(
    course: Course,
) -> None:
    marked = course.mark({"slope": "k(1 - z)", "at_one": "2.5"})
    assert "square" in " ".join(marked["slope"].feedback.student)
    assert marked["at_one"].verdict.value == "follows"
    alone = course.mark({"at_one": "2.5"})["at_one"]
    assert "square" in " ".join(alone.feedback.student)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("k(1 + z^2) + sqrt(z - 1)", Unusable.UNDEFINED),  # where the right one is defined
        pytest.param("1000 k (1 + z^2)^2", Unusable.SIZE, marks=pytest.mark.lengthy),
        ("k", Unusable.UNRELATED),  # it changes with nothing that the right one changes with
        ("k v", Unusable.OTHER_FORM),
        ("k / (z - 0.5)", None),  # not defined where it is called, with x = 0.5
        ("k(1 + ", None),  # no formula
    ],
)
def test_what_cannot_stand_for_the_function_is_not_carried_forward(
    course: Course, formula: str, why: Unusable | None
) -> None:
    """No number that comes from it is a fault of ours, and right ones stay right."""
    answers = {"at_one": "4", "many": ["1", "2", "3"], "halves": "1", "inverse": "2"}
    marked = course.mark({"slope": formula, **answers})
    assert {marked[name].verdict.value for name in answers} == {"incorrect"}
    unused = [fact for fact in marked["at_one"].facts.items if isinstance(fact, StartUnused)]
    assert [fact.why for fact in unused] == ([why] if why else [])
    assert course.verdicts({"slope": formula, "at_one": "3.25"})["at_one"] == "correct"


def test_a_mistake_in_a_function_that_is_known_explains_no_row(course: Course) -> None:
    """The rows follow from the own slope, whatever would have stood in its place."""
    rows = [0.5]
    for _ in range(3):
        rows.append(rows[-1] + wrong(rows[-1]) / 10)
    marked = course.mark({"slope": "k(1 + z^2)", "rows": [repr(row) for row in rows[1:]]})["rows"]
    assert [part.verdict.value for part in marked.parts] == ["follows"] * 3
    assert marked.score == Fraction(1, 2)
    told = " ".join(word for part in marked.parts for word in part.feedback.student)
    assert "The slope has a square in it." not in told


@pytest.mark.slow
def test_a_formula_that_is_called_too_often_is_not_carried_forward(course: Course) -> None:
    """What it costs goes by its length: the shorter way of writing it still follows."""
    answer = repr(sum(wrong(0.5) / (n + 1) for n in range(3000)))
    longer = course.verdicts({"slope": "k(1 + z^2) + 0*z*z*z", "long": answer})
    shorter = course.verdicts({"slope": "k(1 + z^2)", "long": answer})
    assert (longer["long"], shorter["long"]) == ("incorrect", "follows")


def test_marks_do_not_hang_on_the_order_of_the_class(course: Course) -> None:
    mine = {"slope": "k(1 + z^2)", "halves": "12.99609375", "many": ["1", "2", "3"]}
    before = course.mark(mine)
    course.mark({"slope": "k(1 - z)", "halves": "1"})
    assert course.mark(mine) == before


@pytest.mark.lengthy
def test_the_own_slope_of_relu_reaches_the_gradients_of_another_homework() -> None:
    course = Course.__new__(Course)
    course.prepared = prepared("dl2022-exercise-3")
    # relu'(z) = z: 0.5·0.25·0.5 for w1, (0.5 + 0.5·0.25·0.5)·0.5 for w0
    values = {"dL_dw0": "0.28125", "dL_dw1": "0.0625", "dL_dw2": "0.25", "dL_dws": "0.5"}
    formula = "where(z > 0, z, 0)"
    marked = course.mark({"relu_slope": formula, "gradient_values": values})
    assert marked["relu_slope"].score == 0
    assert marked["gradient_values"].score == 4
    # Without the formula it is a mistake of the spec in two of the numbers, charged once.
    assert course.mark({"gradient_values": values})["gradient_values"].score == 3


def test_a_right_formula_does_not_say_that_the_function_was_called(course: Course) -> None:
    """Who knows the slope may still make a mistake in it where it is used."""
    marked = course.mark({"slope": "k(1 - z^2)", "at_one": "2.5"})["at_one"]
    assert "The slope has a square in it." in marked.feedback.student
