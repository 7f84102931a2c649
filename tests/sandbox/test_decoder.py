"""The decoder reads what hostile code wrote: it gives plain data or a CodecError, and soon."""

from __future__ import annotations

import itertools
import math
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.child import wire
from grader.sandbox.child.wire import CodecError, OpaqueMark, decode, encode
from tests.some import first_few, some
from tests.work import work

ROOM = 1 << 20
PLAIN = (type(None), bool, int, float, complex, str, bytes)
KINDS = "biufc"


def u32(number: int) -> bytes:
    return struct.pack(">I", number % (1 << 32))


def sized(tag: bytes, content: bytes) -> bytes:
    return tag + u32(len(content)) + content


def whole(number: int) -> bytes:
    return sized(b"i", number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def array_of(dtype: bytes, shape: tuple[int, ...], content: bytes, tag: bytes = b"a") -> bytes:
    lengths = b"".join(map(u32, shape))
    return sized(tag, dtype) + u32(len(shape)) + lengths + sized(b"", content)


# What may come out.


def assert_plain(value: Any, depth: int = 0) -> None:
    """Nothing but plain data, within the bounds that those who read it rely on."""
    assert depth <= wire.MAX_DEPTH + 1
    if type(value) in (list, tuple):
        assert len(value) <= wire.MAX_ITEMS
        for item in value:
            assert_plain(item, depth + 1)
    elif type(value) is dict:
        assert len(value) <= wire.MAX_KEYS
        for key, item in value.items():
            assert type(key) is not OpaqueMark
            hash(key)
            assert_plain(key, depth + 1)
            assert_plain(item, depth + 1)
    elif type(value) is OpaqueMark:
        assert set(vars(value)) == {"type_name", "why"}
        assert {type(text) for text in vars(value).values()} == {str}
    elif type(value) is np.ndarray:
        assert_plain_array(value)
    elif isinstance(value, np.generic):
        assert value.dtype.kind in KINDS
        assert value.dtype.isnative
    else:
        assert type(value) in PLAIN
        if type(value) is int:
            assert value.bit_length() <= 8 * wire.MAX_INT_BYTES
            str(value)


def assert_plain_array(array: np.ndarray[Any, Any]) -> None:
    assert array.dtype.kind in KINDS
    assert array.dtype.isnative
    assert array.dtype.names is None
    assert array.ndim <= wire.MAX_DIMENSIONS
    assert array.flags.owndata
    assert array.flags.writeable
    assert array.flags.c_contiguous
    assert math.prod(n for n in array.shape if n) <= max(array.size, wire.MAX_EMPTY_LENGTH)


def check(payload: bytes) -> Any:
    """What is decoded, if anything: it is plain, and comes through once more as it is."""
    try:
        value = decode(payload)
    except CodecError:
        return None
    assert_plain(value)
    again = encode(value, 1 << 26)
    assert encode(decode(again), 1 << 26) == again
    return value


# Messages, right and wrong.

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**400), 2**400),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.binary(max_size=20),
    st.builds(OpaqueMark, st.text("aé", max_size=9), st.text("aé", max_size=9)),
    hnp.arrays(
        st.sampled_from(["?", "i1", "<i4", ">u8", "<f2", "<f4", ">f8", "<c16", "<f16"]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    ),
    st.sampled_from([np.float32(1.5), np.int64(-3), np.bool_(True), np.complex64(1j)]),
)
keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text("aé", max_size=3),
    st.tuples(st.integers(0, 3), st.text("a", max_size=1)),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)
messages = values.map(lambda value: encode(value, ROOM))

LENGTHS = st.one_of(
    st.integers(0, 12),
    st.sampled_from(
        [
            *(wire.MAX_INT_BYTES, wire.MAX_KEYS, wire.MAX_ITEMS, wire.MAX_EMPTY_LENGTH),
            *(33, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1),
        ]
    ).flatmap(lambda size: st.integers(max(0, size - 1), min(size + 1, (1 << 32) - 1))),
)
TYPES = st.one_of(
    st.builds(
        lambda order, kind, size: f"{order}{kind}{size}".encode(),
        st.sampled_from(["<", "|", ">", "=", ""]),
        st.sampled_from([*"biufcOSUVMmg?"]),
        st.sampled_from([0, 1, 2, 3, 4, 8, 16, 32, 64, 99, 100]),
    ),
    st.sampled_from(
        [b"O", b"f8,i4", b"<f8\0", b"(2,)f8", b"\xb2f8", b"<f\xb2", b"", b"<f8 ", b"<f"]
    ),
)


def or_a_lie(true: int) -> st.SearchStrategy[bytes]:
    return st.one_of(st.just(true), st.just(true), st.just(true), LENGTHS).map(u32)


@st.composite
def contents(draw: st.DrawFn, tag: bytes) -> bytes:
    content = draw(st.binary(max_size=12))
    return tag + draw(or_a_lie(len(content))) + content


@st.composite
def array_messages(draw: st.DrawFn) -> bytes:
    """An array or a scalar of any type, whose shape may fit its bytes."""
    dtype = draw(TYPES)
    shape = draw(st.lists(st.one_of(st.integers(0, 3), LENGTHS), max_size=4))
    digits = bytes(byte for byte in dtype[1:] if byte in b"0123456789")
    true = math.prod(shape) * int(digits or b"1")
    content = bytes(true) if true <= 256 and draw(st.booleans()) else draw(st.binary(max_size=32))
    return b"".join(
        [
            draw(st.sampled_from([b"a", b"g"])),
            draw(or_a_lie(len(dtype))) + dtype,
            draw(or_a_lie(len(shape))) + b"".join(map(u32, shape)),
            draw(or_a_lie(len(content))) + content,
        ]
    )


@st.composite
def collections(draw: st.DrawFn, inner: st.SearchStrategy[bytes]) -> bytes:
    tag = draw(st.sampled_from([b"l", b"t", b"d"]))
    items = draw(st.lists(inner, max_size=4))
    count = len(items) // 2 if tag == b"d" else len(items)
    return tag + draw(or_a_lie(count)) + b"".join(items)


tagged = st.recursive(
    st.one_of(
        st.sampled_from([b"N", b"T", b"F"]),
        st.binary(min_size=8, max_size=8).map(b"f".__add__),
        st.binary(min_size=16, max_size=16).map(b"c".__add__),
        *(contents(tag) for tag in (b"i", b"s", b"b")),
        st.tuples(contents(b"o"), contents(b"")).map(b"".join),
        array_messages(),
    ),
    collections,
    max_leaves=10,
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A message that was right until something happened to it, up to three times."""
    payload: bytes = draw(messages)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(payload) - 1)))
        harm = draw(st.sampled_from(HARMS))
        payload = harm(draw, payload, place)
    return payload


def flip(draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    if not payload:
        return payload
    changed = bytes([payload[place] ^ 1 << draw(st.integers(0, 7))])
    return payload[:place] + changed + payload[place + 1 :]


def lie(draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    return payload[:place] + u32(draw(LENGTHS)) + payload[place + 4 :]


def cut(_draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    return payload[:place]


def remove(draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    return payload[:place] + payload[place + draw(st.integers(1, 8)) :]


def splice(draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    other = draw(messages)
    return payload[:place] + other[draw(st.integers(0, len(other))) :]


def insert(draw: st.DrawFn, payload: bytes, place: int) -> bytes:
    inserted: bytes = draw(st.one_of(messages, tagged))
    return payload[:place] + inserted + payload[place:]


HARMS: list[Callable[[st.DrawFn, bytes, int], bytes]] = [flip, lie, cut, remove, splice, insert]


@settings(max_examples=some(300), deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(payload: bytes) -> None:
    check(payload)


@settings(max_examples=some(600), deadline=None)
@given(tagged)
@example(array_of(b"|b1", (2,), b"\2\1"))
@example(b"d" + u32(2) + (sized(b"o", b"set") + u32(0) + b"N") * 2)
@example(b"d" + u32(1) + b"l" + u32(0) + b"N")
@example(array_of(b"<f8", (0, 3), b""))
def test_any_tags_with_any_lengths(payload: bytes) -> None:
    check(payload)


@settings(max_examples=some(600), deadline=None)
@given(mutated())
def test_messages_that_something_happened_to(payload: bytes) -> None:
    check(payload)


@settings(max_examples=some(200), deadline=None)
@given(messages, st.data())
def test_a_part_of_a_message_or_more_than_one_is_refused(
    message: bytes, data: st.DataObject
) -> None:
    check(message)
    for wrong in (message[: data.draw(st.integers(0, len(message) - 1))], message + b"N"):
        with pytest.raises(CodecError):
            decode(wrong)


@settings(max_examples=some(300), deadline=None)
@given(values)
def test_values_come_through(value: Any) -> None:
    assert alike(decode(encode(value, ROOM)), value)


def alike(one: Any, two: Any) -> bool:
    """Of the same type, and the same to the last bit; arrays in this machine's byte order."""
    if type(one) is not type(two):
        return False
    if isinstance(one, OpaqueMark):
        return bool(vars(one) == vars(two))
    if isinstance(one, np.ndarray | np.generic):
        native = two.astype(two.dtype.newbyteorder("="))
        if one.dtype != native.dtype or one.shape != native.shape:
            return False
        return np.array_equal(one, native, equal_nan=one.dtype.kind in "fc")
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(alike, one, two))
    if isinstance(one, dict):
        return alike(list(one.items()), list(two.items()))
    if isinstance(one, float):
        return struct.pack(">d", one) == struct.pack(">d", two) or (one != one and two != two)
    if isinstance(one, complex):
        return alike([one.real, one.imag], [two.real, two.imag])
    same_value: bool = one == two
    return same_value


# The bounds, each by a message that is past it.

MODULUS = (1 << 61) - 1  # of Python's hashes of numbers
N = b"N"
COLLIDING = [whole(MODULUS * n) for n in range(1, wire.MAX_ALIKE + 2)]


def nested(depth: int) -> bytes:
    return (b"l" + u32(1)) * depth + N


def dictionary(keys_: list[bytes]) -> bytes:
    return b"d" + u32(len(keys_)) + b"".join(key + N for key in keys_)


BOUNDS = {
    "depth": (nested(wire.MAX_DEPTH + 1), nested(wire.MAX_DEPTH + 2)),
    "depth-of-keys": (
        b"d" + u32(1) + nested(wire.MAX_DEPTH) + N,
        b"d" + u32(1) + nested(wire.MAX_DEPTH + 1) + N,
    ),
    "items-of-one": (
        b"l" + u32(wire.MAX_ITEMS) + N * wire.MAX_ITEMS,
        b"l" + u32(wire.MAX_ITEMS + 1) + N * (wire.MAX_ITEMS + 1),
    ),
    "items-in-all": (
        b"l" + u32(3) + (b"l" + u32(600_000) + N * 600_000) * 3,
        b"l" + u32(4) + (b"l" + u32(600_000) + N * 600_000) * 4,
    ),
    "keys": (
        dictionary([whole(n) for n in range(wire.MAX_KEYS)]),
        dictionary([whole(n) for n in range(wire.MAX_KEYS + 1)]),
    ),
    "keys-of-one-hash": (dictionary(COLLIDING[:-1]), dictionary(COLLIDING)),
    "tuples-of-one-hash": (
        dictionary([b"t" + u32(2) + N + key for key in COLLIDING[:-1]]),
        dictionary([b"t" + u32(2) + N + key for key in COLLIDING]),
    ),
    "whole-number": (
        sized(b"i", b"\x7f" * wire.MAX_INT_BYTES),
        sized(b"i", b"\x7f" * (wire.MAX_INT_BYTES + 1)),
    ),
    "dimensions": (
        array_of(b"<f8", (1,) * wire.MAX_DIMENSIONS, bytes(8)),
        array_of(b"<f8", (1,) * (wire.MAX_DIMENSIONS + 1), bytes(8)),
    ),
    "empty-rows": (
        array_of(b"<f8", (wire.MAX_EMPTY_LENGTH, 0), b""),
        array_of(b"<f8", (wire.MAX_EMPTY_LENGTH + 1, 0), b""),
    ),
    "empty-rows-of-empty-rows": (
        array_of(b"<f8", (1000, 1000, 0), b""),
        array_of(b"<f8", (1000, 1001, 0), b""),
    ),
    "empty-columns": (
        array_of(b"<f8", (0, 1000, 1000), b""),
        array_of(b"<f8", (0, 1 << 31, 1 << 31), b""),
    ),
    "fewer-bytes": (array_of(b"<f8", (2,), bytes(16)), array_of(b"<f8", (2,), bytes(15))),
    "more-bytes": (array_of(b"<f8", (2,), bytes(16)), array_of(b"<f8", (2,), bytes(24))),
    "bytes-of-no-array": (array_of(b"<f8", (), bytes(8)), array_of(b"<f8", (), b"")),
    "scalar": (
        array_of(b"<f8", (), bytes(8), b"g"),
        array_of(b"<f8", (1,), bytes(8), b"g"),
    ),
    "scalars": (
        array_of(b"<f8", (2,), bytes(16), b"a"),
        array_of(b"<f8", (2,), bytes(16), b"g"),
    ),
    "byte-order": (array_of(b"<f8", (), bytes(8)), array_of(b">f8", (), bytes(8))),
    "objects": (array_of(b"|i1", (8,), bytes(8)), array_of(b"|O8", (1,), bytes(8))),
    "text": (array_of(b"|u1", (8,), bytes(8)), array_of(b"<U2", (1,), bytes(8))),
    "records": (array_of(b"<i8", (1,), bytes(8)), array_of(b"|V8", (1,), bytes(8))),
    "dates": (array_of(b"<i8", (1,), bytes(8)), array_of(b"<M8", (1,), bytes(8))),
    "several-types": (array_of(b"<i4", (2,), bytes(8)), array_of(b"<i4,<i4", (1,), bytes(8))),
    "no-such-size": (array_of(b"<f4", (1,), bytes(4)), array_of(b"<f3", (1,), bytes(3))),
    "utf-8": (sized(b"s", "é".encode()), sized(b"s", b"\xe9")),
    "half-a-pair": (sized(b"s", "\U0001f600".encode()), sized(b"s", b"\xed\xa0\xbd")),
    "tag": (b"N", b"n"),
    "length": (b"l" + u32(1) + N, b"l" + u32(2) + N),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name == "items-in-all" else ())
        for name in BOUNDS
    ],
)
def test_bounds(name: str) -> None:
    within, past = BOUNDS[name]
    assert_plain(decode(within))
    with pytest.raises(CodecError):
        decode(past)


# Short messages that could take long, or much.


def tuples_alike(count: int, length: int) -> bytes:
    """Keys that are only told apart by their last item, and not by their hash."""
    start = b"t" + u32(length) + whole(10**9) * (length - 1)
    return dictionary([start + whole(MODULUS * n) for n in range(count)])


#: Messages of any size: at 1 they are of the size for which the bound on memory is meant.
GREEDY: dict[str, Callable[[float], bytes]] = {
    "keys-that-collide": lambda size: dictionary(
        [whole(MODULUS * n) for n in range(int(10_000 * size))]
    ),
    "tuples-that-collide": lambda size: tuples_alike(int(2_000 * size), 50),
    "floats-that-collide": lambda size: dictionary(
        [b"f" + struct.pack(">d", 2.0**61 * MODULUS * n) for n in range(int(10_000 * size))]
    ),
    "many-such": lambda size: (
        b"l" + u32(int(20 * size)) + dictionary(COLLIDING[:-1]) * int(20 * size)
    ),
    "lengths-in-lengths": lambda size: (
        (b"l" + u32(int(65_535 * size))) * 40 + N * int(70_000 * size)
    ),
    "keys-in-keys": lambda size: (b"d" + u32(1)) * int(20_000 * size),
    "keys-that-are-no-keys": lambda size: dictionary([b"l" + u32(0)] * int(10_000 * size)),
    "marks": lambda size: b"l" + u32(int(20_000 * size)) + (b"o" + u32(0) * 2) * int(20_000 * size),
    "arrays-of-nothing": lambda size: (
        b"l" + u32(int(10_000 * size)) + array_of(b"<f8", (1000, 0), b"") * int(10_000 * size)
    ),
    "a-number-of-4300-digits": lambda size: (
        b"l" + u32(int(1000 * size)) + sized(b"i", b"\x7f" * 1024) * int(1000 * size)
    ),
    "one-wide-letter": lambda size: sized(b"s", b"x" * int(200_000 * size) + "\U0001f600".encode()),
}


@pytest.mark.parametrize("name", first_few(tuple(GREEDY), 3))
def test_work_and_memory_are_in_proportion_to_the_message(name: str) -> None:
    """Sixteen times the message is sixteen times the work; what compares all with all does 256."""
    payload, small = GREEDY[name](1), GREEDY[name](1 / 16)
    decode(encode(np.zeros(1), ROOM))  # so that nothing is imported below
    least = max(work(lambda: _decoded(small)), 1e-4)  # less is not measured well
    assert work(lambda: _decoded(payload)) < 64 * least
    try:
        value = decode(payload)
    except CodecError:
        value = None
    assert_plain(value)
    del value
    tracemalloc.start()
    try:
        kept = _decoded(payload)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < (1 << 20) + 40 * len(payload), kept


def _decoded(payload: bytes) -> str:
    try:
        return type(decode(payload)).__name__
    except CodecError as error:
        return str(error)


def test_every_number_of_extended_precision_can_be_looked_at() -> None:
    """Also those whose bits no processor makes."""
    ends = (b"\0\0", b"\1\0", b"\xff\x3f", b"\xfe\x7f", b"\xff\x7f", b"\0\x80", b"\xff\xff")
    starts = (bytes(8), b"\1" + bytes(7), bytes(7) + b"\x80", bytes(7) + b"\x40", b"\xff" * 8)
    for start, end in itertools.product(starts, ends):
        value = check(array_of(b"<f16", (1,), start + end + b"\xaa" * 6))
        if value is not None:  # there are such numbers on this machine
            assert repr(value)
            assert (value == value).dtype == bool


def test_keys_that_are_named_alike_lose_no_entry() -> None:
    mark = sized(b"o", b"set") + u32(0)
    names = [mark, mark, sized(b"s", b"<set>"), b"l" + u32(0), b"l" + u32(0)]
    assert list(decode(dictionary(names))) == [
        "<set>",
        "<set> (2)",
        "<set> (3)",
        "<list>",
        "<list> (5)",
    ]
