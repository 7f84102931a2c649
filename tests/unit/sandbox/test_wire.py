from __future__ import annotations

import math
import struct
import tracemalloc
from collections import Counter, OrderedDict, defaultdict, namedtuple
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.child import wire
from grader.sandbox.child.wire import CodecError, OpaqueMark, TooMany, Unsendable, decode, encode
from tests.some import some

ROOM = 1 << 20

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**300), 2**300)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
keys = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text("aé")
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(keys, inner, max_size=5)
    ),
    max_leaves=20,
)
dtypes = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="?")
    | hnp.unsigned_integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?")
    | hnp.complex_number_dtypes(endianness="?")
)
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)


def same(one: Any, two: Any) -> bool:
    """Equal in type and to the last bit: nan equals nan, and 0.0 is not -0.0."""
    if type(one) is not type(two):
        return False
    if isinstance(one, float):
        return struct.pack(">d", one) == struct.pack(">d", two) or math.isnan(one) & math.isnan(two)
    if isinstance(one, complex):
        return same(one.real, two.real) and same(one.imag, two.imag)
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, dict):
        return same(list(one.items()), list(two.items()))
    return bool(one == two)


@given(values)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert same(decode(encode(value, ROOM)), value)


@given(arrays, st.booleans(), st.booleans())
def test_arrays_come_back_in_native_order_with_every_bit(
    array: np.ndarray[Any, Any], transposed: bool, reversed_: bool
) -> None:
    array = array.T if transposed else array
    array = array[::-2] if reversed_ and array.ndim else array
    back = decode(encode(array, ROOM))
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype.newbyteorder("="), array.shape)
    native = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.char in "gG":  # the padding of a long double is not part of the number
        assert np.array_equal(back, native, equal_nan=True)
    else:
        assert back.tobytes() == native.tobytes()


@given(arrays.filter(lambda array: array.size > 0))
def test_numpy_scalars_come_back_with_their_type(array: np.ndarray[Any, Any]) -> None:
    scalar = array.astype(array.dtype.newbyteorder("=")).flat[0]
    back = decode(encode([scalar], ROOM))[0]
    assert type(back) is type(scalar)
    assert back == scalar or (back != back and scalar != scalar)


class Trap(Exception):
    pass


def _spring(name: str) -> Any:
    def trap(*_arguments: Any, **_options: Any) -> Any:
        raise Trap(name)

    return trap


TRAPS = [
    "__iter__", "__len__", "__getitem__", "__float__", "__int__", "__index__", "__complex__",
    "__bool__", "__array__", "__array_wrap__", "__array_priority__", "__array_interface__",
    "__array_struct__", "__eq__", "__ne__", "__lt__", "__hash__", "__str__", "__repr__",
    "__bytes__",
    "__buffer__", "__getattribute__", "__getattr__", "__reduce_ex__", "__add__", "__contains__",
    "encode", "items", "keys", "values", "tobytes", "astype", "view", "item", "tolist",
    "bit_length", "to_bytes",
]  # fmt: skip


def hostile(kind: type, *arguments: Any) -> Any:
    """An instance of a subclass of which no method may be called, nor any of its class."""
    methods = {name: _spring(name) for name in TRAPS}
    if kind is np.ndarray:
        return np.asarray(arguments[0]).view(type("Hostile", (kind,), methods))
    return type("Hostile", (kind,), methods)(*arguments)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param(int, 2**80, id="int"),
        pytest.param(float, -0.0, id="float"),
        pytest.param(complex, complex(-0.0, math.inf), id="complex"),
        pytest.param(str, "é", id="str"),
        pytest.param(bytes, b"\0x", id="bytes"),
        pytest.param(list, [1, [2]], id="list"),
        pytest.param(tuple, (1, (2,)), id="tuple"),
        pytest.param(dict, {"a": 1, (1, 2): [3]}, id="dict"),
    ],
)
def test_a_subclass_is_sent_as_the_plain_value_beneath(kind: type, content: Any) -> None:
    assert same(decode(encode(hostile(kind, content), ROOM)), content)


def test_a_bytearray_is_sent_as_bytes() -> None:
    assert decode(encode(hostile(bytearray, b"ab"), ROOM)) == b"ab"


@pytest.mark.parametrize(
    "content",
    [np.arange(6.0).reshape(2, 3)[:, ::-1], np.zeros((0, 3), ">i2"), np.array(True)],
    ids=["floats", "empty", "bool"],
)
def test_an_array_subclass_is_sent_as_the_array_beneath(content: np.ndarray[Any, Any]) -> None:
    back = decode(encode(hostile(np.ndarray, content), ROOM))
    assert type(back) is np.ndarray
    assert (back.shape, back.tolist()) == (content.shape, content.tolist())


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int16, np.complex128, np.longdouble])
def test_a_subclass_of_a_numpy_scalar_is_sent_as_the_scalar(kind: type) -> None:
    back = decode(encode(hostile(kind, 3), ROOM))
    assert type(back) is kind
    assert back == 3


class Colour(IntEnum):
    RED = 3


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        pytest.param(Colour.RED, 3, id="enum"),
        pytest.param(Point(1, 2), (1, 2), id="named-tuple"),
        pytest.param(Counter("aab"), {"a": 2, "b": 1}, id="counter"),
        pytest.param(defaultdict(list, a=[1]), {"a": [1]}, id="defaultdict"),
        pytest.param(OrderedDict(b=1, a=2), {"b": 1, "a": 2}, id="ordered-dict"),
        pytest.param(np.str_("é"), "é", id="numpy-str"),
        pytest.param(np.bytes_(b"e"), b"e", id="numpy-bytes"),
        pytest.param("\ud800x", "?x", id="half-a-pair"),
    ],
)
def test_what_libraries_return_is_sent_as_plain_data(value: Any, sent: Any) -> None:
    assert same(decode(encode(value, ROOM)), sent)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(np.array([None]), id="object-array"),
        pytest.param(np.array(["a"]), id="text-array"),
        pytest.param(np.zeros(2, "f8,i4"), id="record-array"),
        pytest.param(np.array(["2020"], "M8[Y]"), id="date-array"),
        pytest.param(np.ma.masked_array([1, 2], [False, True]), id="masked-array"),
        pytest.param(np.ma.masked, id="masked"),
        pytest.param(np.zeros((1,) * 33), id="many-dimensions"),
        pytest.param(np.zeros((2**40, 0)), id="billions-of-empty-rows"),
        pytest.param({1}, id="set"),
        pytest.param(range(3), id="range"),
        pytest.param(object, id="class"),
        pytest.param(NotImplemented, id="not-implemented"),
        pytest.param(10**3000, id="huge-int"),
        pytest.param(OpaqueMark("Tensor", "why"), id="mark"),
    ],
)
def test_everything_else_is_a_mark_with_the_name_of_its_type(value: Any) -> None:
    mark = decode(encode(value, ROOM))
    assert type(mark) is OpaqueMark
    assert mark.type_name == ("Tensor" if type(value) is OpaqueMark else type(value).__name__)


def test_what_is_nested_too_deep_is_cut_off_with_a_mark() -> None:
    value: list[Any] = []
    value.append(value)
    back = decode(encode(value, ROOM))
    for _ in range(wire.MAX_DEPTH):
        (back,) = back
    assert back.why == "nested too deep"


def test_keys_that_are_no_plain_data_lose_no_entry() -> None:
    class HashableList(list[int]):
        __hash__ = object.__hash__  # type: ignore[assignment]  # of a list

    value = {frozenset([n]): n for n in range(3)} | {HashableList([n]): n for n in range(3)}
    assert list(decode(encode(value, ROOM)).values()) == [0, 1, 2, 0, 1, 2]


@pytest.mark.lengthy
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("x" * ROOM, id="text"),
        pytest.param(b"x" * ROOM, id="bytes"),
        pytest.param([0] * ROOM, id="list"),
        pytest.param(np.zeros(ROOM // 8), id="array"),
        pytest.param(np.broadcast_to(1.0, (2**20, 2**20)), id="view-of-one-number"),
        pytest.param(dict.fromkeys(range(wire.MAX_KEYS + 1)), id="dict"),
        pytest.param([[]] * wire.MAX_ITEMS, id="items"),
    ],
)
def test_what_is_larger_than_allowed_is_refused(value: Any) -> None:
    with pytest.raises(Unsendable):
        encode(value, ROOM)


@pytest.mark.lengthy
def test_doubling_references_are_refused_and_not_followed_to_the_end() -> None:
    value: list[Any] = []
    for _ in range(wire.MAX_DEPTH - 1):
        value = [value, value]
    with pytest.raises(Unsendable):
        encode(value, ROOM)


def _decoded_or_refused(payload: bytes) -> None:
    """Decoding gives data that can be encoded again, or CodecError; nothing else."""
    try:
        value = decode(payload)
    except CodecError:
        return
    encode(value, 1 << 26)


@given(st.binary(max_size=200))
def test_random_bytes_give_data_or_a_codec_error(payload: bytes) -> None:
    _decoded_or_refused(payload)


@given(
    st.lists(st.sampled_from([bytes([n]) for n in b"NTFifcsbltdago<|8\0\1\2\7\xff"])).map(b"".join)
)
def test_random_tags_give_data_or_a_codec_error(payload: bytes) -> None:
    _decoded_or_refused(payload)


@pytest.mark.lengthy
@settings(max_examples=some(300))
@given(values | arrays, st.data())
def test_mutated_messages_give_data_or_a_codec_error(value: Any, data: st.DataObject) -> None:
    payload = bytearray(encode(value, ROOM))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, max(0, len(payload) - 1)))
        payload[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    _decoded_or_refused(bytes(payload))


FOUR_GIGABYTES = b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"s" + FOUR_GIGABYTES, id="text"),
        pytest.param(b"b" + FOUR_GIGABYTES, id="bytes"),
        pytest.param(b"i" + FOUR_GIGABYTES, id="int"),
        pytest.param(b"l" + FOUR_GIGABYTES, id="list"),
        pytest.param(b"d" + FOUR_GIGABYTES, id="dict"),
        pytest.param(b"l\0\0\0\x64" * 20 + b"N" * 100, id="lists-in-lists"),
        pytest.param(b"a\0\0\0\3<f8\0\0\0\1" + FOUR_GIGABYTES * 2, id="array-content"),
        pytest.param(
            b"a\0\0\0\3<f8\0\0\0\2" + FOUR_GIGABYTES + b"\0\0\0\0" + b"\0\0\0\0",
            id="array-of-nothing",
        ),
        pytest.param(b"a\0\0\0\3<f8" + FOUR_GIGABYTES, id="array-dimensions"),
        pytest.param(b"a\0\0\0\x039f8\0\0\0\0\0\0\0\x48" + bytes(72), id="array-in-an-array"),
        pytest.param(
            b"g\0\0\0\3<f8\0\0\0\1\0\0\0\1\0\0\0\x08" + bytes(8), id="scalar-with-a-shape"
        ),
        pytest.param(b"a\0\0\0\3|O8\0\0\0\0\0\0\0\x08" + bytes(8), id="array-of-objects"),
        pytest.param(b"NN", id="bytes-left-over"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x80\x04N.", id="pickle"),
        pytest.param(b"s\0\0\0\1\xff", id="no-utf-8"),
    ],
)
def test_a_message_that_lies_is_refused_before_much_is_allocated(payload: bytes) -> None:
    decode(encode(np.zeros(1), ROOM))  # so that nothing is imported below
    tracemalloc.start()
    try:
        with pytest.raises(CodecError):
            decode(payload)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 20


def test_what_is_decoded_from_nested_lists_is_bounded_by_depth() -> None:
    with pytest.raises(CodecError):
        decode(b"l\0\0\0\1" * 100_000 + b"N")


@given(values)
def test_a_value_has_one_encoding(value: Any) -> None:
    payload = encode(value, ROOM)
    assert encode(decode(payload), ROOM) == payload


@pytest.mark.parametrize(
    ("within", "past"),
    [
        ([None] * 9, [None] * 10),
        ([[], [], [[]] * 6], [[], [], [[]] * 7]),
        ([np.float64(1)] * 4, [np.float64(1)] * 5),
        ([np.zeros(1)] * 4, [np.zeros(1)] * 5),
        ([OpaqueMark("a", "")] * 4, [object()] * 5),
        ({1: 2, 3: 4, 5: 6, 7: 8}, {1: 2, 3: 4, 5: 6, 7: 8, 9: 10}),
        (["x"] * 9, ["x"] * 10),
        (np.zeros(10_000), [1.0] * 10_000),
    ],
)
def test_both_sides_count_the_same_parts(within: Any, past: Any) -> None:
    """Ten at most, of which a list is one, and what is made by numpy two."""
    decode(encode(within, ROOM, 10), 10)
    with pytest.raises(TooMany):
        encode(past, ROOM, 10)
    with pytest.raises(CodecError):
        decode(encode(past, ROOM), 10)


def test_more_keys_than_are_taken_is_too_many() -> None:
    with pytest.raises(TooMany):
        encode(dict.fromkeys(range(wire.MAX_KEYS + 1)), ROOM)
