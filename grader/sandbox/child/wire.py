"""Plain data as bytes, both ways: a tagged binary format with bounds, and nothing executable in it.

One frame is a length (4 bytes, big endian) and a value: one tag byte and its content. The decoder
trusts nothing: whatever the bytes are, it returns plain data or raises CodecError. Runs on Python
from 3.9 on, with or without numpy.
"""

from __future__ import annotations

import builtins
import functools
import math
import re
import struct
import types
from typing import Any, Optional

__all__ = ["MAX_DEPTH", "CodecError", "OpaqueMark", "Unsendable", "decode", "encode", "frame"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

MAX_DEPTH, MAX_DIMENSIONS = 40, 32
MAX_ITEMS = 1_000_000
MAX_RETURNED = 120_000  # items of a student's value; an array of any length counts as two
MAX_KEYS = 10_000
MAX_ALIKE = 100  # keys of one hash: each is compared with all before it, and any hash can be chosen
MAX_INT_BYTES = 1024  # less than the 4300 digits that Python writes out
MAX_EMPTY_LENGTH = 1_000_000  # an array of no bytes may still claim billions of rows in each row
_NUMERIC, _ARRAY_TYPE = "biufc", re.compile("[<|][biufc][0-9]{1,2}")
_ATOMS = {b"N": None, b"T": True, b"F": False}
_U32, _F64 = struct.Struct(">I"), struct.Struct(">d")


class CodecError(ValueError):
    """The bytes are not a value of this format."""


class Unsendable(ValueError):
    """The value is larger than the receiver takes."""


class TooMany(Unsendable):
    """The value has more parts than the receiver takes."""


class OpaqueMark:
    """Stands, on both sides, for something that is not plain data."""

    __hash__ = None  # type: ignore[assignment]  # in a key a name stands for it

    def __init__(self, type_name: str, why: str) -> None:
        self.type_name = type_name
        self.why = why


@functools.lru_cache(maxsize=None)
def numpy_names() -> Optional[types.SimpleNamespace]:
    """What is used of numpy, as it was before a student's code was run; None without numpy."""
    try:
        import numpy
    except ImportError:
        return None
    names = ("array", "ndarray", "generic", "inexact", "dtype", "frombuffer")
    later = functools.lru_cache(None)(lambda: numpy.ma.MaskedArray)  # its import takes long
    return types.SimpleNamespace(masked=later, **{name: getattr(numpy, name) for name in names})


def frame(payload: bytes) -> bytes:
    """The bytes of one message."""
    return _U32.pack(len(payload)) + payload


def encode(value: Any, limit: int, items: int = MAX_ITEMS) -> bytes:
    """Encode a value in at most `limit` bytes and so many items, or raise Unsendable.

    Subclasses of plain types are sent as the plain value underneath, without calling any of their
    methods. What is not plain data becomes an opaque mark that names its type.
    """
    encoder = Encoder(limit, items)
    encoder.put(value, 0)
    return b"".join(encoder.chunks)


class Encoder:
    def __init__(self, limit: int, items: int = MAX_ITEMS) -> None:
        self.chunks: list[bytes] = []
        self._room = limit
        self._items = items

    def _emit(self, *chunks: bytes) -> None:
        self._room -= sum(map(len, chunks))
        if self._room < 0:
            raise Unsendable
        self.chunks.extend(chunks)

    def _emit_sized(self, tag: bytes, content: bytes) -> None:
        self._emit(tag, _U32.pack(len(content)), content)

    def _count(self) -> None:
        self._items -= 1
        if self._items < 0:
            raise TooMany

    def put(self, value: Any, depth: int) -> None:
        self._count()
        kind = type(value)
        if value is None:
            self._emit(b"N")
        elif kind is bool:
            self._emit(b"T" if value else b"F")
        elif issubclass(kind, int):
            self._put_int(int.__index__(value))
        elif issubclass(kind, float) and not _is_numpy_number(kind):
            self._emit(b"f", _F64.pack(float.__float__(value)))
        elif issubclass(kind, complex) and not _is_numpy_number(kind):
            parts = complex.real.__get__(value), complex.imag.__get__(value)
            self._emit(b"c", *map(_F64.pack, parts))
        elif issubclass(kind, str):
            self._emit_sized(b"s", str.encode(value, "utf-8", "replace"))
        elif issubclass(kind, (bytes, bytearray)):
            plain = bytes if issubclass(kind, bytes) else bytearray
            self._emit_sized(b"b", bytes(plain.__getitem__(value, slice(None))))
        elif depth >= MAX_DEPTH:
            self._put_opaque(kind, "nested too deep")
        elif issubclass(kind, list):
            # A copy: threads that the student's code left running may change the list meanwhile.
            self._put_items(b"l", list.__getitem__(value, slice(None)), depth)
        elif issubclass(kind, tuple):
            self._put_items(b"t", tuple.__getitem__(value, slice(None)), depth)
        elif issubclass(kind, dict):
            self._put_dict(list(dict.items(value)), depth)
        elif kind is OpaqueMark:
            self._put_mark(value.type_name, value.why)
        else:
            self._put_other(value, kind, depth)

    def _put_int(self, number: int) -> None:
        size = number.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            self._put_opaque(int, "a whole number of more than {} bytes".format(MAX_INT_BYTES))
            return
        self._emit_sized(b"i", number.to_bytes(size, "big", signed=True))

    def _put_items(self, tag: bytes, items: Any, depth: int) -> None:
        self._emit(tag, _U32.pack(len(items)))
        for item in items:
            self.put(item, depth + 1)

    def _put_dict(self, items: list[tuple[Any, Any]], depth: int) -> None:
        if len(items) > MAX_KEYS:
            raise TooMany
        self._emit(b"d", _U32.pack(len(items)))
        for key, item in items:
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _put_other(self, value: Any, kind: type, depth: int) -> None:
        numpy = numpy_names()
        if numpy is None or not issubclass(kind, (numpy.generic, numpy.ndarray)):
            self._put_foreign(value, kind, depth)
        elif issubclass(kind, numpy.generic):
            self._put_array(numpy.generic.__array__(value), kind, b"g")
        elif kind is not numpy.ndarray and issubclass(kind, numpy.masked()):
            self._put_opaque(kind, "a masked array")
        else:
            self._put_array(numpy.ndarray.view(value, numpy.ndarray), kind, b"a")

    def _put_foreign(self, value: Any, kind: type, depth: int) -> None:  # noqa: ARG002 - for whom knows more kinds
        """What is of no kind that is known here."""
        self._put_opaque(kind)

    def _put_array(self, array: Any, kind: type, tag: bytes) -> None:
        if array.dtype.kind not in _NUMERIC or array.ndim > MAX_DIMENSIONS or _is_huge(array.shape):
            self._put_opaque(kind, "an array of dtype {}, not sent".format(array.dtype))
            return
        if array.nbytes > self._room:
            raise Unsendable
        self._count()
        order = array.dtype.newbyteorder("<")
        self._emit_sized(tag, order.str.encode("ascii"))
        self._emit(_U32.pack(array.ndim), *(_U32.pack(n) for n in array.shape))
        self._emit_sized(b"", array.astype(order, order="C", copy=False).tobytes())

    def _put_opaque(self, kind: type, why: str = "") -> None:
        self._put_mark(type.__dict__["__name__"].__get__(kind), why)

    def _put_mark(self, type_name: str, why: str) -> None:
        self._count()
        self._emit_sized(b"o", str.encode(type_name[:200], "utf-8", "replace"))
        self._emit_sized(b"", str.encode(why[:200], "utf-8", "replace"))


def _is_huge(shape: tuple[int, ...]) -> bool:
    return 0 in shape and math.prod(n for n in shape if n) > MAX_EMPTY_LENGTH


def _is_numpy_number(kind: type) -> bool:
    """Some of numpy's numbers are Python's too; they are sent as numpy's, with their dtype."""
    numpy = numpy_names()
    return numpy is not None and issubclass(kind, numpy.inexact)


def decode(payload: bytes, items: int = 2 * MAX_ITEMS) -> Any:
    """The value in these bytes, of at most so many items. Raises CodecError."""
    return Decoder(payload, items).whole()


class Decoder:
    def __init__(self, payload: bytes, items: int = 2 * MAX_ITEMS) -> None:
        self._payload = payload
        self.position = 0
        self.items = items  #: that are left

    def whole(self) -> Any:
        """The value of all the bytes. Raises CodecError."""
        try:
            value = self.take(0)
        except (ValueError, TypeError, struct.error, OverflowError, MemoryError) as error:
            raise CodecError(str(error)) from None
        if self.position != len(self._payload):
            raise CodecError("bytes are left over")
        return value

    def _one(self, form: struct.Struct) -> Any:
        self.position += form.size
        return form.unpack_from(self._payload, self.position - form.size)[0]

    def _count(self, most: int = MAX_ITEMS) -> Any:
        count = self._one(_U32)
        if count > most or count > len(self._payload) - self.position:
            raise CodecError("a length that the message cannot hold")
        return count

    def _sized(self, most: int = 1 << 32) -> bytes:
        count = self._count(most)
        self.position += count
        return self._payload[self.position - count : self.position]

    def take(self, depth: int) -> Any:
        tag = self._payload[self.position : self.position + 1]
        self.items -= 2 if tag in (b"a", b"g", b"o") else 1
        if self.items < 0 or depth > MAX_DEPTH + 1:
            raise CodecError("too many values, or nested too deep")
        self.position += 1
        if tag == b"s" or tag == b"b":
            return self._sized().decode("utf-8") if tag == b"s" else self._sized()
        if tag == b"f":
            return self._one(_F64)
        if tag == b"i":
            return int.from_bytes(self._sized(MAX_INT_BYTES), "big", signed=True)
        if tag in _ATOMS:
            return _ATOMS[tag]
        if tag == b"l" or tag == b"t":
            items = [self.take(depth + 1) for _ in range(self._count())]
            return items if tag == b"l" else tuple(items)
        if tag == b"d":
            return self._dict(depth)
        if tag == b"a" or tag == b"g":
            return self._array(scalar=tag == b"g")
        if tag == b"c":
            return complex(self._one(_F64), self._one(_F64))
        if tag == b"o":
            return OpaqueMark(self._sized().decode("utf-8"), self._sized().decode("utf-8"))
        raise CodecError("an unknown tag")

    def _dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        alike: dict[int, int] = {}
        for _ in range(self._count(MAX_KEYS)):
            key = _as_key(self.take(depth + 1))
            if key in result:
                key = "{} ({})".format(key, len(result) + 1)
            same = alike[hash(key)] = alike.get(hash(key), 0) + 1
            if same > MAX_ALIKE:
                raise CodecError("too many keys of one hash")
            result[key] = self.take(depth + 1)
        return result

    def _array(self, scalar: bool) -> Any:
        numpy, name = numpy_names(), self._sized(8).decode("ascii")
        if numpy is None or _ARRAY_TYPE.fullmatch(name) is None:
            raise CodecError("an array of a type that is not sent, or no numpy to hold it")
        dtype = numpy.dtype(name)
        shape = tuple(self._one(_U32) for _ in range(self._count(MAX_DIMENSIONS)))
        content = self._sized()
        fits = dtype.itemsize * math.prod(shape) == len(content)
        if not fits or (scalar and shape) or _is_huge(shape):
            raise CodecError("an array whose shape does not fit its bytes")
        native = numpy.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))
        return native[()] if scalar else native


def _as_key(key: Any) -> Any:
    """What came as a key, or a name for it where it can be none."""
    try:
        hash(key)
    except TypeError:
        return "<{}>".format(getattr(key, "type_name", type(key).__name__))
    return key
