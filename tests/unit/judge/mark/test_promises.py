"""What a function promises beside its values: each broken promise by its own name and words."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.expect.key import Key
from grader.judge.mark.functions import judge_case, judge_function
from grader.judge.mark.promises import same_data
from grader.judge.scoring import outcome_of
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.outcome import PartOutcome
from grader.model.response import Failure, Response
from grader.model.tolerance import Tolerance
from grader.model.value import Opaque, Value
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase
from tests.build import function_of
from tests.unit.judge.read import part_in_words

EXPECTED = 0.7310585786
SECRET = 3.14159265


def question(**options: Any) -> FunctionQuestion:
    return function_of(points=Fraction(4), tolerance=Tolerance.from_spec({"rtol": 1e-6}), **options)


def planned(number: int, argument: Any = SECRET, *, hidden: bool = False) -> PlannedCase:
    return PlannedCase(
        id=f"f/{number}",
        label=f"case {number}",
        inputs={"x": argument},
        givens={},
        hidden=hidden,
    )


def judge(
    response: Response,
    *,
    expected: Any = EXPECTED,
    argument: Any = SECRET,
    earlier: Any = None,
    hidden: bool = False,
    **options: Any,
) -> PartOutcome:
    """The second of two cases; `earlier` is what came of the first."""
    first = earlier if isinstance(earlier, Response) else Response(value=earlier)
    return judge_case(
        question(**options),
        planned(2, argument, hidden=hidden),
        expected,
        {"f/1": first, "f/2": response},
        Limits(),
    )


def told(part: PartOutcome) -> str:
    """What a student reads."""
    return "\n".join(part_in_words(part).feedback.student)


# -- data that is the same -----------------------------------------------------------------------

ARRAY = np.array([1.0, 2.0])
NAN = float("nan")
F32 = np.float32
C64 = np.complex64
OTHER_NAN = struct.unpack("d", struct.pack("Q", 0xFFF8000000000123))[0]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        pytest.param(ARRAY, ARRAY.copy(), True, id="array"),
        pytest.param(ARRAY, ARRAY + np.array([0, 1e-16]), True, id="array, equal after rounding"),
        pytest.param(ARRAY, np.nextafter(ARRAY, 3), False, id="array, one ulp"),
        pytest.param(ARRAY, ARRAY[:, None], False, id="array reshaped"),
        pytest.param(ARRAY, ARRAY.astype(np.float32), False, id="array of another dtype"),
        pytest.param(ARRAY, [1.0, 2.0], False, id="array to list"),
        pytest.param(np.array([NAN, 1]), np.array([OTHER_NAN, 1]), True, id="NaN in an array"),
        pytest.param(np.array([NAN, 1]), np.array([1, NAN]), False, id="NaN elsewhere"),
        pytest.param(np.array([NAN, 0.0]), np.array([NAN, -0.0]), False, id="NaN, sign of a zero"),
        pytest.param(np.array([1j, NAN]), np.array([1j, NAN]), True, id="complex"),
        pytest.param(NAN, OTHER_NAN, True, id="NaN"),
        pytest.param(0.0, -0.0, False, id="sign of a zero"),
        pytest.param(1j, complex(-0.0, 1), False, id="sign of a complex zero"),
        pytest.param(np.float32(0.1), np.float32(0.1), True, id="numpy number"),
        pytest.param(np.float32(0.5), np.float64(0.5), False, id="another numpy type"),
        pytest.param(F32(NAN), F32(-NAN), True, id="NaN of numpy's"),
        pytest.param(F32(NAN), F32(1), False, id="NaN of numpy's to a number"),
        pytest.param(F32(NAN), np.float64(NAN), False, id="NaN of another numpy type"),
        pytest.param(np.float64(NAN), NAN, False, id="NaN of numpy's to a plain one"),
        pytest.param(F32(0.0), F32(-0.0), False, id="sign of a zero of numpy's"),
        pytest.param(np.float64(0.0), np.float64(-0.0), False, id="sign of a double zero"),
        pytest.param(np.float16(-0.0), np.float16(-0.0), True, id="the same negative zero"),
        pytest.param(np.int8(1), np.int8(1), True, id="whole numpy number"),
        pytest.param(np.int8(1), np.int16(1), False, id="another whole numpy type"),
        pytest.param(np.True_, np.True_, True, id="truth value of numpy's"),
        pytest.param(np.True_, True, False, id="truth value of numpy's to a plain one"),
        pytest.param(complex(1, 0.0), complex(1, -0.0), False, id="1+0j and 1-0j"),
        pytest.param(complex(1, -0.0), complex(1, -0.0), True, id="1-0j"),
        pytest.param(C64(complex(1, 0.0)), C64(complex(1, -0.0)), False, id="1-0j of numpy's"),
        pytest.param(
            np.array([complex(1, 0.0)]), np.array([complex(1, -0.0)]), False, id="1-0j in an array"
        ),
        pytest.param(complex(NAN, 1), complex(OTHER_NAN, 1), True, id="NaN in a real part"),
        pytest.param(complex(NAN, 1), complex(NAN, 2), False, id="NaN beside another part"),
        pytest.param(C64(complex(NAN, 1)), C64(complex(-NAN, 1)), True, id="NaN part of numpy's"),
        pytest.param(C64(complex(NAN, 1)), C64(complex(NAN, 2)), False, id="and another part"),
        pytest.param(
            np.array([complex(1, NAN)]), np.array([complex(2, NAN)]), False, id="also in an array"
        ),
        pytest.param({"w": ARRAY}, {"w": ARRAY.copy()}, True, id="dictionary"),
        pytest.param({"w": ARRAY}, {"w": ARRAY, "cache": 1}, False, id="a key added"),
        pytest.param({"w": ARRAY}, {}, False, id="a key removed"),
        pytest.param({"w": ARRAY}, {"w": 2 * ARRAY}, False, id="changed inside a dictionary"),
        pytest.param([1, [2]], [1, [2]], True, id="list"),
        pytest.param([1, [2]], [1, [2], 3], False, id="list appended to"),
        pytest.param([1, [2]], [1, [3]], False, id="changed inside a list"),
        pytest.param(["a", None, True], ["a", None, True], True, id="plain"),
        pytest.param([1], [True], False, id="a number made a boolean"),
        pytest.param("text", "text", True, id="text"),
        pytest.param(Opaque(type_name="T"), Opaque(type_name="T"), True, id="no plain data"),
    ],
)
def test_data_is_the_same_bit_by_bit(before: Any, after: Any, same: bool) -> None:
    assert same_data(after, before) is same
    assert same_data(before, after) is same
    asked = {"inputs_unchanged": True}
    part = judge(Response(value=EXPECTED, inputs_after=(after,)), argument=before, **asked)
    assert part.verdict is (Verdict.CORRECT if same else Verdict.INCORRECT)
    assert same or part.reason is Reason.INPUTS_CHANGED


@given(st.lists(st.floats(width=64), max_size=6), st.integers(0, 5), st.integers(0, 63))
def test_any_bit_that_flips_is_a_change_unless_both_are_nan(
    numbers: list[float], place: int, bit: int
) -> None:
    array = np.array(numbers, dtype=np.float64)
    assert same_data(array.copy(), array)
    if place < array.size:
        flipped = array.copy()
        flipped.view(np.uint64)[place] ^= np.uint64(1 << bit)
        both_nan = bool(np.isnan(flipped[place]) and np.isnan(array[place]))
        assert same_data(flipped, array) is both_nan
        assert same_data(flipped.tolist(), array.tolist()) is both_nan


def test_arguments_that_were_not_looked_at_again_do_not_pass() -> None:
    assert judge(Response(value=EXPECTED), inputs_unchanged=True).reason is Reason.INPUTS_CHANGED


def test_changing_arguments_is_allowed_unless_forbidden() -> None:
    part = judge(Response(value=EXPECTED, inputs_after=(2 * ARRAY,)), argument=ARRAY)
    assert part.verdict is Verdict.CORRECT


# -- earlier results -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "now", "kept"),
    [
        (ARRAY, ARRAY.copy(), True),
        (ARRAY, 2 * ARRAY, False),
        ({"w": ARRAY}, {"w": 2 * ARRAY}, False),
        (np.array([NAN]), np.array([NAN]), True),
        ([1], [1, 2], False),
        (ARRAY, Opaque(type_name="", why="more than can be sent"), False),
    ],
    ids=str,
)
def test_a_result_that_was_handed_out_must_stay_as_it_was(first: Any, now: Any, kept: bool) -> None:
    response = Response(value=EXPECTED, earlier={"f/1": now})
    part = judge(response, earlier=first, earlier_outputs_unchanged=True)
    assert part.verdict is (Verdict.CORRECT if kept else Verdict.INCORRECT)
    if not kept:
        assert part.reason is Reason.EARLIER_CHANGED
        assert told(part) == "f changes a result that it returned earlier; its values are right"
    assert judge(response, earlier=first).verdict is Verdict.CORRECT


def test_earlier_results_that_are_unknown_or_failed_say_nothing() -> None:
    failed = Response.failed(Verdict.TIMED_OUT, Reason.TIME_LIMIT)
    for earlier, name in ((failed, "f/1"), (ARRAY, "f/9"), (ARRAY, "forged")):
        response = Response(value=EXPECTED, earlier={name: 2 * ARRAY})
        part = judge(response, earlier=earlier, earlier_outputs_unchanged=True)
        assert part.verdict is Verdict.CORRECT


# -- the same call once more ---------------------------------------------------------------------

RAISED = Response(
    failure=Failure(
        verdict=Verdict.RAISED,
        reason=Reason.EXCEPTION,
        exception="ValueError",
        message=f"bad x {SECRET}",
        file="f.py",
        line=3,
    )
)


@pytest.mark.parametrize(
    ("again", "verdict"),
    [
        (Response(value=EXPECTED), Verdict.CORRECT),
        (Response(value=np.nextafter(EXPECTED, 1)), Verdict.INCORRECT),
        (Response(value=float(np.nextafter(EXPECTED, 1))), Verdict.INCORRECT),
        (None, Verdict.INCORRECT),
        (RAISED, Verdict.RAISED),
    ],
)
def test_the_same_call_must_give_the_same(again: Response | None, verdict: Verdict) -> None:
    part = judge(Response(value=EXPECTED, again=again), deterministic=True)
    assert part.verdict is verdict
    if verdict is not Verdict.CORRECT:
        assert part.reason is Reason.NOT_DETERMINISTIC
        assert "f does not give the same" in told(part) or "a second time" in told(part)
    assert judge(Response(value=EXPECTED, again=again)).verdict is Verdict.CORRECT


def test_what_fails_the_second_time_says_how() -> None:
    part = judge(Response(value=EXPECTED, again=RAISED), deterministic=True)
    assert "made a second time: ValueError was raised at line 3 of f.py" in told(part)


# -- dtype ---------------------------------------------------------------------------------------

PAIR = (np.array([0.5], F32), {"m": F32(0.5), "t": 3})


@pytest.mark.parametrize(
    ("dtype", "actual", "expected", "words"),
    [
        pytest.param("float64", 0.5, 0.5, "", id="plain float"),
        pytest.param("float32", 0.5, 0.5, "got float64", id="plain float, wrong"),
        pytest.param("float32", F32(0.5), 0.5, "", id="numpy number"),
        pytest.param("float32", ARRAY.astype(F32), ARRAY, "", id="array"),
        pytest.param("float32", ARRAY, ARRAY, "float32, got float64", id="array, wrong"),
        pytest.param("float64", [1.0, 2.0], ARRAY, "", id="a list of floats"),
        pytest.param("float64", [1.0, 2], ARRAY, "got int64 at [1]", id="a whole number in a list"),
        pytest.param("float64", 2, 2.0, "got int64", id="a whole number"),
        pytest.param("float64", 2, 2, "got int64", id="where the key has one too"),
        pytest.param("int64", np.array([2]), np.array([2]), "", id="whole numbers"),
        pytest.param("float32", PAIR, PAIR, "", id="nested, with a counter"),
        pytest.param(
            "float32",
            (PAIR[0], {"m": 0.5, "t": 3}),
            PAIR,
            "got float64 at [1].m",
            id="nested, wrong",
        ),
        pytest.param(
            "float32", (PAIR[0], {**PAIR[1], "extra": 0.5}), PAIR, "", id="nobody asked for it"
        ),
        pytest.param("float32", ("a", None, True), ("a", None, True), "", id="no numbers"),
    ],
)
def test_every_number_has_the_dtype(dtype: str, actual: Any, expected: Any, words: str) -> None:
    part = judge(Response(value=actual), expected=expected, dtype=dtype)
    assert part.verdict is (Verdict.INVALID if words else Verdict.CORRECT)
    assert words in told(part)
    assert not words or part.reason is Reason.WRONG_DTYPE
    assert judge(Response(value=actual), expected=expected).verdict is Verdict.CORRECT


def test_a_wrong_shape_is_said_before_a_wrong_dtype_and_that_before_a_wrong_value() -> None:
    shaped = judge(Response(value=ARRAY[:, None]), expected=ARRAY, dtype="float32")
    valued = judge(Response(value=2 * ARRAY), expected=ARRAY, dtype="float32")
    assert (shaped.reason, valued.reason) == (Reason.WRONG_SHAPE, Reason.WRONG_DTYPE)


# -- together ------------------------------------------------------------------------------------

BROKEN: list[tuple[dict[str, Any], Response]] = [
    ({"inputs_unchanged": True}, Response(value=EXPECTED, inputs_after=(SECRET + 1,))),
    ({"earlier_outputs_unchanged": True}, Response(value=EXPECTED, earlier={"f/1": SECRET})),
    ({"deterministic": True}, Response(value=EXPECTED, again=Response(value=SECRET))),
    ({"deterministic": True}, Response(value=EXPECTED, again=RAISED)),
    ({"dtype": "float32"}, Response(value=EXPECTED)),
]


@pytest.mark.parametrize(("options", "response"), BROKEN)
def test_a_student_learns_nothing_of_a_hidden_case(
    options: dict[str, Any], response: Response
) -> None:
    part = judge(response, hidden=True, **options)
    assert part.verdict is not Verdict.CORRECT
    assert told(part)
    assert not any(text in told(part) for text in ("3.1", "0.73", "line 3", "bad x"))


@pytest.mark.parametrize(("options", "response"), BROKEN)
def test_a_wrong_value_is_said_before_a_broken_promise(
    options: dict[str, Any], response: Response
) -> None:
    if "dtype" not in options:
        assert judge(response, expected=99.0, **options).reason is Reason.WRONG_VALUE


def test_one_broken_promise_costs_its_case() -> None:
    cases = (planned(1), planned(2))
    key = Key(cases={"f": cases}, returned={case.id: EXPECTED for case in cases})
    changed: Value = Response(value=EXPECTED, earlier={"f/1": 0.0})
    responses = {"f/1": Response(value=EXPECTED), "f/2": changed}
    outcome = outcome_of(
        judge_function(question(earlier_outputs_unchanged=True), key, responses, Limits())
    )
    assert outcome.verdict is Verdict.PARTIAL
    assert outcome.score == 2
