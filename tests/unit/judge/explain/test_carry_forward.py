"""Error carried forward: what follows from a student's own start, and what must not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.model.verdict import Reason, Verdict
from tests.some import some
from tests.unit.judge.course import Course

# One unit with a squared loss and one step of gradient descent; every quantity is asked.
REFERENCE = """
import numpy as np

def z(w, x, b): return w * x + b
def h(z): return np.tanh(z)
def loss(h, y): return (h - y) ** 2
def dloss_dh(h, y): return 2 * (h - y)
def dloss_dz(dloss_dh, h): return dloss_dh * (1 - h**2)
def dloss_dw(dloss_dz, x): return dloss_dz * x
def w_new(w, dloss_dw, rate): return w - rate * dloss_dw

def z_without_bias(w, x): return w * x
def h_as_z(z): return z
def dloss_dh_half(h, y): return h - y
def dloss_dz_unsloped(dloss_dh): return dloss_dh
def dloss_dw_without_x(dloss_dz): return dloss_dz
def w_new_uphill(w, dloss_dw, rate): return w + rate * dloss_dw
"""
STEPS = ("z", "h", "loss", "dloss_dh", "dloss_dz", "dloss_dw", "w_new")
WRONG = {
    "z": "z_without_bias",
    "h": "h_as_z",
    "dloss_dh": "dloss_dh_half",
    "dloss_dz": "dloss_dz_unsloped",
    "dloss_dw": "dloss_dw_without_x",
    "w_new": "w_new_uphill",
}
GIVENS = {"w": 0.7, "x": 1.6, "b": -0.45, "y": 0.9, "rate": 0.3}


def spec(
    order: tuple[str, ...] = STEPS,
    *,
    givens: dict[str, float] | None = None,
    mistakes: bool = True,
    policy: str = "",
) -> str:
    lines = [f"givens: {givens or GIVENS}"]
    lines.append(f"defaults: {{tolerance: {{rtol: 1.0e-6}}{policy}}}")
    lines.append("questions:")
    lines += [f"  - {{id: {name}, kind: number, points: 2}}" for name in order]
    if mistakes:
        lines.append("mistakes:")
        lines += [
            f"  - {{id: {step.replace('_', '-').lower()}, replaces: {step}, with: {other}, "
            f"feedback: Look at {step}.}}"
            for step, other in WRONG.items()
        ]
    return "\n".join(lines) + "\n"


def solve(
    start: dict[str, float] | None = None, replaced: dict[str, str] | None = None
) -> dict[str, float]:
    """What a student with these mistakes writes, going on from their own values."""
    known: dict[str, Any] = {**GIVENS, **(start or {})}
    scope: dict[str, Any] = {}
    exec(REFERENCE, scope)
    for step in STEPS:
        if step not in known:
            function = scope[(replaced or {}).get(step, step)]
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            known[step] = float(function(*(known[name] for name in names)))
    return {step: float(known[step]) for step in STEPS}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("course"), spec(), REFERENCE)


@pytest.fixture(scope="module")
def strict_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("strict")
    return Course(folder, spec(policy=", carry_forward: false"), REFERENCE)


def scores(marked: dict[str, Any]) -> dict[str, Fraction]:
    return {name: outcome.score for name, outcome in marked.items()}


# -- what follows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("step", sorted(WRONG))
def test_a_mistake_costs_the_step_in_which_it_was_made_and_no_other(
    course: Course, step: str
) -> None:
    verdicts = course.verdicts(solve(replaced={step: WRONG[step]}))
    wrong = {name for name, verdict in verdicts.items() if verdict == "incorrect"}
    assert wrong == {step}
    assert set(verdicts.values()) <= {"incorrect", "follows", "correct"}


@pytest.mark.parametrize("step", sorted(WRONG))
def test_the_mistake_is_named_where_it_was_made(course: Course, step: str) -> None:
    judged = course.judged(solve(replaced={step: WRONG[step]}))
    outcome = next(one for one in judged.outcomes if one.question == step)
    assert outcome.reason is Reason.KNOWN_MISTAKE
    assert f"Look at {step}." in outcome.feedback.student
    assert [one.mistake for one in judged.diagnosis] == [step.replace("_", "-").lower()]


def test_one_diagnosis_accounts_for_all_that_came_of_the_mistake(course: Course) -> None:
    judged = course.judged(solve(replaced={"dloss_dh": "dloss_dh_half"}))
    assert judged.diagnosis[0].explains == ("dloss_dh", "dloss_dz", "dloss_dw", "w_new")


def test_a_slip_that_no_mistake_names_is_carried_as_well(course: Course) -> None:
    answers = solve({"h": 0.713})
    assert course.verdicts(answers) == {
        "z": "correct",
        "h": "incorrect",
        **dict.fromkeys(STEPS[2:], "follows"),
    }


def test_each_of_two_slips_costs_once(course: Course) -> None:
    answers = solve({"h": 0.713}, replaced={"dloss_dw": "dloss_dw_without_x"})
    verdicts = course.verdicts(answers)
    assert {name for name, one in verdicts.items() if one == "incorrect"} == {"h", "dloss_dw"}


def test_being_right_after_a_wrong_start_is_right(course: Course) -> None:
    verdicts = course.verdicts({**solve(), "h": 0.713})
    assert verdicts == {**dict.fromkeys(STEPS, "correct"), "h": "incorrect"}


def test_a_step_that_was_not_answered_is_computed_from_the_ones_before(course: Course) -> None:
    answers = solve({"h": 0.713})
    del answers["dloss_dh"], answers["dloss_dz"]
    verdicts = course.verdicts(answers)
    assert verdicts["dloss_dw"] == "follows"


def test_the_feedback_says_from_what_it_follows(course: Course) -> None:
    marked = course.mark(solve({"h": 0.713}))
    words = " ".join(marked["dloss_dh"].feedback.student)
    assert "your own answer to h" in words
    assert "it counts in full" in words
    assert "is not right" not in words.replace("which is not right itself", "")


def test_the_start_may_have_been_rounded_when_it_was_written_down(course: Course) -> None:
    slipped = solve({"z": 0.8134567})  # of which four digits are written down
    answers: dict[str, Any] = {**slipped, "z": "0.8135"}
    assert course.verdicts(answers)["h"] == "follows"


def test_digits_that_were_not_lost_in_rounding_are_not_forgiven(course: Course) -> None:
    answers: dict[str, Any] = {**solve({"z": 0.8136}), "z": "0.8135"}
    assert course.verdicts(answers)["h"] == "incorrect"


@pytest.mark.parametrize("guess", [0.55, 0.7, 0.8, 0.9])
def test_a_start_of_one_digit_does_not_let_a_guess_follow(course: Course, guess: float) -> None:
    """tanh of something between 0.5 and 1.5 is anything from 0.46 to 0.91."""
    assert course.verdicts({"z": "1", "h": guess})["h"] == "incorrect"


def test_only_a_wrong_start_is_given_its_rounding(tmp_path: Path) -> None:
    loose = spec().replace("rtol: 1.0e-6", "decimals: 3")
    course = Course(tmp_path, loose, REFERENCE)
    right = solve()
    answers: dict[str, Any] = {"z": f"{right['z']:.2f}", "h": f"{right['h'] + 0.002:.3f}"}
    assert course.verdicts(answers)["h"] == "incorrect"


# -- policy ---------------------------------------------------------------------------------------


def test_what_follows_may_earn_less(tmp_path: Path) -> None:
    half = Course(tmp_path, spec(policy=", carry_forward: {credit: 0.5}"), REFERENCE)
    outcome = half.mark(solve({"h": 0.713}))["dloss_dh"]
    assert outcome.verdict is Verdict.FOLLOWS
    assert outcome.score == 1


def test_a_question_may_refuse_what_follows(tmp_path: Path) -> None:
    text = spec().replace(
        "{id: dloss_dh, kind: number", "{id: dloss_dh, carry_forward: false, kind: number"
    )
    verdicts = Course(tmp_path, text, REFERENCE).verdicts(solve({"h": 0.713}))
    assert verdicts["dloss_dh"] == "incorrect"
    assert verdicts["dloss_dz"] == "follows"


# -- guards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "later"),
    [
        pytest.param({"h": 0.0}, {"dloss_dh": -1.8}, id="nothing"),
        pytest.param({"h": 1e9}, {"dloss_dh": 2e9 - 1.8}, id="beyond all size"),
        pytest.param({"h": float("nan")}, {"dloss_dh": 1.0}, id="nan"),
        pytest.param({"h": float("inf")}, {"dloss_dh": 1.0}, id="infinite"),
        pytest.param({"h": [0.5, 0.5]}, {"dloss_dh": [-0.8, -0.8]}, id="another shape"),
        pytest.param({"dloss_dh": 0.9}, {"loss": 0.9}, id="not what it is made of"),
    ],
)
def test_a_start_that_cannot_be_used_gains_nothing(
    course: Course, start: dict[str, Any], later: dict[str, Any]
) -> None:
    marked = course.mark({**start, **later})
    assert sum(outcome.score for outcome in marked.values() if outcome.score) == 0


def test_a_start_from_which_right_and_wrong_are_the_same_gains_nothing(course: Course) -> None:
    """At h = y the slope is zero, so that every later gradient is zero, however it is made."""
    answers = {**solve({"h": GIVENS["y"]}), "z": "1"}
    marked = course.mark({"h": GIVENS["y"] + 1e-9, "dloss_dh": 2e-9, "dloss_dz": 0.0})
    assert answers["dloss_dh"] == 0.0
    assert marked["dloss_dz"].score == 0


def test_a_start_at_which_a_mistake_does_not_show_gains_nothing(tmp_path: Path) -> None:
    """From x = 1 in the place of 1.6 nobody sees whether the factor x was forgotten."""
    reference = (
        REFERENCE.replace("def z(", "def input_value(x): return x\ndef z(")
        .replace("dloss_dz * x", "dloss_dz * input_value")
        .replace("def dloss_dw(dloss_dz, x)", "def dloss_dw(dloss_dz, input_value)")
    )
    course = Course(tmp_path, spec(order=("input_value", *STEPS)), reference)
    right = solve()
    answers = {**right, "input_value": 1.0, "dloss_dw": right["dloss_dz"]}
    outcome = course.mark(answers)["dloss_dw"]
    assert outcome.score == 0
    assert "a wrong method would give the same result" in " ".join(outcome.feedback.student)
    assert any("copy of dloss_dz" in line or "dloss-dw" in line for line in outcome.feedback.staff)


def test_an_earlier_answer_far_from_the_right_size_is_said_not_to_be_used(course: Course) -> None:
    marked = course.mark({"h": 1e6, "dloss_dh": 2e6 - 1.8})
    assert "h was not used: it is far too large or too small" in marked["dloss_dh"].feedback.staff


# -- properties -----------------------------------------------------------------------------------

QUICK = settings(max_examples=some(60), deadline=None, suppress_health_check=list(HealthCheck))
some_answers = st.dictionaries(
    st.sampled_from(STEPS),
    st.one_of(
        st.floats(-4, 4),
        st.sampled_from([0.0, 1.0, -1.0]),
        st.sampled_from(sorted(solve().values())),
        st.sampled_from(sorted(solve({"h": 0.5}).values())),
    ),
)


@pytest.mark.lengthy
@QUICK
@given(answers=some_answers)
def test_it_never_lowers_a_score(
    course: Course, strict_course: Course, answers: dict[str, float]
) -> None:
    carried, strict = scores(course.mark(answers)), scores(strict_course.mark(answers))
    assert all(carried[name] >= strict[name] for name in STEPS)


@QUICK
@given(
    right=st.sets(st.sampled_from(STEPS)),
    others=st.dictionaries(st.sampled_from(STEPS), st.floats(-4, 4)),
)
def test_right_answers_are_right_whatever_stands_beside_them(
    course: Course, right: set[str], others: dict[str, float]
) -> None:
    solved = solve()
    verdicts = course.verdicts({**others, **{name: solved[name] for name in right}})
    assert all(verdicts[name] == "correct" for name in right)


@settings(max_examples=some(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(credit=st.sampled_from(["0", "0.5", "1"]), plausible=st.sampled_from(["[0, 0]", "[0.5, 2]"]))
def test_right_answers_get_full_marks_whatever_the_settings(
    tmp_path_factory: pytest.TempPathFactory, credit: str, plausible: str
) -> None:
    policy = f", carry_forward: {{credit: {credit}, plausible: {plausible}}}"
    course = Course(tmp_path_factory.mktemp("settings"), spec(policy=policy), REFERENCE)
    assert set(course.verdicts(solve()).values()) == {"correct"}


@pytest.mark.lengthy
@settings(max_examples=some(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    step=st.sampled_from(sorted(WRONG)),
    w=st.floats(0.3, 1.2),
    x=st.floats(0.4, 1.5),
    b=st.floats(-0.8, -0.1),
)
def test_replacing_one_step_loses_exactly_its_points_at_any_instance(
    tmp_path_factory: pytest.TempPathFactory, step: str, w: float, x: float, b: float
) -> None:
    givens = {**GIVENS, "w": round(w, 3), "x": round(x, 3), "b": round(b, 3)}
    # Where the unit hardly leaves zero, or x is near 1, right and wrong ways come together.
    assume(abs(givens["w"] * givens["x"] + givens["b"]) > 0.1)
    assume(abs(givens["x"] - 1) > 0.05)
    course = Course(tmp_path_factory.mktemp("instance"), spec(givens=givens), REFERENCE)
    before = dict(GIVENS)
    GIVENS.update(givens)
    try:
        answers = solve(replaced={step: WRONG[step]})
    finally:
        GIVENS.update(before)
    lost = {name for name, score in scores(course.mark(answers)).items() if score == 0}
    assert lost == {step}


@pytest.mark.lengthy
@settings(max_examples=some(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(STEPS), answers=some_answers)
def test_the_order_of_the_questions_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    course: Course,
    order: tuple[str, ...],
    answers: dict[str, float],
) -> None:
    other = Course(tmp_path_factory.mktemp("order"), spec(order=tuple(order)), REFERENCE)
    assert scores(other.mark(answers)) == scores(course.mark(answers))
    assert other.verdicts(answers) == course.verdicts(answers)


NEXT = {"z": ["h"], "h": ["loss", "dloss_dh"], "dloss_dh": ["dloss_dz"], "dloss_dz": ["dloss_dw"]}


@QUICK
@given(
    start=st.sampled_from([0.0, 1e-12, -1e-12, 1e7, -1e7]),
    step=st.sampled_from(sorted(NEXT)),
)
def test_fabricated_starts_gain_nothing(course: Course, start: float, step: str) -> None:
    """What comes next is not marked from a number without sense, however consistently."""
    answers = solve({step: start})
    marked = course.mark({step: start, **{name: answers[name] for name in NEXT[step]}})
    assert all(marked[name].score == 0 for name in NEXT[step])


# -- what students have tried ---------------------------------------------------------------------


def small(tmp_path: Path, reference: str, spec_text: str) -> Course:
    return Course(tmp_path, spec_text, reference)


def test_a_choice_may_follow_from_a_number(tmp_path: Path) -> None:
    reference = "def s(x): return 3.0 * x\ndef ch(s): return 'up' if s > 3 else 'down'\n"
    text = (
        "givens: {x: 1.5}\nquestions:\n  - {id: s, kind: number}\n"
        "  - {id: ch, kind: choice, options: {up: It rises, down: It falls}}\n"
    )
    verdicts = small(tmp_path, reference, text).verdicts({"s": "1", "ch": "down"})
    assert verdicts == {"s": "incorrect", "ch": "follows"}


FORMULAS = """
import numpy as np
def h(w, x): return np.tanh(w * x)
def dw(h, x, y): return 2 * (h - y) * (1 - h**2) * x
def dw_unsloped(h, x, y): return 2 * (h - y) * x
"""
ASKED_TWICE = """
givens: {w: 0.7, x: 1.6, y: 0.9}
formulas: {domains: {w: [0.2, 1], x: [0.5, 2], y: [-1, 1]}, symbols: {h: []}}
questions:
  - {id: formula, kind: expression, step: dw}
  - {id: number, kind: number, step: dw, tolerance: {rtol: 1.0e-4}}
mistakes:
  - {id: unsloped, replaces: dw, with: dw_unsloped, feedback: The slope of tanh is missing.}
"""


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("formula", "number", "score"),
    [
        pytest.param("2 (h - y) x", "-0.2957795", 1, id="a known mistake"),
        pytest.param("0.5 + 0 w + 0 x + 0 y", "0.5", 0, id="every name, no meaning"),
        pytest.param("h", "0.80757", Fraction(1, 2), id="one symbol"),
        pytest.param("x + w + y", "3.2", Fraction(1, 2), id="a sum of everything"),
    ],
)
def test_a_number_follows_in_full_from_the_own_formula_only_if_that_is_accounted_for(
    tmp_path: Path, formula: str, number: str, score: Fraction
) -> None:
    answers = {"formula": formula, "number": number}
    assert small(tmp_path, FORMULAS, ASKED_TWICE).mark(answers)["number"].score == score


@pytest.mark.parametrize(
    ("reference", "givens", "answers"),
    [
        pytest.param(
            "def slope(x): return 2 * x\ndef ds(slope, g): return slope * g\n",
            "{x: 1.5, g: 0.7}",
            {"slope": "1", "ds": "0.7"},
            id="a factor of one leaves the other factor",
        ),
        pytest.param(
            "def slope(x): return 2 * x\ndef ds(slope, w): return w - 0.001 * slope\n",
            "{x: 1.5, w: 0.5}",
            {"slope": "0.05", "ds": "0.5000"},
            id="a step that does not move",
        ),
    ],
)
def test_a_copy_of_what_else_it_is_made_of_is_trivial(
    tmp_path: Path, reference: str, givens: str, answers: dict[str, str]
) -> None:
    text = f"givens: {givens}\ndefaults: {{tolerance: {{decimals: 4}}}}\nquestions:\n"
    text += "  - {id: slope, kind: number}\n  - {id: ds, kind: number}\n"
    assert small(tmp_path, reference, text).mark(answers)["ds"].score == 0


def test_of_an_array_half_must_be_work(tmp_path: Path) -> None:
    reference = (
        "import numpy as np\ndef m(k): return k * np.array([[1.0, 2.0], [3.0, 4.0]])\n"
        "def mn(W, m): return W - 0.1 * m\n"
    )
    text = (
        "givens: {k: 1.5, W: [[1, 2], [3, 4]]}\n"
        "questions: [{id: m, kind: array}, {id: mn, kind: array}]\n"
    )
    course = small(tmp_path, reference, text)
    moved = {"m": [["7", "0"], ["0", "0"]], "mn": [["0.3", "2"], ["3", "4"]]}
    assert course.verdicts(moved)["mn"] == "incorrect"
    worked = {"m": [["7", "2"], ["3", "1"]], "mn": [["0.3", "1.8"], ["2.7", "3.9"]]}
    assert course.verdicts(worked)["mn"] == "follows"


def test_a_mistake_earns_its_credit_from_the_own_start_too(tmp_path: Path) -> None:
    text = spec().replace("Look at dloss_dz.}", "Look at dloss_dz., credit: 0.5}")
    course = Course(tmp_path, text, REFERENCE)
    outcome = course.mark(solve({"h": 0.713}, replaced={"dloss_dz": WRONG["dloss_dz"]}))["dloss_dz"]
    assert outcome.score == 1
    assert outcome.verdict is Verdict.PARTIAL


BOTH = """
def s(x): return 3.0 * x
def t(s): return 2 * s
def s_other(x): return 2.0 * x
def t_other(s): return 4 * s / 3
"""


@pytest.mark.parametrize("first", ["s", "t"])
def test_the_best_credit_counts_whatever_else_would_do(tmp_path: Path, first: str) -> None:
    mistakes = {
        "s": "  - {id: sw, replaces: s, with: s_other, feedback: Look at s., credit: 0.8}\n",
        "t": "  - {id: tw, replaces: t, with: t_other, feedback: Look at t.}\n",
    }
    order = ("s", "t") if first == "s" else ("t", "s")
    text = "givens: {x: 1.5}\ndefaults: {carry_forward: {credit: 0.3}}\nquestions:\n"
    text += "  - {id: s, kind: number}\n  - {id: t, kind: number}\nmistakes:\n"
    text += "".join(mistakes[name] for name in order)
    course = small(tmp_path, BOTH, text)
    assert course.mark({"t": "6"})["t"].score == Fraction(4, 5)
    assert course.mark({"s": "3", "t": "6"})["t"].score == Fraction(4, 5)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"a1": "5", "a2": "4", "b": "6.2"}, "follows"),
        ({"a1": "5", "a2": "4", "b": "7.2"}, "follows"),
        ({"a1": "1e9", "a2": "5", "b": "7.2"}, "follows"),
        ({"a1": "5", "a2": "4", "b": "8"}, "incorrect"),
    ],
)
def test_a_step_that_two_questions_ask_for_is_started_from_either(
    tmp_path: Path, answers: dict[str, str], verdict: str
) -> None:
    text = "givens: {x: 3.3}\nquestions:\n  - {id: a1, kind: number, step: a}\n"
    text += "  - {id: a2, kind: number, step: a}\n  - {id: b, kind: number}\n"
    reference = "def a(x): return 2 * x\ndef b(a): return a + 2.2\n"
    assert small(tmp_path, reference, text).verdicts(answers)["b"] == verdict


def test_too_few_digits_are_not_made_up_for_by_too_few_before(tmp_path: Path) -> None:
    text = "givens: {x: 2.25}\ndefaults: {tolerance: {decimals: 2}}\n"
    text += "questions: [{id: s, kind: number}, {id: t, kind: number}]\n"
    reference = "def s(x): return 2 * x\ndef t(s): return s + 1.75\n"
    marked = small(tmp_path, reference, text).mark({"s": "4.5", "t": "6"})
    assert marked["t"].verdict is Verdict.IMPRECISE
    carried = small(tmp_path, reference, text).mark({"s": "5", "t": "7"})
    assert carried["t"].score in (0, Fraction(1, 2))
    said = " ".join(carried["t"].feedback.student)
    assert "in full" not in said


def test_a_whole_number_is_taken_as_it_stands(tmp_path: Path) -> None:
    text = "givens: {x: 3.1}\nquestions: [{id: z, kind: number}, {id: big, kind: number}]\n"
    reference = "def z(x): return 2 * x\ndef big(z): return z**4\n"
    course = small(tmp_path, reference, text)
    assert course.verdicts({"z": "10", "big": "11900"})["big"] == "incorrect"
    assert course.verdicts({"z": "10", "big": "10000"})["big"] == "follows"


def test_an_imprecise_answer_is_not_mended_by_an_imprecise_start(tmp_path: Path) -> None:
    """From 6 in the place of 6.2 the difference is exactly 4, of which the digits are lacking."""
    text = "givens: {x: 3.1}\ndefaults: {tolerance: {decimals: 2}}\n"
    text += "questions: [{id: z, kind: number}, {id: diff, kind: number}]\n"
    reference = "def z(x): return 2 * x\ndef diff(z): return z - 2\n"
    verdicts = small(tmp_path, reference, text).verdicts({"z": "6", "diff": "4"})
    assert verdicts == {"z": "imprecise", "diff": "imprecise"}
