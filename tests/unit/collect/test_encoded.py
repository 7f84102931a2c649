"""What was collected is the same after it was kept, bit by bit."""

from __future__ import annotations

import contextlib
import inspect
import struct
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.collect.codec import pack, unpack
from grader.collect.encoded import CodecError, decode, decode_one, encode, encode_one
from grader.model.diagnostic import Place
from grader.model.response import Changed, Failure, Met, Response
from grader.model.typed import Typed
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child import wire
from grader.submissions.sheet import read_sheets
from tests.some import some

TEXTS = st.text() | st.text(st.sampled_from("a\udc80\ud800é\x00"), max_size=4)
NUMBER_TEXTS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0.410", "-0.0", "3/4", "1e9999", ".inf", "NaN", "9" * 400]),
).map(NumberText)
TYPED = st.builds(
    Typed, TEXTS, quoted=st.booleans(), line=st.integers(0, 2**32 - 1), fault=st.just("") | TEXTS
)
OPAQUE = st.builds(Opaque, type_name=TEXTS, why=TEXTS)
NANS = st.integers(1, 2**51 - 1).map(
    lambda n: struct.unpack(">d", (0x7FF8 << 48 | n).to_bytes(8))[0]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.tuples(st.integers(-(2**64), 2**64), st.integers(0, 7900)).map(lambda one: one[0] << one[1]),
    st.floats(),
    NANS,
    st.complex_numbers(),
    TEXTS,
    st.binary(),
    NUMBER_TEXTS,
    TYPED,
    OPAQUE,
)
DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="="),
    hnp.unsigned_integer_dtypes(endianness="="),
    hnp.floating_dtypes(endianness="="),
    hnp.complex_number_dtypes(endianness="="),
)
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
NUMPY_SCALARS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()])
KEYS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary() | NUMBER_TEXTS,
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)
VALUES = st.recursive(
    SCALARS | ARRAYS | NUMPY_SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=12,
)
SMALL = st.integers(-1, 10**6)
MET = st.builds(
    Met,
    problem=TEXTS,
    called=TEXTS,
    value=SCALARS,
    at=SMALL,
    wanted=SMALL,
    text=TEXTS,
    parameter=TEXTS,
    least=SMALL,
    most=SMALL,
    driver=TEXTS,
    line=SMALL,
)
FAILURES = st.builds(
    Failure,
    verdict=st.sampled_from(Verdict),
    reason=st.sampled_from(Reason),
    exception=TEXTS,
    message=TEXTS,
    file=TEXTS,
    line=st.integers(0, 10**7),
    met=st.none() | MET,
    loading=st.booleans(),
)
PLACES = st.builds(Place, file=TEXTS, line=st.integers(0, 10**6), column=st.integers(0, 10**6))


CHANGED = st.builds(Changed, kind=TEXTS, called=TEXTS, name=TEXTS, before=VALUES, after=VALUES)


def some_responses(again: st.SearchStrategy[Response | None]) -> st.SearchStrategy[Response]:
    return st.builds(
        Response,
        value=VALUES,
        failure=st.none() | FAILURES,
        inputs_after=st.none() | st.lists(VALUES, max_size=2).map(tuple),
        earlier=st.dictionaries(TEXTS, VALUES, max_size=2),
        changed=st.lists(CHANGED, max_size=2).map(tuple),
        again=again,
        printed=TEXTS,
        place=st.none() | PLACES,
    )


RESPONSES = some_responses(st.none() | some_responses(st.none()))
SLOW = settings(deadline=None, max_examples=some(60), suppress_health_check=[HealthCheck.too_slow])


NAMES = [field.name for field in fields(Response) if field.name != "earlier"]


def _sorted(*responses: Response) -> list[Any]:
    return [sorted(one.earlier.items(), key=lambda item: item[0]) for one in responses]


def same(now: Any, then: Any) -> bool:
    """Bit by bit, NaNs included, and dicts in their order."""
    if isinstance(then, dict):
        return isinstance(now, dict) and same([*now.items()], [*then.items()])
    if isinstance(then, list | tuple):
        return type(now) is type(then) and len(now) == len(then) and all(map(same, now, then))
    if isinstance(then, np.ndarray | np.generic):
        bits = (now.tobytes(), now.dtype.str) == (then.tobytes(), then.dtype.str)
        return type(now) is type(then) and now.shape == then.shape and bits
    if isinstance(then, float):
        return type(now) is float and struct.pack("d", now) == struct.pack("d", then)
    if isinstance(then, complex):
        return type(now) is complex and same([now.real, now.imag], [then.real, then.imag])
    if isinstance(then, Changed | Failure | Met):
        names = [field.name for field in fields(then)]
        if type(now) is not type(then):
            return False
        return all(same(getattr(now, name), getattr(then, name)) for name in names)
    if isinstance(then, Response):  # of earlier results the order says nothing
        pairs = [(getattr(now, name), getattr(then, name)) for name in NAMES]
        return all(same(*pair) for pair in [*pairs, _sorted(now, then)])
    return type(now) is type(then) and bool(now == then)


@SLOW
@given(VALUES)
def test_a_value_is_the_same_bit_by_bit(value: Any) -> None:
    back = unpack(pack(value))
    assert same(back, value)
    assert pack(back) == pack(value)


@pytest.mark.lengthy
@SLOW
@given(st.dictionaries(st.text(max_size=3), RESPONSES, max_size=3))
def test_responses_are_the_same_bit_by_bit(responses: dict[str, Response]) -> None:
    back = decode(encode(responses))
    assert same(dict(sorted(back.items())), dict(sorted(responses.items())))
    assert encode(back) == encode(dict(reversed([*responses.items()])))


@pytest.mark.lengthy
@SLOW
@given(RESPONSES)
def test_one_response_is_the_same_bit_by_bit(response: Response) -> None:
    assert same(decode_one(encode_one(response)), response)


def test_the_order_of_responses_and_of_earlier_results_is_no_part_of_them() -> None:
    response = Response(value={"b": 1, "a": 2}, earlier={"y": 1, "x": 2})
    turned = replace(response, earlier={"x": 2, "y": 1})
    both = {"q": response, "p": response}
    assert encode(both) == encode({"p": turned, "q": turned})
    assert list(decode(encode(both))["q"].value) == ["b", "a"]


def nested(depth: int) -> Any:
    value: Any = (Typed("1", quoted=False, line=1),)
    for _ in range(depth - 1):
        value = (value,)
    return value


LARGE: dict[str, Callable[[], Any]] = {
    "deep": lambda: nested(62),
    "many keys": lambda: {str(n): None for n in range(60_000)},
    "numbers as keys": lambda: {
        key: n for n, key in enumerate([0.5, 1, -2, 3 + 1j, (1, None), b"x"])
    },
    "a long text": lambda: "\udc80é" * 400_000,
    "an empty array of many rows": lambda: np.zeros((1_000_000, 0)),
    "a large array": lambda: np.arange(1_000_000, dtype=np.float32).reshape(1000, -1),
    "an array of many dimensions": lambda: np.zeros((1,) * 32),
}


@pytest.mark.lengthy
@pytest.mark.parametrize("large", LARGE)
def test_what_is_more_than_a_child_may_send_is_kept_too(large: str) -> None:
    value = LARGE[large]()
    assert same(unpack(pack(value)), value)


SHEETS = {
    "deep.yaml": b"q: " + b"[" * 58 + b"1" + b"]" * 58,
    "deep.json": b'{"q": ' + b"[" * 58 + b"1" + b"]" * 58 + b"}",
    "wide.yaml": b"q: [" + b"1," * 99_990 + b"]",
    "wide.json": b'{"q": [' + b"1," * 300_000 + b"1]}",
    "keys.yaml": b"q: {" + b"".join(b"k%d: 1," % n for n in range(45_000)) + b"}",
    "keys.json": b'{"q": {' + b",".join(b'"%d":1' % n for n in range(60_000)) + b"}}",
    "odd.yaml": 'q: ["\\0", "\\uFFFE", 0x1F, 1e400, .nan, -0.0, é]\n'.encode(),
    "odd.json": b'{"q": ["\\ud83d", "\\u0000", 1e400, NaN, -0.0, true]}',
}


#: Sheets of ten thousands of values take seconds each; one kind of them is tried in every run.
_LARGE = ("wide.yaml", "wide.json", "keys.yaml", "keys.json")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in _LARGE else ()) for name in SHEETS],
)
def test_whatever_a_sheet_holds_is_kept(name: str) -> None:
    sheet = read_sheets({name: SHEETS[name]})
    assert sheet.fault == ""
    response = Response(value=sheet.answers["q"], place=sheet.places["q"])
    assert same(decode_one(encode_one(response)), response)


def test_what_is_no_plain_data_is_not_encoded() -> None:
    strangers = [object(), np.array([object()]), np.array(["a"]), {1}, 2**9000, Response()]
    for value in strangers:
        with pytest.raises(TypeError):
            pack([value])


# -- what is not ours ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [NumberText("1"), Typed("1", quoted=True), Opaque(type_name="object"), "\udc80"],
    ids=["a number's text", "a scalar of a sheet", "a mark", "half a pair"],
)
def test_a_child_cannot_send_what_only_stands_in_responses(value: Any) -> None:
    with pytest.raises(CodecError):
        wire.decode(pack(value))
    with pytest.raises(CodecError):
        wire.decode(wire.encode([1], 100)[:-1] + pack(value))


def test_a_mark_of_a_child_is_no_value_of_ours() -> None:
    with pytest.raises(CodecError):
        unpack(wire.encode([object()], 1000))


@SLOW
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(content: bytes) -> None:
    for read in (unpack, decode_one, decode, lambda rest: decode(b"grader responses 1\n" + rest)):
        with contextlib.suppress(CodecError):
            read(content)


@pytest.mark.lengthy
@SLOW
@given(RESPONSES, st.data())
def test_bytes_that_were_changed_are_a_response_or_refused(
    response: Response, data: st.DataObject
) -> None:
    content = bytearray(encode({"q": response}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for changed in (bytes(content), bytes(content[:cut]), bytes(content) + b"N"):
        with contextlib.suppress(CodecError):
            decode(changed)


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


ALIKE = [pack((2**61 - 1) * n) for n in range(200)]
HOSTILE = {
    "too deep": (b"l" + u32(1)) * 200 + b"N",
    "numbers in numbers": b"n" * 100_000,
    "marks in marks": b"O" * 100_000,
    "a number of a list": b"nl" * 10_000,
    "a number that is none": b"ns" + u32(3) + b"abc",
    "a number with spaces": b"ns" + u32(2) + b"1 ",
    "more items than bytes": b"l" + u32(2**31) + b"N" * 8,
    "a long text": b"s" + u32(2**31),
    "not UTF-8": b"s" + u32(1) + b"\xff",
    "a list as a key": b"d" + u32(1) + b"l" + u32(0) + b"N",
    "one key twice": b"d" + u32(2) + b"TN" * 2,
    "equal keys": b"d" + u32(2) + b"TN" + b"i" + u32(1) + b"\x01N",
    "keys of one hash": b"d" + u32(200) + b"".join(key + b"N" for key in ALIKE),
    "a scalar without a text": b"y\x01" + u32(1) + b"N",
    "half a scalar": b"y\x01",
    "an array of nothing and of everything": b"a"
    + u32(3)
    + b"<f8"
    + u32(2)
    + u32(2**31)
    + u32(0)
    + u32(0),
    "nothing": b"",
    "more behind it": b"NN",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_is_refused(name: str) -> None:
    with pytest.raises(CodecError):
        unpack(HOSTILE[name])


N = pack(None)
FAILED = ("missing", "not_answered", "", "", "", 0)
STRANGE: dict[str, Any] = {
    "no record": [1],
    "nothing": {},
    "neither value nor failure": {"printed": "x"},
    "another field": {"value": N, "score": 1.0},
    "a number as a field": {"value": N, 1: 2},
    "a value that is not packed": {"value": 1.0},
    "a verdict that there is not": {"failure": ("perfect", *FAILED[1:])},
    "a reason that there is not": {"failure": ("missing", "bribed", *FAILED[2:])},
    "a short failure": {"failure": FAILED[:4]},
    "a line that is a truth": {"failure": (*FAILED[:5], True)},
    "inputs in a list": {"value": N, "inputs_after": [N]},
    "an earlier result without a name": {"value": N, "earlier": {1: N}},
    "again and again": {"value": N, "again": {"value": N, "again": {"value": N}}},
    "again nothing": {"value": N, "again": None},
    "printed bytes": {"value": N, "printed": b"x"},
    "a place without a column": {"value": N, "place": ("a.yaml", 1)},
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_record_that_is_none_of_ours_is_refused(name: str) -> None:
    content = pack(STRANGE[name])
    with pytest.raises(CodecError):
        decode_one(content)
    with pytest.raises(CodecError):
        decode(b"grader responses 1\n" + pack({"q": content}))


def test_another_version_and_records_without_names_are_refused() -> None:
    one = encode_one(Response(value=1))
    for content in (
        pack({"q": one}),
        b"grader responses 2\n" + pack({"q": one}),
        b"grader responses 1\n" + pack({1: one}),
        b"grader responses 1\n" + pack([one]),
        b"",
    ):
        with pytest.raises(CodecError):
            decode(content)


def test_decoding_needs_little_room_in_the_stack() -> None:
    content = pack(nested(79))
    before, depth = sys.getrecursionlimit(), len(inspect.stack(0))
    sys.setrecursionlimit(depth + 400)
    try:
        assert unpack(content)
    finally:
        sys.setrecursionlimit(before)


ALONE = Response(value=1.5)


@pytest.mark.parametrize(
    ("response", "told"),
    [
        (ALONE, {"value": pack(1.5)}),
        (Response(value="x" * 1000), {"value": pack("x" * 1000)}),
        (Response(), {"value": pack(None)}),
        (replace(ALONE, printed="p"), {"value": pack(1.5), "printed": "p"}),
        (replace(ALONE, inputs_after=()), {"value": pack(1.5), "inputs_after": ()}),
        (replace(ALONE, earlier={"a": 1}), {"value": pack(1.5), "earlier": {"a": pack(1)}}),
        (replace(ALONE, again=ALONE), {"value": pack(1.5), "again": {"value": pack(1.5)}}),
        (
            replace(ALONE, place=Place(file="a", line=1, column=2)),
            {"value": pack(1.5), "place": ("a", 1, 2)},
        ),
    ],
)
def test_a_value_alone_is_written_as_every_record(response: Response, told: dict[str, Any]) -> None:
    assert encode_one(response) == pack(told)
