"""What a fair teacher gives: a slip costs its own points, and made-up starts earn nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.judge.submission import judge
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from tests.homeworks import prepared
from tests.unit.judge.course import Course, typed_answer

#: Nearly all of them judge whole homeworks.
pytestmark = pytest.mark.lengthy
PRECISE = "defaults: {tolerance: {decimals: 4}}\n"


def homework(slug: str, answers: dict[str, Any]) -> dict[str, Outcome]:
    """The outcomes of a sheet of a homework that answers only this."""
    made = prepared(slug)
    missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    responses = {
        question.id: Response(value=typed_answer(answers[question.id]))
        if question.id in answers
        else missing
        for question in made.assignment.questions
    }
    cases = (case for one in made.key.cases.values() for case in one)
    responses |= {case.id: missing for case in cases}
    outcomes = judge(made.assignment, made.key, responses).outcomes
    return {outcome.question: outcome for outcome in outcomes}


def credits_of(outcome: Outcome) -> dict[str, float]:
    return {part.label: float(part.credit or 0) for part in outcome.parts}


# -- starts that make a later question trivial ----------------------------------------------------


def test_that_zero_would_have_done_is_an_accident_of_one_point() -> None:
    marked = homework(
        "dl2022-exercise-3",
        {
            "gradient_values": {
                "dL_dw0": "0.75",
                "dL_dw1": "0.5",
                "dL_dw2": "0.25",
                "dL_dws": "0.5",
            },
            "new_weights": {"w0": "-0.25", "w1": "0", "w2": "0.25", "ws": "0"},
        },
    )
    assert credits_of(marked["gradient_values"])["dL_dw1"] == 0
    assert marked["new_weights"].score == 2


def test_a_unit_that_is_dead_after_a_sign_slip_is_dead_in_all_that_follows() -> None:
    given = {"z0": "-0.5", "h0": "0", "z1": "0", "h1": "0", "yhat": "0", "loss": "3"}
    marked = homework("dl2022-exercise-3", {"forward_pass": given})
    assert marked["forward_pass"].score == Fraction(5, 2)


def test_the_weights_after_a_dead_unit_follow_as_well() -> None:
    given = {"z0": "-0.5", "h0": "0", "z1": "0", "h1": "0", "yhat": "0", "loss": "3"}
    zeros = dict.fromkeys(("dL_dw0", "dL_dw1", "dL_dw2", "dL_dws"), "0")
    weights = dict.fromkeys(("w0", "w1", "w2", "ws"), "0.5")
    marked = homework(
        "dl2022-exercise-3",
        {"forward_pass": given, "gradient_values": zeros, "new_weights": weights},
    )
    assert marked["gradient_values"].score == 4
    assert marked["new_weights"].score == 2


def test_zeros_from_nowhere_earn_nothing_but_what_is_right() -> None:
    """Nobody can tell how this start came about, and near it there is nothing to do either."""
    given = {"z0": "-0.31", "h0": "0", "z1": "0", "h1": "0", "yhat": "0", "loss": "3"}
    marked = homework("dl2022-exercise-3", {"forward_pass": given})
    credit = credits_of(marked["forward_pass"])
    assert [credit[label] for label in ("z0", "h0", "z1", "h1", "yhat")] == [0] * 5


def test_copies_from_a_made_up_gradient_of_zero_earn_nothing() -> None:
    zeros = dict.fromkeys(("dL_dw0", "dL_dw1", "dL_dw2", "dL_dws"), "0")
    weights = dict.fromkeys(("w0", "w1", "w2", "ws"), "0.5")
    marked = homework("dl2022-exercise-3", {"gradient_values": zeros, "new_weights": weights})
    # A named mistake has no slope of ws either; that all are zero makes this chance.
    assert credits_of(marked["new_weights"]) == {"w0": 0, "w1": 0, "w2": 0, "ws": 0}


STANDARD_ERROR = """
import math
def sd(spread): return 2 * spread
def se(sd, n): return sd / math.sqrt(n)
def lower(mean, se): return mean - 2 * se
def se_as_sd(sd): return sd
"""


@pytest.fixture(scope="module")
def interval(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The length is 0.40; from 0.026 the right way leads to 0.39, which is near but no copy."""
    spec = "givens: {spread: 0.05, n: 100, length: 0.40, wide: 1}\n"
    spec += "defaults: {tolerance: {atol: 0.005}}\nquestions:\n"
    spec += "  - {id: error, kind: number}\n  - {id: shortened, kind: number}\n"
    reference = (
        "def error(spread): return 0.0026 * spread / 0.05\n"
        "def shortened(length, error, wide): return length - 0.4 * error * wide\n"
    )
    return Course(tmp_path_factory.mktemp("interval"), spec, reference)


def test_an_answer_that_shows_in_its_digits_is_no_copy(interval: Course) -> None:
    assert interval.mark({"error": "0.026", "shortened": "0.39"})["shortened"].score == 1


def test_an_answer_that_is_the_copy_in_all_digits_is_one(interval: Course) -> None:
    assert interval.mark({"error": "0.0031", "shortened": "0.40"})["shortened"].score == 1
    zero = interval.mark({"error": "0", "shortened": "0.40"})["shortened"]
    assert zero.verdict in (Verdict.CORRECT, Verdict.INCORRECT)


PRODUCT = "def slope(x): return 2 * x\ndef ds(slope, g): return slope * g\n"


@pytest.mark.parametrize(
    ("slope", "ds", "score"),
    [
        pytest.param("2.6", "1.82", 1, id="any other start"),
        pytest.param("1", "0.7", 0, id="one leaves the other factor"),
        pytest.param("0.7", "0.49", 1, id="a copied given, with work done"),
        pytest.param("-3", "-2.1", 1, id="a sign"),
        pytest.param("0", "0", 0, id="zero"),
        pytest.param("0.05", "0.035", 1, id="a small one"),
    ],
)
def test_only_what_leaves_nothing_to_do_is_refused(
    tmp_path: Path, slope: str, ds: str, score: int
) -> None:
    spec = "givens: {x: 1.5, g: 0.7}\n" + PRECISE
    spec += "questions:\n  - {id: slope, kind: number}\n  - {id: ds, kind: number}\n"
    assert Course(tmp_path, spec, PRODUCT).mark({"slope": slope, "ds": ds})["ds"].score == score


# -- sizes ----------------------------------------------------------------------------------------

SIZES = "def z(x): return 0.001 * x\ndef h(z, y): return z + y\ndef z_unscaled(x): return x\n"
SIZED = "givens: {x: 3, y: 0.5}\n" + PRECISE
SIZED += "questions:\n  - {id: z, kind: number}\n  - {id: h, kind: number}\n"
UNSCALED = "mistakes:\n  - {id: unscaled, replaces: z, with: z_unscaled, feedback: Scale it.}\n"


@pytest.mark.parametrize(
    ("mistakes", "z", "h", "score"),
    [
        pytest.param(UNSCALED, "3", "3.5", 1, id="a named mistake gives it"),
        pytest.param(UNSCALED, "3.1", "3.6", 0, id="nothing gives it"),
        pytest.param("", "3", "3.5", 0, id="no mistake is named"),
    ],
)
def test_the_size_of_what_a_named_mistake_gives_is_not_questioned(
    tmp_path: Path, mistakes: str, z: str, h: str, score: int
) -> None:
    assert Course(tmp_path, SIZED + mistakes, SIZES).mark({"z": z, "h": h})["h"].score == score


def test_s_for_its_slope_costs_one_answer_in_the_chain_of_sigmoids() -> None:
    plain = "s(z5) s(z4) s(z3) s(z2) s(z1) w^4"
    starred = "s(z5*) (w^2 s(z4*) + wc) s(z3*) (w^2 s(z2) + wc) s(z1)"
    marked = homework(
        "bs6207-assignment-2",
        {
            "dy_dw1": f"{plain} x",
            "dy_db1": plain,
            "dystar_dw1": f"{starred} x",
            "dystar_db1": starred,
            "ratio_w1": f"abs({plain} x) / abs({starred} x)",
            "ratio_b1": f"abs({plain}) / abs({starred})",
        },
    )
    names = ("dy_dw1", "dy_db1", "dystar_dw1", "dystar_db1", "ratio_w1", "ratio_b1")
    scores = {name: marked[name].score for name in names}
    assert sum(score or 0 for score in scores.values()) == 6  # of 8
    assert scores["dystar_db1"] == 0  # where it costs most; of two alike the first by its id
    assert marked["dy_dw1"].reason is Reason.CHARGED_BEFORE


# -- rows -----------------------------------------------------------------------------------------


def test_the_first_point_follows_from_the_own_first_velocity() -> None:
    marked = homework(
        "ecs289-homework",
        {
            "nesterov_velocities": [["-0.45", "0.8"], ["-0.7", "-1.5"], ["-1", "-1"]],
            "nesterov_points": [["3.55", "1.8"], ["9", "9"], ["9", "9"]],
        },
    )
    first = marked["nesterov_points"].parts[0]
    assert first.verdict is Verdict.FOLLOWS
    assert first.credit == 1


@pytest.mark.parametrize("last", ["2.8235", "2.8236", "2.8237"])
def test_both_ends_of_what_typed_digits_allow_count(last: str) -> None:
    marked = homework(
        "ecs289-homework",
        {
            "nesterov_velocities": [["-0.45", "-0.8"], ["-0.7264", "-0.6"], ["-0.8", "-0.1"]],
            "nesterov_points": [["3.55", "0.2"], [last, "-0.4"], ["2", "-0.5"]],
        },
    )
    assert marked["nesterov_points"].parts[1].verdict is Verdict.FOLLOWS


@pytest.mark.parametrize("last", ["2.8234", "2.8238"])
def test_what_lies_beyond_them_does_not(last: str) -> None:
    marked = homework(
        "ecs289-homework",
        {
            "nesterov_velocities": [["-0.45", "-0.8"], ["-0.7264", "-0.6"], ["-0.8", "-0.1"]],
            "nesterov_points": [["3.55", "0.2"], [last, "-0.4"], ["2", "-0.5"]],
        },
    )
    assert marked["nesterov_points"].parts[1].verdict is Verdict.INCORRECT


HALVED = ", recurrence: {step: half, state: [steps]}"
STEPS = """
def steps(start, half):
    rows = [half(start)]
    for _ in range(3):
        rows.append(half(rows[-1]))
    return rows
def half(x, /, rate): return x - rate * x
"""


@pytest.mark.parametrize(
    ("recurrence", "answer", "score"),
    [
        pytest.param(HALVED, "8 6 4.5 3.3 2.475", 12, id="slip"),
        pytest.param(HALVED, "8 7 5.25 3.9375 2.953125", 12, id="slip in the first row"),
        pytest.param("", "8 6 4.5 3.3 2.475", 8, id="no recurrence"),
        pytest.param("", "8 6 4.5 3.375 2.53125", 16, id="no slip"),
        pytest.param("", "8 1 2 3 5", 0, id="no row is right either way"),
    ],
)  # fmt: skip
def test_a_list_may_begin_with_its_start_and_have_a_slip(
    tmp_path: Path, recurrence: str, answer: str, score: int
) -> None:
    """Of 20 points: five rows, one of which is too many."""
    spec = "givens: {start: 8, rate: 0.25}\nquestions:\n"
    spec += f"  - {{id: steps, kind: iterates, points: 20{recurrence}}}\n"
    outcome = Course(tmp_path, spec, STEPS).mark({"steps": answer.split()})["steps"]
    assert outcome.score == score
    if score:
        assert outcome.parts[-1].label == "a row before the first"


def test_adams_points_rounded_by_hand_at_each_row_follow() -> None:
    marked = homework("bs6207-assignment-2", {"gd_iterates": ["0.3", "0.5", "0.8", "1.1", "0.8"]})
    assert marked["gd_iterates"].score == Fraction(4, 5)


@pytest.mark.parametrize("row", ["2", "1.5", "0"])
def test_a_list_of_one_number_is_no_walk(row: str) -> None:
    """With so few digits each row would follow from the one before, as far as it goes."""
    key = prepared("bs6207-assignment-2").key.parts["adam_just_above", ""]
    marked = homework("bs6207-assignment-2", {"adam_just_above": [row] * len(key)})
    assert marked["adam_just_above"].score == 0


# -- an own formula that nothing accounts for -----------------------------------------------------

GRADIENT = "def z(w, x): return w * x + x\ndef dz(w, x, y): return 2 * w * x**2 + y\n"
OWN = """givens: {w: 0.5, x: 2, y: 3}
formulas: {domains: {w: [0.5, 2], x: [0.5, 2], y: [0.5, 2]}, symbols: {w: [], x: [], y: []}}
defaults: {tolerance: {decimals: 4}}
questions:
  - {id: dz_formula, kind: expression, step: dz, expected: 2 w x^2 + y}
  - {id: dz, kind: number, points: 2%s}
"""


@pytest.mark.parametrize(
    ("formula", "number", "score"),
    [
        pytest.param("2 w x^2 - y", "1", 2, id="a sign"),
        pytest.param("w x^2 + y", "5", 2, id="a factor"),
        pytest.param("2 w x^2", "4", 2, id="a term dropped"),
        pytest.param("2 w x + y", "5", 2, id="a power dropped"),
        pytest.param("2 w y^2 + y", "12", 2, id="a neighbour"),
        pytest.param("w x + 3 y x", "19", 1, id="wrong in several places"),
        pytest.param("w + 3 x", "6.5", 1, id="most of what it is made of"),
        pytest.param("w + 3 x", "8", 0, id="and the number is another one"),
        pytest.param("3", "3", 0, id="a constant"),
        pytest.param("3 + 0 w x y", "3", 0, id="a constant in disguise"),
        pytest.param("3000 w x y", "9000", 0, id="far too large"),
        pytest.param("1 / (w - w)", "1", 0, id="not defined"),
    ],
)
def test_a_number_from_an_own_formula(
    tmp_path: Path, formula: str, number: str, score: int
) -> None:
    course = Course(tmp_path, OWN % "", GRADIENT)
    assert course.mark({"dz_formula": formula, "dz": number})["dz"].score == score


def test_what_a_made_up_formula_earns_is_for_the_author_to_say(tmp_path: Path) -> None:
    policy = ", carry_forward: {fabricated_credit: 0.25}"
    course = Course(tmp_path, OWN % policy, GRADIENT)
    assert course.mark({"dz_formula": "w x + 3 y x", "dz": "19"})["dz"].score == Fraction(1, 2)


def test_an_own_formula_is_worked_out_with_the_own_numbers(tmp_path: Path) -> None:
    spec = OWN.replace("symbols: {", "symbols: {z: [], ") % ""
    spec += "  - {id: u_formula, kind: expression, step: u, expected: 2 z + y}\n"
    spec += "  - {id: z, kind: number}\n  - {id: u, kind: number}\n"
    reference = GRADIENT + "def u(z, y): return 2 * z + y\n"
    answers = {"u_formula": "2 z - y", "z": "3.7", "u": "4.4"}
    assert Course(tmp_path, spec, reference).mark(answers)["u"].score == 1


# -- one slip, charged once -----------------------------------------------------------------------

TWICE = """
def a(x, factor): return factor * x
def b(y, factor): return factor * y + 1
def f(x, /, factor): return factor * x
def factor(): return 2
def factor_forgotten(): return 1
"""
CHARGED = """givens: {x: 3, y: 5}
questions:
  - {id: a, kind: number, points: 2}
  - {id: b, kind: number, points: 3}
  - {id: f, kind: function, points: %d, call: f(x), cases: [{x: 1}, {x: 7}]}
mistakes:
  - {id: factor, replaces: factor, with: factor_forgotten, feedback: Twice., charge: %s}
"""


@pytest.mark.parametrize(
    ("charge", "points", "scores"),
    [
        pytest.param("each", 1, [0, 0, 0], id="each"),
        pytest.param("once", 1, [2, 0, 1], id="where it costs most"),
        pytest.param("once", 4, [2, 3, 0], id="in the code"),
        pytest.param("once", 3, [2, 0, 3], id="of two alike the first by its id"),
    ],
)
def test_a_mistake_in_several_answers(
    tmp_path: Path, charge: str, points: int, scores: list[int]
) -> None:
    course = Course(tmp_path, CHARGED % (points, charge), TWICE)
    marked = course.mark({"a": "3", "b": "6", "f/1": 1, "f/2": 7})
    assert [marked[name].score for name in ("a", "b", "f")] == scores
    if charge == "once":
        assert marked["a"].verdict is Verdict.FOLLOWS
        assert marked["a"].reason is Reason.CHARGED_BEFORE
        assert "counts in full" in " ".join(marked["a"].feedback.student)


def test_a_slip_of_ones_own_is_charged_beside_it(tmp_path: Path) -> None:
    course = Course(tmp_path, CHARGED % (1, "once"), TWICE)
    marked = course.mark({"a": "4", "b": "6", "f/1": 1, "f/2": 7})
    assert [marked[name].score for name in ("a", "b", "f")] == [0, 0, 1]


def test_a_question_may_charge_a_mistake_once_for_its_parts(tmp_path: Path) -> None:
    spec = "givens: {x: 3, y: 5}\nquestions:\n"
    spec += "  - {id: q, kind: number, points: 4, charge: once, parts: {a: {}, b: {share: 3}}}\n"
    spec += "  - {id: again, kind: number, step: a}\n"
    spec += "mistakes: [{id: f, replaces: factor, with: factor_forgotten, feedback: Twice.}]\n"
    marked = Course(tmp_path, spec, TWICE).mark({"q": {"a": "3", "b": "6"}, "again": "3"})
    assert marked["q"].score == 1
    assert marked["again"].score == 0


# -- leaves ---------------------------------------------------------------------------------------


def labels(**other: str) -> dict[str, str]:
    right = {
        "n1": "f", "n2": "a", "n3": "x0", "n4": "d", "n5": "c", "n6": "e", "n7": "b",
        "n8": "b x0", "n9": "b x0 + c", "n10": "x1 f", "n11": "x0 + x1 f", "n12": "e x1",
        "n13": "x0 - e x1", "n14": "(x0 - e x1)^a", "n15": "d x2", "n16": "sin(d x2)",
        "n17": "(x0 - e x1)^a + sin(d x2)", "n18": "x3 x2", "n19": "d x1", "n20": "x3 x2 + d x1",
    }  # fmt: skip
    return right | other


def test_exchanged_leaves_cost_two_labels() -> None:
    wrong = labels(
        n1="e", n6="f", n10="x1 e", n11="x0 + x1 e", n12="f x1", n13="x0 - f x1",
        n14="(x0 - f x1)^a", n17="(x0 - f x1)^a + sin(d x2)",
    )  # fmt: skip
    marked = homework("bs6207-assignment-2", {"node_labels": wrong})
    assert marked["node_labels"].score == Fraction(5 * 18, 20)


def test_labels_that_do_not_go_with_the_leaves_do_not_follow() -> None:
    wrong = labels(n1="e", n6="f", n10="x1 d", n12="c x1")
    credit = credits_of(homework("bs6207-assignment-2", {"node_labels": wrong})["node_labels"])
    assert [credit[label] for label in ("n1", "n6", "n10", "n12")] == [0, 0, 0, 0]


def test_a_leaf_that_is_said_to_be_one_leaves_nothing_to_label() -> None:
    wrong = labels(n7="1", n8="x0", n9="x0 + c")
    credit = credits_of(homework("bs6207-assignment-2", {"node_labels": wrong})["node_labels"])
    assert credit["n8"] == 0
