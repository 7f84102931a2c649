"""What never passes, whatever it claims to be: each with a reason and a sentence of its own."""

from __future__ import annotations

import math
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import IntEnum
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from grader import Comparison, Tolerance, compare
from grader.compare.plain import plain
from grader.model.fact_marking import Detail
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import of_comparison

LOOSE = Tolerance.from_spec({"rtol": 1.0, "atol": 1e9})
NUMBER, ROW, TABLE = 3.0, [1.0, 2.0, 3.0], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def boom(*_: Any, **__: Any) -> Any:
    raise AssertionError("a method of a student's object was called")


_METHODS = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__"),
    *("__float__", "__int__", "__index__", "__complex__", "__round__", "__trunc__", "__abs__"),
    *("__sub__", "__rsub__", "__add__", "__radd__", "__mul__", "__rmul__", "__truediv__"),
    *("__iter__", "__len__", "__getitem__", "__contains__", "__next__", "__length_hint__"),
    *("__array__", "__array_ufunc__", "__array_function__", "__array_wrap__"),
    *("__str__", "__repr__", "__format__", "__reduce__", "__copy__", "__deepcopy__"),
    *("items", "keys", "values", "get", "tolist", "view", "astype", "ravel", "item", "encode"),
)


class Meddling(type):
    """The class of a class that answers every question about it as it likes."""

    __hash__ = boom
    __eq__ = boom
    __instancecheck__ = boom
    __subclasscheck__ = boom


def meddling(base: type, *arguments: Any) -> Any:
    """An object that fails the test as soon as any method of its own is called."""
    body: dict[str, Any] = dict.fromkeys(_METHODS, boom)
    body |= dict.fromkeys(("__class__", "shape", "dtype", "ndim", "size", "T"), property(boom))
    body["__getattribute__"] = boom
    kind: Any = Meddling("Meddling", (base,), body)
    return base.__new__(kind, *arguments)


def meddling_list(items: list[Any]) -> Any:
    made = meddling(list)
    list.extend(made, items)
    return made


def meddling_array(numbers: Any) -> Any:
    body = dict.fromkeys(_METHODS, boom) | {"__getattribute__": boom}
    return np.ndarray.view(np.array(numbers), type("Meddling", (np.ndarray,), body))


def meddling_dict(**items: Any) -> Any:
    made = meddling(dict)
    for key, item in items.items():
        dict.__setitem__(made, key, item)
    return made


def endless() -> Any:
    while True:
        yield 3.0


def nested(depth: int) -> Any:
    value: Any = 3.0
    for _ in range(depth):
        value = [value]
    return value


def itself() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


def doubled(depth: int) -> Any:
    """A list of 2^depth numbers in little memory."""
    value: Any = [1.0, 2.0]
    for _ in range(depth):
        value = [value, value]
    return value


#: name, actual, expected, reason
NEVER: list[tuple[str, Callable[[], Any], Any, Reason]] = [
    ("nan", lambda: math.nan, NUMBER, Reason.NAN_AT),
    ("numpy's nan", lambda: np.float32("nan"), NUMBER, Reason.NAN_AT),
    ("typed nan", lambda: "nan", NUMBER, Reason.NAN_AT),
    ("nan in a list", lambda: [1.0, math.nan, 3.0], ROW, Reason.NAN_AT),
    ("infinity", lambda: math.inf, NUMBER, Reason.NOT_FINITE),
    ("minus infinity", lambda: -math.inf, NUMBER, Reason.NOT_FINITE),
    ("infinity in an array", lambda: np.array([1, np.inf, 3]), ROW, Reason.NOT_FINITE),
    ("a boolean", lambda: True, NUMBER, Reason.BOOLEAN),
    ("numpy's boolean", lambda: np.True_, NUMBER, Reason.BOOLEAN),
    ("a boolean in a list", lambda: [1.0, True, 3.0], ROW, Reason.BOOLEAN),
    ("an array of booleans", lambda: np.ones(3, dtype=bool), ROW, Reason.BOOLEAN),
    ("a 0-d boolean", lambda: np.array(True), NUMBER, Reason.BOOLEAN),
    ("complex", lambda: 3 + 1e-9j, NUMBER, Reason.COMPLEX),
    ("numpy's complex", lambda: np.complex64(3 + 1e-9j), NUMBER, Reason.COMPLEX),
    ("complex in a list", lambda: [1.0, 2 + 1e-9j, 3.0], ROW, Reason.COMPLEX),
    ("a complex array", lambda: np.ones(3) + 1e-9j, ROW, Reason.COMPLEX),
    ("a number as text in a list", lambda: [1.0, "2.0", 3.0], ROW, Reason.NUMBER_AS_TEXT),
    ("numbers as texts in an array", lambda: np.array(["1", "2", "3"]), ROW, Reason.NUMBER_AS_TEXT),
    ("text", lambda: "three", NUMBER, Reason.NOT_A_NUMBER),
    ("text in a list", lambda: [1.0, "two", 3.0], ROW, Reason.NOT_A_NUMBER),
    ("a text for a list", lambda: "1, 2, 3", ROW, Reason.NOT_A_NUMBER),
    ("bytes", lambda: b"3", NUMBER, Reason.NOT_A_NUMBER),
    ("None", lambda: None, NUMBER, Reason.NOT_A_NUMBER),
    ("None for a list", lambda: None, ROW, Reason.NOT_A_LIST),
    ("a dictionary for a number", lambda: {0: 3.0}, NUMBER, Reason.NOT_A_NUMBER),
    ("a dictionary for a list", lambda: {0: 1.0, 1: 2.0, 2: 3.0}, ROW, Reason.NOT_A_LIST),
    ("dates", lambda: np.zeros(3, dtype="datetime64[s]"), ROW, Reason.NOT_A_NUMBER),
    ("durations", lambda: np.ones(3, dtype="timedelta64[s]"), ROW, Reason.NOT_A_NUMBER),
    ("a duration", lambda: np.timedelta64(3, "s"), NUMBER, Reason.NOT_A_NUMBER),
    ("records", lambda: np.zeros(3, dtype=[("x", float)]), ROW, Reason.NOT_A_NUMBER),
    ("objects", lambda: np.array([1.0, 2.0, 3.0], dtype=object), ROW, Reason.OBJECT_ARRAY),
    ("a 0-d object", lambda: np.array(3.0, dtype=object), NUMBER, Reason.OBJECT_ARRAY),
    ("rows of objects", lambda: [np.array(ROW, dtype=object)] * 2, TABLE, Reason.OBJECT_ARRAY),
    ("masked", lambda: np.ma.masked_array(ROW, mask=False), ROW, Reason.MASKED),
    ("a masked row", lambda: [np.ma.masked_array(ROW)] * 2, TABLE, Reason.MASKED),
    ("ragged", lambda: [[1.0, 2.0, 3.0], [4.0, 5.0]], TABLE, Reason.RAGGED),
    ("ragged in depth", lambda: [[1.0, 2.0, 3.0], 4.0], TABLE, Reason.RAGGED),
    ("nested without end", lambda: nested(50_000), ROW, Reason.RAGGED),
    ("inside itself", itself, ROW, Reason.RAGGED),
    ("a column for a row", lambda: np.ones((3, 1)), ROW, Reason.WRONG_SHAPE),
    ("a row in a table", lambda: np.ones((1, 3)), ROW, Reason.WRONG_SHAPE),
    ("a number for a list", lambda: 1.0, ROW, Reason.WRONG_SHAPE),
    ("a list of one for a number", lambda: [3.0], NUMBER, Reason.WRONG_SHAPE),
    ("a number for a list of one", lambda: 3.0, [3.0], Reason.WRONG_SHAPE),
    ("0-d for a list of one", lambda: np.array(3.0), [3.0], Reason.WRONG_SHAPE),
    ("transposed", lambda: np.transpose(TABLE), TABLE, Reason.TRANSPOSED),
    ("empty", list, ROW, Reason.WRONG_SHAPE),
    ("an empty array", lambda: np.empty((0, 3)), TABLE, Reason.WRONG_SHAPE),
    ("something for nothing", lambda: [1.0], [], Reason.WRONG_SHAPE),
    ("a huge array", lambda: np.broadcast_to(1.0, (10**9,)), ROW, Reason.WRONG_SHAPE),
    ("huge for a number", lambda: np.broadcast_to(3.0, (10**9,)), NUMBER, Reason.WRONG_SHAPE),
    ("a huge table", lambda: np.broadcast_to(1.0, (10**9, 3)), TABLE, Reason.WRONG_SHAPE),
    ("huge rows", lambda: [np.broadcast_to(1.0, (10**9,))] * 2, TABLE, Reason.WRONG_SHAPE),
    ("an enormous whole number", lambda: 1 << 2_000_000, NUMBER, Reason.TOO_LONG),
    ("a generator", endless, ROW, Reason.NOT_PLAIN_DATA),
    ("an iterator", lambda: iter(ROW), ROW, Reason.NOT_PLAIN_DATA),
    ("a range", lambda: range(1, 4), ROW, Reason.NOT_PLAIN_DATA),
    ("a set", lambda: {1.0, 2.0, 3.0}, ROW, Reason.NOT_PLAIN_DATA),
    ("a function", lambda: len, NUMBER, Reason.NOT_PLAIN_DATA),
    ("a date", lambda: date(2024, 1, 3), NUMBER, Reason.NOT_PLAIN_DATA),
    ("an object in a list", lambda: [1.0, object(), 3.0], ROW, Reason.NOT_PLAIN_DATA),
    ("what claims to be everything", lambda: meddling(object), NUMBER, Reason.NOT_PLAIN_DATA),
    (
        "a complex of its own class",
        lambda: meddling(complex, 3 + 1j),
        NUMBER,
        Reason.COMPLEX,
    ),
    ("that inside a list", lambda: [1.0, meddling(object), 3.0], ROW, Reason.NOT_PLAIN_DATA),
    ("a class of numpy's", lambda: meddling(np.float32, 3), NUMBER, Reason.NOT_PLAIN_DATA),
    ("a text that is no number", lambda: NumberText("3 apples"), NUMBER, Reason.NOT_PLAIN_DATA),
    ("a text too long to be a number", lambda: "3" * 10**6, NUMBER, Reason.NOT_A_NUMBER),
]


def sentence(comparison: Comparison) -> str:
    (line,) = of_comparison(comparison).student
    return line


@pytest.mark.parametrize(
    ("make", "expected", "reason"), [pytest.param(*row[1:], id=row[0]) for row in NEVER]
)
def test_what_never_passes_is_invalid_for_a_reason_of_its_own(
    make: Callable[[], Any], expected: Any, reason: Reason
) -> None:
    comparison = compare(actual=make(), expected=expected, tolerance=LOOSE)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, reason)
    assert comparison.credit == 0
    assert len(sentence(comparison)) < 400


@pytest.mark.lengthy
def test_each_reason_has_a_sentence_of_its_own() -> None:
    """Also where the value, its place and its shape are the same."""
    alike = Detail(shape=(1,), wanted_shape=(2,), length=1, wanted_length=2, numbers=3, name="so")
    sentences: dict[str, Reason] = {}
    for _, make, expected, reason in NEVER:
        comparison = compare(actual=make(), expected=expected, tolerance=LOOSE)
        bare = sentence(replace(comparison, actual=0, path=(), detail=alike))
        assert sentences.setdefault(bare, reason) is reason
    assert set(sentences.values()) == {row[3] for row in NEVER}


BUT_RIGHT = "(the numbers themselves are right)"


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        (True, NUMBER, "expected a number, got a truth value: True"),
        (3 + 2j, NUMBER, "expected a real number, got a complex one: 3+2j"),
        (
            [1.0, "2.0", 3.0],
            ROW,
            "at [1]: “2.0” is a text, not a number: write a plain decimal, without quotes",
        ),
        (None, ROW, "expected a list, got None"),
        (None, NUMBER, "expected a number, got None"),
        ({0: 1.0}, ROW, "expected a list, got {0: 1}"),
        (
            np.array([1.0, None, 3.0]),
            ROW,
            "an array of dtype object holds objects, not numbers: give it dtype=float",
        ),
        (
            np.ma.masked_array(ROW),
            ROW,
            "a masked array hides some of its numbers: give a plain array",
        ),
        (
            iter(ROW),
            ROW,
            "expected a number, a list or a dictionary, got an object of type list_iterator",
        ),
        (
            np.transpose(TABLE),
            TABLE,
            (
                "the numbers are right, but rows and columns are swapped: "
                "expected 2 × 3 numbers, got 3 × 2 numbers"
            ),
        ),
        (
            np.array([ROW]).T,
            ROW,
            (
                f"the shape is wrong: expected a list of 3 numbers, got 3 × 1 numbers {BUT_RIGHT}; "
                "axis 1 has length 1 and is too many: `.ravel()` takes it away"
            ),
        ),
        (
            3.0,
            [3.0],
            (
                f"the shape is wrong: expected a list of 1 number, got a single number {BUT_RIGHT}"
                "; put 1 pair of brackets around it"
            ),
        ),
        ([1.0, math.nan, 3.0], ROW, "at [1]: the value is not a number (nan)"),
        (1 << 2_000_000, NUMBER, "the answer is too long: a whole number of 2000001 bits"),
    ],
    ids=range(14),
)
def test_students_read_what_is_wrong(actual: Any, expected: Any, said: str) -> None:
    assert sentence(compare(actual=actual, expected=expected, tolerance=LOOSE)) == said


TIGHT = Tolerance.from_spec({"rtol": 1e-6})


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(np.transpose(TABLE) + 0.1, TABLE, id="a wrong table, transposed"),
        pytest.param([[1.0], [2.0], [3.1]], ROW, id="a wrong column"),
        pytest.param(3.1, [3.0], id="a wrong number"),
        pytest.param([["1"], ["2"], ["3"]], ROW, id="no numbers"),
        pytest.param([[1.0], [math.nan], [3.0]], ROW, id="nan"),
    ],
)
def test_wrong_numbers_of_a_wrong_shape_are_not_called_right(actual: Any, expected: Any) -> None:
    comparison = compare(actual=actual, expected=expected, tolerance=TIGHT)
    assert comparison.reason is Reason.WRONG_SHAPE
    assert "right" not in sentence(comparison)


def test_numbers_in_the_order_of_memory_are_right_but_for_their_shape() -> None:
    words = sentence(compare(actual=np.reshape(TABLE, (3, 2)), expected=TABLE, tolerance=TIGHT))
    assert words.endswith(f"expected 2 × 3 numbers, got 3 × 2 numbers {BUT_RIGHT}")


@pytest.mark.parametrize("tolerance", [LOOSE, Tolerance.from_spec({"exact": True})])
@pytest.mark.parametrize("digits", [400, 10**5])
@pytest.mark.parametrize("sign", [1, -1])
def test_whole_numbers_of_many_digits_are_merely_wrong(
    tolerance: Tolerance, digits: int, sign: int
) -> None:
    for actual, expected in ((sign * 10**digits, NUMBER), ([1.0, sign * 10**digits, 3.0], ROW)):
        comparison = compare(actual=actual, expected=expected, tolerance=tolerance)
        assert comparison.verdict is Verdict.INCORRECT
        assert f"{(10**digits).bit_length()} bits" in sentence(comparison)


# -- objects with methods of their own -----------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "expected", "accepted"),
    [
        pytest.param(lambda: meddling(float, 3.0), 3.0, True, id="float"),
        pytest.param(lambda: meddling(float, 3.1), 3.0, False, id="wrong float"),
        pytest.param(lambda: meddling(np.float64, 3.0), 3.0, True, id="numpy's double"),
        pytest.param(lambda: meddling(np.float64, 3.1), 3.0, False, id="wrong double"),
        pytest.param(lambda: meddling(int, 3), 3.0, True, id="int"),
        pytest.param(lambda: meddling(int, 4), 3.0, False, id="wrong int"),
        pytest.param(lambda: meddling(str, "3.0"), 3.0, True, id="text"),
        pytest.param(lambda: meddling_list(ROW), ROW, True, id="list"),
        pytest.param(lambda: meddling_list([1.0, 2.0, 4.0]), ROW, False, id="wrong list"),
        pytest.param(lambda: meddling(tuple, tuple(ROW)), ROW, True, id="tuple"),
        pytest.param(lambda: [meddling(float, x) for x in ROW], ROW, True, id="in a list"),
        pytest.param(lambda: meddling_array(ROW), ROW, True, id="array"),
        pytest.param(lambda: meddling_array([1.0, 2.0, 4.0]), ROW, False, id="wrong array"),
        pytest.param(lambda: [meddling_array(x) for x in TABLE], TABLE, True, id="rows"),
        pytest.param(lambda: meddling_dict(a=1.0), {"a": 1.0}, True, id="dictionary"),
        pytest.param(lambda: meddling_dict(a=2.0), {"a": 1.0}, False, id="wrong dictionary"),
        pytest.param(lambda: {"a": 1.0, "b": meddling(object)}, {"a": 1.0}, True, id="besides"),
    ],
)
def test_only_the_data_of_an_object_counts_and_none_of_its_methods_is_called(
    make: Callable[[], Any], expected: Any, accepted: bool
) -> None:
    comparison = compare(actual=make(), expected=expected, tolerance=TIGHT)
    assert comparison.accepted is accepted
    of_comparison(comparison)


def test_a_key_that_claims_to_be_every_key_is_none() -> None:
    class Every(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    class Any_:  # noqa: N801 - it poses as anything
        def __hash__(self) -> int:
            return hash("a")

        def __eq__(self, other: object) -> bool:
            return True

    for key in (Every("b"), Any_()):
        comparison = compare(actual={key: 1.0}, expected={"a": 1.0}, tolerance=LOOSE)
        assert comparison.reason is Reason.KEY_MISSING


class Colour(IntEnum):
    RED = 3


class Kelvin(np.ndarray):
    """An array that says of itself what it is measured in, as units packages have it."""


Point = namedtuple("Point", ["x", "y"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, 3),
        (Point(1.0, 2.0), (1.0, 2.0)),
        (OrderedDict(a=1.0), {"a": 1.0}),
        (np.array(ROW).view(Kelvin), ROW),
        ([np.array(row).view(Kelvin) for row in TABLE], TABLE),
    ],
    ids=["IntEnum", "namedtuple", "OrderedDict", "array", "rows"],
)
def test_honest_classes_are_what_they_are_made_of(value: Any, expected: Any) -> None:
    assert compare(actual=value, expected=expected, tolerance=TIGHT).accepted


@pytest.mark.parametrize(
    "value",
    [1, 2.5, True, None, "text", b"bytes", 1j, np.float32(1), np.arange(3), NumberText("0.410")],
    ids=repr,
)
def test_plain_data_stays_what_it_is(value: Any) -> None:
    assert plain(value) is value
    assert plain([value])[0] is value
    assert plain({"a": (value,)})["a"][0] is value


def test_lists_that_are_longer_than_they_look_are_not_walked_to_their_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_module("grader.compare.plain"), "_MOST_LISTS", 1000)
    comparison = compare(actual=doubled(60), expected=ROW, tolerance=LOOSE)
    assert comparison.verdict is Verdict.INVALID


def test_what_is_too_deep_is_cut_off() -> None:
    value = plain(nested(1000))
    depth = 0
    while isinstance(value, list):
        (value,) = value
        depth += 1
    assert isinstance(value, Opaque)
    assert depth == 64
