"""Results against finite differences of the student's own other function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.expect.key import Key
from grader.judge.mark.differences import judge_differences
from grader.judge.mark.functions import judge_function
from grader.model.assignment import FiniteDifferences, FunctionQuestion, Limits
from grader.model.outcome import PartOutcome
from grader.model.response import Failure, Response
from grader.model.tolerance import Tolerance
from grader.model.value import Opaque
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase, difference_calls, with_probes
from tests.build import function_of
from tests.unit.judge.read import part_in_words, staff_alone, whole_in_words

DIFFERENCES = FiniteDifferences(
    of="f",
    parameters=("x", "y"),
    with_respect_to=("x", "y"),
    step=None,
    tolerance=Tolerance.from_spec({"rtol": 1e-4, "atol": 1e-6}),
    share=Fraction(2),
)
QUESTION = function_of(
    "gradient",
    "x",
    "y",
    points=Fraction(4),
    tolerance=Tolerance.from_spec({"rtol": 1e-6}),
    differences=DIFFERENCES,
)
F = Callable[..., Any]
RTOL = Tolerance.from_spec({"rtol": 1e-4})
RELATIVE: dict[str, Any] = {"tolerance": RTOL}


def quadratic(x: Any, y: Any) -> Any:
    return x**2 + x * y + 6 * y**2


def slope(x: Any, y: Any) -> Any:
    return np.array([2 * x + y, x + 12 * y])


def always(value: Any) -> F:
    return lambda *_: value


def planned(number: int = 1, *, hidden: bool = False, **inputs: Any) -> PlannedCase:
    return PlannedCase(
        id=f"gradient/{number}",
        label=f"gradient at {number}",
        inputs=inputs or {"x": 4, "y": 1},
        givens={},
        hidden=hidden,
    )


def responses(
    question: FunctionQuestion, cases: tuple[PlannedCase, ...], result: Any, of: F
) -> dict[str, Response]:
    """`result` is what the question's function gives; `of` is run at every point asked for."""
    found = {
        case.id: result if isinstance(result, Response) else Response(value=result)
        for case in cases
    }
    for call in difference_calls(cases):
        value = of(*call.arguments)
        found[call.id] = value if isinstance(value, Response) else Response(value=value)
    return found


def judge(
    result: Any,
    of: F,
    *,
    hidden: bool = False,
    inputs: Mapping[str, Any] | None = None,
    **asked: Any,
) -> PartOutcome:
    differences = replace(DIFFERENCES, **asked)
    question = replace(QUESTION, differences=differences)
    cases = with_probes(question, [planned(hidden=hidden, **(inputs or {}))])
    given = responses(question, cases, result, of)
    return judge_differences(question, differences, cases, given, Limits())


def told(part: PartOutcome) -> str:
    """What a student reads."""
    return "\n".join(part_in_words(part).feedback.student)


def told_to_staff_alone(part: PartOutcome) -> str:
    return "\n".join(staff_alone(part_in_words(part).feedback))


NOT_DEFINED = Response.failed(Verdict.MISSING, Reason.NAME_NOT_DEFINED)
RAISED = Response(
    failure=Failure(
        verdict=Verdict.RAISED,
        reason=Reason.EXCEPTION,
        exception="ValueError",
        message="at 4.000024",
        file="f.py",
        line=3,
    )
)
W = np.array([[0.5, -1.0], [2.0, 3.0], [0.0, 1e-3]])


@pytest.mark.parametrize(
    ("result", "of", "options"),
    [
        pytest.param(slope(4, 1), quadratic, {}, id="several numbers"),
        pytest.param(slope(4, 1).tolist(), quadratic, {}, id="as a list"),
        pytest.param({"y": 16.0, "x": 9.0, "z": 0}, quadratic, {}, id="by name"),
        pytest.param(9, quadratic, {"with_respect_to": ("x",)}, id="a single number"),
        pytest.param(
            2 * W,
            lambda w: np.sum(w**2),
            {"with_respect_to": ("x",), "parameters": ("x",), "inputs": {"x": W, "y": 0}},
            id="an array",
        ),
        pytest.param(
            (W * 3.0, np.sum(W**2) / 2),
            lambda w, s: s * np.sum(w**2) / 2,
            {"inputs": {"x": W, "y": 3.0}},
            id="an array and a number",
        ),
        pytest.param(slope(4, 1), lambda x, y: np.array(quadratic(x, y)), {}, id="0-d array"),
        pytest.param(slope(4, 1).astype(np.float32), quadratic, {}, id="single precision"),
        pytest.param(
            slope(4, 1),
            lambda x, y: np.float32(quadratic(x, y)),
            {"step": 1e-2, "tolerance": Tolerance.from_spec({"rtol": 1e-3})},
            id="function in single precision, wider step",
        ),
        pytest.param(
            np.zeros((40, 5)) + 1.0,
            lambda w: np.sum(w),
            {
                "with_respect_to": ("x",),
                "parameters": ("x",),
                "inputs": {"x": np.zeros((40, 5)), "y": 0},
            },
            id="many entries",
        ),
    ],
)
def test_what_agrees_earns_the_share(result: Any, of: F, options: Any) -> None:
    part = judge(result, of, **options)
    assert (part.verdict, part.facts.items) == (Verdict.CORRECT, ())
    assert part.credit == 1
    assert part.share == 2
    assert part.label == "agrees with finite differences of f"


@pytest.mark.parametrize(
    ("result", "path", "differences"),
    [
        ([9.0, 16.1], "[1]", "16"),
        ([9.001, 16.0], "[0]", "9"),
        ([-9.0, -16.0], "[0]", "9"),
        ({"x": 9.0, "y": 1.0}, ".y", "16"),
        ([float("nan"), 16.0], "[0]", None),
        ([10**400, 16.0], "[0]", "9"),
        ([9.0, 16.0 + 1j], "[1]", None),
        (np.array([9.0 + 1j, 16.0]), "[0]", None),
    ],
    ids=str,
)
def test_what_disagrees_names_the_place_and_gives_the_number_to_staff_alone(
    result: Any, path: str, differences: str | None
) -> None:
    part = judge(result, quadratic)
    assert (part.verdict, part.reason) == (Verdict.INCORRECT, Reason.DIFFERENCES_DISAGREE)
    assert part.credit == 0
    assert f"at {path} is" in told(part)
    assert "not what finite differences of f give" in told(part)
    if differences is not None:
        assert f"finite differences {differences}" in told_to_staff_alone(part)
    assert "finite differences 16" not in told(part)


@pytest.mark.parametrize(
    ("result", "right"),
    [
        pytest.param([0.0, 32.0], True, id="zero"),
        pytest.param([-0.0, 32.0], True, id="negative zero"),
        pytest.param([0, 32], True, id="a whole zero"),
        pytest.param([1e-5, 32.0], True, id="within the floor"),
        pytest.param([1e-4, 32.0], False, id="beyond the floor"),
        pytest.param([4.0, 32.0], False, id="another number"),
        pytest.param([-4.0, 32.0], False, id="a negative one"),
        pytest.param([float("nan"), 32.0], False, id="no number"),
        pytest.param([0.0, 0.0], False, id="zero where the other is none"),
    ],
)
def test_an_entry_whose_difference_is_exactly_zero_is_judged(result: Any, right: bool) -> None:
    """f is the same all along x. The floor is a hundredth of 32 / √2: 2.3e-5 at this tolerance."""
    part = judge(result, lambda _x, y: 16.0 * y**2, **RELATIVE)
    assert part.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)
    assert right or part.reason is Reason.DIFFERENCES_DISAGREE


@pytest.mark.parametrize("shape", [(3,), (2, 3)], ids=str)
def test_a_zero_among_the_entries_of_an_array_is_judged(shape: tuple[int, ...]) -> None:
    w = np.arange(float(np.prod(shape))).reshape(shape)  # the first entry is zero
    one: dict[str, Any] = {"with_respect_to": ("x",), "parameters": ("x",)}
    one["inputs"] = {"x": w, "y": 0}
    assert judge(2 * w, lambda v: np.sum(v**2), **one).verdict is Verdict.CORRECT
    wrong = 2 * w
    wrong.flat[0] = 2.0
    assert judge(wrong, lambda v: np.sum(v**2), **one).verdict is Verdict.INCORRECT


@pytest.mark.parametrize(
    ("result", "asked", "right"),
    [
        pytest.param([0.0, 0.0], {}, True, id="zeros"),
        pytest.param([0.0, 1e-6], {}, True, id="on the bound"),
        pytest.param([0.0, 1.1e-6], {}, False, id="beyond the bound"),
        pytest.param([0.0, 1e-300], {"tolerance": RTOL}, False, id="nothing to be relative to"),
    ],
)
def test_where_all_differences_are_zero_the_absolute_bound_is_left(
    result: Any, asked: dict[str, Any], right: bool
) -> None:
    part = judge(result, always(3.0), **asked)
    assert part.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)


@pytest.mark.parametrize(("wrong", "right"), [(1, False), (9, False), (10, False), (11, True)])
def test_the_first_ten_cases_are_looked_at_and_no_more(wrong: int, right: bool) -> None:
    """As the authors are told. Hidden cases are counted as the others are."""
    cases = with_probes(QUESTION, [planned(n, hidden=n % 2 == 0) for n in range(1, 13)])
    given = responses(QUESTION, cases, slope(4, 1), quadratic)
    given[f"gradient/{wrong}"] = Response(value=[0.0, 0.0])
    part = judge_differences(QUESTION, DIFFERENCES, cases, given, Limits())
    assert part.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)


@pytest.mark.parametrize("result", [RAISED, Response(value=None), Response(value=[[9.0], [16.0]])])
def test_what_comes_of_later_cases_is_another_parts_matter(result: Response) -> None:
    cases = with_probes(QUESTION, [planned(n) for n in range(1, 12)])
    given = responses(QUESTION, cases, slope(4, 1), quadratic)
    for number, right in ((11, True), (10, False)):
        answered = {**given, f"gradient/{number}": result}
        part = judge_differences(QUESTION, DIFFERENCES, cases, answered, Limits())
        assert (part.verdict is Verdict.CORRECT) is right


def test_one_wrong_entry_among_large_ones_is_seen() -> None:
    w = np.array([1e3, 1.0])
    one: dict[str, Any] = {"with_respect_to": ("x",), "parameters": ("x",)}
    one["inputs"] = {"x": w, "y": 0}
    assert judge(2 * w, lambda v: float(v @ v), **one).verdict is Verdict.CORRECT
    part = judge(np.array([2e3, 1.0]), lambda v: float(v @ v), **one)
    assert "at [1] is 1" in told(part)


@pytest.mark.parametrize(
    ("result", "reason", "words"),
    [
        ([9.0], Reason.WRONG_LENGTH, "with respect to each of x, y"),
        (9.0, Reason.WRONG_LENGTH, "with respect to each of x, y"),
        ("no", Reason.WRONG_LENGTH, "with respect to each of x, y"),
        (Opaque(type_name="T"), Reason.WRONG_LENGTH, "with respect to each of x, y"),
        ([[9.0], [16.0]], Reason.WRONG_SHAPE, "with respect to x must be a single number"),
        ([9.0, "16"], Reason.WRONG_SHAPE, "with respect to y must be a single number"),
    ],
    ids=str,
)
def test_a_result_of_another_form_says_which_is_wanted(
    result: Any, reason: Reason, words: str
) -> None:
    part = judge(result, quadratic)
    assert (part.verdict, part.reason) == (Verdict.INVALID, reason)
    assert words in told(part)


@pytest.mark.parametrize(
    ("value", "verdict", "reason", "words"),
    [
        (NOT_DEFINED, "missing", Reason.NAME_NOT_DEFINED, "f is not defined in the files"),
        (
            RAISED,
            "raised",
            Reason.EXCEPTION,
            "ValueError was raised at line 3 of f.py: at 4.000024",
        ),
        (None, "invalid", Reason.NOT_A_NUMBER, "does not return a single number"),
        (np.ones(1), "invalid", Reason.NOT_A_NUMBER, "does not return a single number"),
        (True, "invalid", Reason.NOT_A_NUMBER, "does not return a single number"),
        (float("inf"), "invalid", Reason.NOT_FINITE, "returns a number that is not finite"),
        (10**400, "invalid", Reason.NOT_FINITE, "returns a number that is not finite"),
    ],
    ids=str,
)
def test_another_function_that_is_missing_or_fails_is_said_in_its_own_words(
    value: Any, verdict: str, reason: Reason, words: str
) -> None:
    part = judge(slope(4, 1), always(value))
    assert (part.verdict, part.reason) == (verdict, reason)
    assert told(part).startswith("finite differences of f cannot be taken: ")
    assert words in told(part)


def test_a_result_that_failed_says_what_its_case_says() -> None:
    part = judge(NOT_DEFINED, quadratic)
    assert told(part) == "gradient is not defined in the files handed in"


@pytest.mark.parametrize(
    ("result", "of"),
    [
        ([9.0, 31.4], quadratic),
        ([31.4, 16.0], quadratic),
        (RAISED, quadratic),
        (slope(4, 1), always(RAISED)),
        (slope(4, 1), always("31.4")),
        (slope(4, 1), lambda x, y: 31.4 * x + y),
        ([[31.4], [31.4]], quadratic),
    ],
)
def test_a_student_learns_nothing_of_a_hidden_case(result: Any, of: F) -> None:
    part = judge(result, of, hidden=True)
    assert part.verdict is not Verdict.CORRECT
    assert told(part)
    assert not any(text in told(part) for text in ("31.4", "4.0", "16", "9", "line 3"))
    assert told_to_staff_alone(part)


def test_the_shape_of_a_hidden_input_is_not_told() -> None:
    one: dict[str, Any] = {"with_respect_to": ("x",), "parameters": ("x",)}
    one["inputs"] = {"x": W, "y": 0}
    part = judge(1.0, lambda w: np.sum(w), hidden=True, **one)
    assert told(part) == "the derivative with respect to x must have the shape of x"


def test_the_first_case_that_a_student_may_see_is_told_first() -> None:
    cases = with_probes(QUESTION, [planned(1, hidden=True, x=1, y=1), planned(2, x=1, y=2)])
    given = responses(QUESTION, cases, [0.0, 0.0], quadratic)
    part = judge_differences(QUESTION, DIFFERENCES, cases, given, Limits())
    assert told(part).startswith("gradient at 2 at [0] is 0")


def test_agreement_is_one_more_part_whatever_the_cases_came_to() -> None:
    """A wrong function with its right gradient loses the cases and keeps the agreement."""
    cases = with_probes(QUESTION, [planned(1, x=4, y=1), planned(2, x=0, y=1)])
    key = Key(
        cases={"gradient": cases},
        returned={case.id: slope(**case.inputs) for case in cases},
    )
    given = responses(QUESTION, cases, None, lambda x, y: 2 * quadratic(x, y))
    for case in cases:
        given[case.id] = Response(value=2 * slope(**case.inputs))
    outcome = whole_in_words(judge_function(QUESTION, key, given, Limits()))
    assert [part.verdict for part in outcome.parts] == ["incorrect", "incorrect", "correct"]
    assert outcome.score == 2  # the share is 2 of 4
    assert outcome.feedback.student == ("0 of 2 cases are right",)


ZEROS = (0.0, 0.0)


@pytest.mark.parametrize(
    ("right", "earns"),
    [
        pytest.param([4.0, 1.0], False, id="the slope is not 0"),
        pytest.param([0.0, 1e-12], False, id="the slope is hardly 0"),
        pytest.param([0.0, 0.0], True, id="the slope is 0 there"),
        pytest.param({"x": 0, "y": [0]}, True, id="and comes by name"),
    ],
)
def test_two_functions_that_are_always_zero_agree_with_nothing(right: Any, earns: bool) -> None:
    """As `def slope(x): return 0` beside `def cost(x): return 0`."""
    cases = with_probes(QUESTION, [planned(1), planned(2)])
    given = responses(QUESTION, cases, list(ZEROS), always(0.0))
    known = {cases[0].id: list(ZEROS), cases[1].id: right}
    part = judge_differences(QUESTION, DIFFERENCES, cases, given, Limits(), known)
    assert part.verdict is (Verdict.CORRECT if earns else Verdict.INCORRECT)
    if not earns:
        assert part.reason is Reason.NOTHING_CHANGES
        assert told(part).startswith("f returns the same number whatever it is given")


def test_a_function_that_changes_in_one_case_is_agreed_with() -> None:
    """A unit that is dead in all cases but one."""
    cases = with_probes(QUESTION, [planned(1, x=-1.0, y=2.0), planned(2)])
    given = responses(QUESTION, cases, list(ZEROS), always(0.0))
    other = responses(QUESTION, cases, slope(4, 1), quadratic)
    last = {cases[1].id, *(c.id for p in cases[1].probes for c in (p.below, p.above))}
    given.update((name, other[name]) for name in last)
    known = {case.id: [4.0, 1.0] for case in cases}
    part = judge_differences(QUESTION, DIFFERENCES, cases, given, Limits(), known)
    assert part.verdict is Verdict.CORRECT
