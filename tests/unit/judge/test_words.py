"""What students and staff read: nothing of the key, nothing of a hidden case, whatever arrives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import compare
from grader.compare.comparison import Comparison
from grader.judge.mark.compared import compared
from grader.judge.words.comparing import compared as sentences
from grader.judge.words.comparing import compared_for_staff as for_staff
from grader.judge.words.values import shown
from grader.model.assignment import Limits
from grader.model.fact_marking import Compared, Detail
from grader.model.outcome import Feedback
from grader.model.response import Failure
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import of_comparison, of_failure, staff_alone


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (NumberText("0.410"), "0.410"),
        (0.1 + 0.2, "0.3"),
        (np.float32(0.5), "0.5"),
        (np.int64(3), "3"),
        ("word", "“word”"),
        (None, "None"),
        (True, "True"),
        ([1, (NumberText("2.0"), None)], "[1, [2.0, None]]"),
        ({"a": NumberText("2.0")}, "{“a”: 2.0}"),
        (Opaque(type_name="generator"), "an object of type generator"),
        (Opaque(type_name="list", why="nested too deep"), "nested too deep"),
        (np.array([1.5, 2.0]), "[1.5, 2. ]"),
        (3.5 - 2j, "3.5-2j"),
        (np.complex64(0.5j), "0+0.5j"),
        (10**5000, "a whole number of 16610 bits"),
        ([-(10**5000)], "[a whole number of 16610 bits]"),
        ([[[[[[1]]]]]], "[[[[…]]]]"),
    ],
    ids=[
        *("typed", "float", "float32", "int64", "text", "None", "bool", "nested", "dictionary"),
        *("opaque", "opaque with a reason", "array", "complex", "complex64", "huge"),
        *("huge inside", "deep"),
    ],
)
def test_values_are_shown_as_their_student_knows_them(value: Any, text: str) -> None:
    assert shown(value) == text


ANYTHING = st.recursive(
    st.none() | st.integers() | st.floats() | st.text() | st.binary() | st.builds(object),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(ANYTHING, st.integers(1, 80))
def test_no_value_is_shown_longer_than_allowed(value: Any, limit: int) -> None:
    assert len(shown(value, limit)) <= limit


@pytest.mark.lengthy
def test_enormous_values_are_shown_without_being_written_out() -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    wide: Any = 1
    for _ in range(40):
        wide = [wide] * 20
    for value in (deep, wide, "x" * 10**7, {"k": deep}):
        assert len(shown(value)) <= 60


def test_nothing_is_said_of_what_is_right() -> None:
    assert of_comparison(Comparison.correct()) == Feedback()


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words(reason: Reason) -> None:
    """A student's process chooses among these: none may bring the judge down."""
    failure = Failure(verdict=Verdict.INVALID, reason=reason, message="{boom} {0}")
    for hidden in (False, True):
        feedback = of_failure(failure, "f", hidden=hidden)
        assert feedback.student
        assert feedback.staff
        assert all(feedback.student + feedback.staff)


@pytest.mark.parametrize(
    ("actual", "expected", "text"),
    [
        (832040.0000002, 832040, "832040.0000002 is not right"),
        (0.1 + 0.2, 0.3, "0.30000000000000004 is not right"),
        (832040, 832040.0000002, "832040 is not right"),
        (1 + 1e-12j, 1 + 0j, "1+1e-12j is not right"),
        (1 + 1e-12, 1 + 1e-12j, "1 is not right"),
        (0.1 + 0.2, 0.31, "0.3 is not right"),
    ],
)
def test_what_looks_like_the_key_is_shown_in_full(actual: Any, expected: Any, text: str) -> None:
    found = compare(actual=actual, expected=expected, tolerance=Tolerance(exact=True))
    (fact,) = compared(found).items
    assert isinstance(fact, Compared)
    seen = fact.for_student()
    assert isinstance(seen, Compared)
    assert list(sentences(seen)) == [text]
    assert f"expected {shown(expected, in_full=fact.detail.in_full)}" in "".join(for_staff(fact))


def test_the_key_is_for_staff() -> None:
    comparison = Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        actual=0.5,
        expected=0.7310585786,
        difference=0.2310585786,
        allowed=1e-6,
        path=(1, "m"),
        wrong=3,
        total=4,
        detail=Detail(point="x=0.125", points_wrong=2, points=9),
    )
    feedback = of_comparison(comparison)
    told = "at [1].m: 0.5 is not right (3 of 4 numbers are wrong)"
    points = "2 of 9 sampled values differ, most at x=0.125"
    assert feedback.student == (told,)
    assert feedback.staff == (
        told,
        f"expected 0.7310585786; off by 0.2311; allowed ±1e-06; {points}",
    )


def test_of_a_hidden_case_a_student_reads_nothing() -> None:
    comparison = Comparison.invalid(Reason.NOT_A_NUMBER, actual="secret")
    feedback = of_comparison(comparison, hidden=True)
    assert feedback.student == ()
    assert "secret" in str(feedback.staff)


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("exception", ["ValueError", "Secret"])
def test_what_a_students_code_chose_does_not_leave_a_hidden_case(
    reason: Reason, exception: str
) -> None:
    failure = Failure(
        verdict=Verdict.RAISED, reason=reason, exception=exception, message="Secret 3.25"
    )
    told = of_failure(failure, "f", hidden=True).student
    assert "Secret" not in str(told)
    assert "3.25" not in str(told)


def test_staff_read_what_was_raised_in_a_hidden_case() -> None:
    failure = Failure(
        verdict=Verdict.RAISED,
        reason=Reason.EXCEPTION,
        exception="Secret",
        message="x is 3.25",
        file="answers.py",
        line=7,
    )
    feedback = of_failure(failure, "f", hidden=True)
    place = "at line 7 of answers.py"
    assert staff_alone(feedback) == (f"Secret was raised {place}: x is 3.25",)
    assert feedback.student == ("an exception was raised",)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("unsupported operand type(s) for ^: 'float' and 'int'", "a power is written **"),
        ("ufunc 'bitwise_xor' not supported for the input types", "a power is written **"),
        ("only length-1 arrays can be converted to Python scalars", "functions of numpy"),
        ("only 0-dimensional arrays can be converted to Python scalars", "functions of numpy"),
        ("unsupported operand type(s) for +: 'int' and 'str'", ""),
    ],
)
def test_what_python_says_is_explained_where_it_is_often_met(message: str, words: str) -> None:
    failure = Failure(
        verdict=Verdict.RAISED, reason=Reason.EXCEPTION, exception="TypeError", message=message
    )
    told, *hints = of_failure(failure, "f").student
    assert message in told
    assert len(hints) == bool(words)
    assert words in " ".join(hints)
    assert not any(words in one for one in of_failure(failure, "f", hidden=True).student if words)


def test_a_student_reads_their_own_exception() -> None:
    failure = Failure(
        verdict=Verdict.RAISED, reason=Reason.EXCEPTION, exception="KeyError", message="'m'"
    )
    assert of_failure(failure, "f").student == ("KeyError was raised: 'm'",)


def test_a_formula_without_symbols_is_not_right_for_some_of_their_values() -> None:
    def told(formula: str) -> str:
        reason = Reason.WRONG_AT_SOME_POINTS
        comparison = Comparison(verdict=Verdict.INCORRECT, reason=reason, actual=formula, wrong=1)
        return of_comparison(comparison).student[0]

    assert told("x^2") == "“x^2” is right for some values of its symbols, but not for all"
    assert told("2 exp(pi)") == "“2 exp(pi)” is not right"


def test_of_a_formulas_shape_students_read_no_lengths() -> None:
    def of_shapes(given: tuple[int, ...], wanted: tuple[int, ...]) -> Feedback:
        detail = Detail(shape=given, wanted_shape=wanted, of_formula=True)
        return of_comparison(Comparison.invalid(Reason.WRONG_SHAPE, actual="x", detail=detail))

    size = "the shape is wrong: the formula gives a list of the wrong size"
    numbers = "expected a list of 5 numbers, got a list of 16 numbers"
    assert of_shapes((16,), (5,)) == Feedback(student=(size,), staff=(size, numbers))
    kind = "the shape is wrong: expected a matrix, but the formula gives a single number"
    assert of_shapes((), (2, 5)).student == (kind,)


def test_a_long_reason_is_cut() -> None:
    detail = Detail(message="y" * 5000)
    comparison = Comparison.invalid(Reason.NOT_A_FORMULA, actual="x", detail=detail)
    assert len(of_comparison(comparison).student[0]) < 500


def test_limits_are_named_as_the_assignment_sets_them() -> None:
    failure = Failure(verdict=Verdict.TIMED_OUT, reason=Reason.TIME_LIMIT)
    both = "no answer within 2.5 s, or within the 60 s for all calls together"
    assert of_failure(failure, "f", Limits(wall_seconds=2.5)).student == (both,)
    for_all_calls = Limits(wall_seconds=20, submission_seconds=4)
    assert of_failure(failure, "f", for_all_calls).student == ("no answer within 4 s",)


def test_a_time_out_says_which_limit_and_where_the_code_was() -> None:
    limits = Limits(wall_seconds=2.5, submission_seconds=2)
    late = Failure(verdict=Verdict.TIMED_OUT, reason=Reason.TIME_LIMIT, file="a.py", line=7)
    at = "; the code was at line 7 of a.py"
    assert of_failure(late, "f", limits).student == (f"no answer within 2 s{at}",)
    loading = replace(late, loading=True)
    words = f"the files were not loaded within 2 s{at}"
    assert of_failure(loading, "f", limits).student == (words,)
    shared = replace(late, reason=Reason.SHARED_TIME, file="", line=0)
    (told,) = of_failure(shared, "f", limits).student
    assert told.startswith("two calls of f took too long, so its other calls have 2.5 s together")
    hidden = of_failure(late, "f", limits, hidden=True)
    assert hidden.student == ("no answer within 2 s",)
    assert hidden.staff == (f"no answer within 2 s{at}",)


ALLOWED = "code may compute, print, and read the files that the assignment provides"
TRIED = {
    Reason.FORBIDDEN_FILE: "use a file or a folder that it may not use",
    Reason.FORBIDDEN_NETWORK: "open a network connection",
    Reason.FORBIDDEN_PROCESS: "start or reach another process, or more than 16 threads",
    Reason.FORBIDDEN_CALL: "make a system call",
}


@pytest.mark.parametrize(("reason", "tried"), TRIED.items())
def test_what_was_blocked_says_where_what_and_what_is_allowed(reason: Reason, tried: str) -> None:
    failure = Failure(
        verdict=Verdict.BLOCKED,
        reason=reason,
        exception="PermissionError",
        message="[Errno 13] Permission denied: 'x'",
        file="optimizers.py",
        line=7,
    )
    said = "PermissionError: [Errno 13] Permission denied: 'x'"
    full = (
        f"gradient: at line 7 of optimizers.py the code tried to {tried} ({said}), "
        f"which is not allowed here: {ALLOWED}"
    )
    assert of_failure(failure, "gradient").student == (full,)
    hidden = of_failure(failure, "gradient", hidden=True)
    told = f"gradient: the code tried to {tried}, which is not allowed here: {ALLOWED}"
    assert hidden.student == (told,)
    assert hidden.staff == (told, f"at line 7 of optimizers.py: {said}")
    nothing = of_failure(Failure(verdict=Verdict.BLOCKED, reason=reason), "gradient", hidden=True)
    assert nothing == Feedback(student=(told,), staff=(told,))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.CPU_LIMIT, "the code needed more than 1.5 s of processor time"),
        (Reason.TIME_LIMIT, "no answer within 2.5 s, or within the 60 s for all calls together"),
        (
            Reason.FILE_LIMIT,
            "the code wrote more than 3 MiB to a file, or more than there is room for",
        ),
        (Reason.MEMORY_LIMIT, "the code needed more than 99 MiB of memory"),
        (Reason.OUTPUT_LIMIT, "the code printed or returned more than 7 KiB"),
        (
            Reason.VALUE_LIMIT,
            (
                "the code returned more than 120,000 single values, or 3,000,000 in all its calls, "
                "or a dictionary of more than 10,000 keys; many numbers belong in an array"
            ),
        ),
    ],
)
def test_a_limit_is_told_with_its_number_and_its_unit(reason: Reason, words: str) -> None:
    limits = Limits(cpu_seconds=1.5, wall_seconds=2.5, file_mib=3, memory_mib=99, output_kib=7)
    failure = Failure(verdict=Verdict.OUTPUT_EXCEEDED, reason=reason)
    assert of_failure(failure, "f", limits).student == (words,)


@pytest.mark.parametrize("hidden", [False, True])
def test_what_is_not_there_comes_with_what_there_is(hidden: bool) -> None:
    def told(exception: str, *, loading: bool = False) -> tuple[str, ...]:
        failure = Failure(
            verdict=Verdict.RAISED,
            reason=Reason.EXCEPTION,
            exception=exception,
            loading=loading,
            message="[Errno 2] No such file or directory: 'data.csv'",
        )
        return of_failure(failure, "f", hidden=hidden).student

    first, second = told("FileNotFoundError")
    assert first.startswith("FileNotFoundError was raised")
    assert "only the files that the assignment provides" in second
    assert "the packages installed there" in told("ModuleNotFoundError")[1]
    assert "nobody answers input()" in told("EOFError")[1]
    assert len(told("KeyError")) == 1
    assert len(told("EOFError", loading=True)) == 1  # a note says it, once for all questions
