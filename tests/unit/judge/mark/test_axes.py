"""Axes of length 1: exact from code, lenient from a sheet, or as the question says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.mark.axes import mended_array
from grader.judge.words.shapes import mended
from grader.model.outcome import Outcome
from grader.model.value import NumberText, shape_of
from tests.unit.judge.course import Course

REFERENCE = """
import numpy as np

def row(): return np.array([1.0, 2.0, 3.0])
def column(): return np.array([[1.0], [2.0], [3.0]])
def one(): return 2.5
def roots(): return np.array([1.0, 2.0, 3.0])
def points(): return np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
def values(): return np.array([1.0, 3.0, 5.0])
def doubled(row): return 2 * row
def halved(values_next): return values_next(1.0)
def values_next(value, /): return value + 2
def f(x, /): return np.array([1.0, 2.0, 3.0]) * x
def g(x, /): return {"a": np.array([x, x + 1]), "b": (1.0, np.array([[x], [2 * x]]))}
def twice(x, /): return np.array([2.0, 4.0, 6.0]) * x
"""
SPEC = """
givens: {x: 1}
questions:
  - {id: row, kind: array, points: 4}
  - {id: strict, kind: array, points: 4, step: row, shape: exact}
  - {id: full, kind: array, points: 4, step: row, shape: lenient, shape_credit: 1}
  - {id: column, kind: array, points: 4}
  - {id: one, kind: number, points: 4}
  - {id: roots, kind: array, points: 4, tolerance: {rtol: 1e-6, unordered: true}}
  - {id: several, kind: array, points: 4, parts: {row: {}, column: {}}}
  - {id: points, kind: iterates, points: 6}
  - id: values
    kind: iterates
    points: 6
    recurrence: {step: values_next, state: [values]}
  - {id: doubled, kind: array, points: 4}
  - {id: f, kind: function, points: 4, call: f(x), cases: &cases [{x: 1}, {x: 2}]}
  - {id: lf, kind: function, points: 4, call: f(x), step: f, shape: lenient, cases: *cases}
  - {id: lg, kind: function, points: 4, call: g(x), step: g, shape: lenient, cases: [{x: 1}]}
mistakes:
  - {id: twice-as-much, replaces: f, with: twice, credit: 0.5, feedback: This is twice as much.}
"""
ROW = ["1", "2", "3"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("axes"), SPEC, REFERENCE)


def result(outcome: Outcome) -> tuple[str, str | None, float]:
    reason = outcome.reason.value if outcome.reason else None
    return outcome.verdict.value, reason, float(outcome.score or 0)


PARTLY = ("partial", "wrong_shape", 2.0)
REFUSED = ("invalid", "wrong_shape", 0.0)


@pytest.mark.parametrize(
    ("question", "answer", "from_sheet", "from_code"),
    [
        ("row", [ROW], PARTLY, REFUSED),
        ("row", [[x] for x in ROW], PARTLY, REFUSED),
        ("strict", [ROW], REFUSED, REFUSED),
        ("full", [ROW], ("correct", None, 4.0), ("correct", None, 4.0)),
        ("column", ROW, PARTLY, REFUSED),
        ("column", [ROW], PARTLY, ("invalid", "transposed", 0.0)),
        ("one", ["2.5"], PARTLY, REFUSED),
        ("roots", [["3", "1", "2"]], PARTLY, REFUSED),
        # Where more differs than axes of length 1, and where the numbers do.
        ("row", [ROW, ROW], REFUSED, REFUSED),
        ("row", ROW[:2], REFUSED, REFUSED),
        ("row", [["1", "2", "4"]], REFUSED, REFUSED),
        ("row", ROW, ("correct", None, 4.0), ("correct", None, 4.0)),
    ],
)  # fmt: skip
def test_an_array_with_other_axes_of_length_one(
    course: Course, question: str, answer: Any, from_sheet: Any, from_code: Any
) -> None:
    assert result(course.mark({question: answer}, typed=True)[question]) == from_sheet
    assert result(course.mark({question: answer})[question]) == from_code


def test_parts_are_judged_so_too(course: Course) -> None:
    answers = {"several": {"row": [ROW], "column": [[x] for x in ROW]}}
    outcome = course.mark(answers, typed=True)["several"]
    assert [part.verdict.value for part in outcome.parts] == ["partial", "correct"]
    assert outcome.score == 3


@pytest.mark.parametrize(
    ("question", "answer", "score"),
    [
        ("points", [[["1", "2"]], [["3", "4"]], [["5", "6"]]], 3),
        ("points", [[["1", "2"], ["3", "4"], ["5", "6"]]], 3),
        ("points", [["1", "2"], [["3", "4"]], ["5", "6"]], 5),
        ("points", [["1", "2"], ["3", "4"], ["5", "6"]], 6),
        ("values", [["1"], ["3"], ["5"]], 3),
        ("values", [["1", "3", "5"]], 3),
        # A slip in the second row, from which the third follows.
        ("values", [["1"], ["4"], ["6"]], 2),
        ("values", ["1", "4", "6"], 4),
    ],
)
def test_rows_are_judged_so_too(course: Course, question: str, answer: Any, score: int) -> None:
    assert course.mark({question: answer}, typed=True)[question].score == score


def test_what_follows_starts_from_the_numbers(course: Course) -> None:
    """A wrong row in other axes is not right; what was rightly made of it is."""
    marked = course.mark({"row": [["1", "2", "4"]], "doubled": ["2", "4", "8"]}, typed=True)
    assert marked["row"].score == 0
    assert marked["doubled"].verdict.value == "follows"
    other = course.mark({"row": ["1", "2", "4"], "doubled": [["2", "4", "8"]]}, typed=True)
    assert (other["doubled"].verdict.value, float(other["doubled"].score or 0)) == ("partial", 2.0)


# -- functions -------------------------------------------------------------------------------------


def rows(scale: float = 1, *, axes: Any = (1, 3)) -> dict[str, Any]:
    return {str(n): np.array([1.0, 2.0, 3.0]).reshape(axes) * n * scale for n in (1, 2)}


def called(name: str, given: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}/{case}": value for case, value in given.items()}


def test_a_function_is_exact_unless_the_question_says_otherwise(course: Course) -> None:
    assert result(course.mark(called("f", rows()))["f"]) == REFUSED
    assert result(course.mark(called("lf", rows()))["lf"]) == PARTLY
    assert result(course.mark(called("lf", rows(axes=(3,))))["lf"]) == ("correct", None, 4.0)
    assert course.mark(called("lf", rows(1.1)))["lf"].score == 0


def test_a_nested_result_is_judged_so_too(course: Course) -> None:
    right = {"a": np.array([1.0, 2.0]), "b": (1.0, np.array([[1.0], [2.0]]))}
    assert course.mark({"lg/1": right})["lg"].score == 4
    for other in (
        {**right, "a": np.array([[1.0, 2.0]])},
        {**right, "b": (1.0, np.array([1.0, 2.0]))},
        {"a": np.array([[1.0], [2.0]]), "b": (np.array([1.0]), np.array([1.0, 2.0]))},
    ):
        assert result(course.mark({"lg/1": other})["lg"]) == PARTLY
    wrong = {"a": np.array([[1.0, 2.0]]), "b": (1.0, np.array([[1.0], [9.0]]))}
    assert course.mark({"lg/1": wrong})["lg"].score == 0


def test_a_mistake_is_found_behind_other_axes(course: Course) -> None:
    outcome = course.mark(called("lf", rows(2)))["lf"]
    assert "This is twice as much." in outcome.feedback.student
    assert outcome.score == 1  # half of what the mistake earns


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_shape", "wanted", "words"),
    [
        ((1, 3), (3,), "axis 0 has length 1 and is too many: `.ravel()` takes it away"),
        ((3, 1), (3,), "axis 1 has length 1 and is too many: `.ravel()` takes it away"),
        ((1, 1, 3), (3,), "axes 0 and 1 have length 1 and are too many: `.ravel()` takes"),
        ((1, 2, 3), (2, 3), "axis 0 has length 1 and is too many: `.squeeze(0)` takes it away"),
        ((1,), (), "axis 0 has length 1 and is too many: `.item()` takes it away"),
        ((3,), (3, 1), "axis 1, of length 1, is missing: `keepdims=True` in a sum or a mean keeps"),
        ((3,), (3, 1), "and `.reshape(3, 1)` puts it back"),
        ((3, 1), (1, 3), "the axis of length 1 is another one: `.reshape(1, 3)` moves it"),
        ((), (1, 1), "put 2 pairs of brackets around it"),
        ((2, 3), (3, 2), ""),
        ((3,), (3,), ""),
        ((), (2,), ""),
    ],
)  # fmt: skip
def test_the_words_say_which_axis_and_how_to_mend_it(
    given_shape: tuple[int, ...], wanted: tuple[int, ...], words: str
) -> None:
    told = mended(given_shape, wanted, typed=False)
    assert words in told
    assert bool(told) is bool(words)
    assert bool(mended(given_shape, wanted, typed=True)) is bool(words)


def test_a_student_reads_how_to_mend_it(course: Course) -> None:
    (told, *_) = course.mark(called("f", rows()))["f"].feedback.student
    assert "`.ravel()`" in told
    (told, *_) = course.mark({"row": [ROW]}, typed=True)["row"].feedback.student
    assert "1 pair of brackets too many" in told
    assert "ravel" not in told


# -- mending ---------------------------------------------------------------------------------------

shapes = st.lists(st.sampled_from([1, 1, 2, 3]), max_size=4).map(tuple)


@given(shapes, shapes)
def test_only_axes_of_length_one_are_ever_mended(
    shape: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    numbers = np.arange(float(np.prod(shape))).reshape(shape)
    found = mended_array(numbers, np.zeros(wanted))
    core = [length for length in shape if length != 1]
    alike = core == [length for length in wanted if length != 1]
    assert np.shape(found) == (wanted if alike else shape)
    assert np.ravel(found).tolist() == np.ravel(numbers).tolist()


def test_numbers_keep_their_digits() -> None:
    typed = NumberText.parse("0.410")
    assert mended_array(((typed,),), np.zeros(1)) == [typed]
    assert mended_array((typed,), 0.41) is typed
    assert shape_of(mended_array((typed, typed), np.zeros((2, 1)))) == (2, 1)


def test_what_is_no_number_is_left_alone() -> None:
    for value in ("text", None, [["a"]], {"a": 1}, np.array(["x"]), [[1], [2, 3]]):
        assert mended_array(value, np.zeros(1)) is value
