"""Plain data as bytes, both ways: a tagged binary format with bounds, and nothing executable in it.

One frame is a length (4 bytes, big endian) and a value. A value is one tag byte and its content.
The child encodes what a student's code returned, so the decoder trusts nothing: whatever the bytes
are, it returns plain data or raises CodecError. Runs on any Python from 3.9 on; numpy is used
where it is there.
"""

from __future__ import annotations

import struct
import sys
from typing import Any

__all__ = ["MAX_DEPTH", "CodecError", "Unsendable", "decode", "encode", "frame"]

MAX_DEPTH = 40
MAX_ITEMS = 1_000_000
MAX_INT_BYTES = 4096
_NUMERIC = "biufc"
_U32 = struct.Struct(">I")
_F64 = struct.Struct(">d")


class CodecError(ValueError):
    """The bytes are not a value of this format."""


class Unsendable(ValueError):
    """The value is larger than the receiver takes."""


class OpaqueMark:
    """Stands, on both sides, for something that is no plain data."""

    def __init__(self, type_name: str, why: str) -> None:
        self.type_name = type_name
        self.why = why


def frame(payload: bytes) -> bytes:
    """The bytes of one message."""
    return _U32.pack(len(payload)) + payload


def encode(value: Any, limit: int) -> bytes:
    """Encode a value in at most `limit` bytes, or raise Unsendable.

    Subclasses of plain types are sent as the plain value underneath, without calling any of their
    methods. What is no plain data becomes an opaque mark that names its type.
    """
    encoder = _Encoder(limit)
    encoder.put(value, 0)
    return b"".join(encoder.chunks)


class _Encoder:
    def __init__(self, limit: int) -> None:
        self.chunks: list[bytes] = []
        self._room = limit
        self._items = 0

    def _emit(self, *chunks: bytes) -> None:
        self._room -= sum(map(len, chunks))
        if self._room < 0:
            raise Unsendable
        self.chunks.extend(chunks)

    def _emit_sized(self, tag: bytes, content: bytes) -> None:
        self._emit(tag, _U32.pack(len(content)), content)

    def put(self, value: Any, depth: int) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise Unsendable
        kind = type(value)
        if value is None:
            self._emit(b"N")
        elif kind is bool:
            self._emit(b"T" if value else b"F")
        elif issubclass(kind, int):
            self._put_int(int.__index__(value))
        elif issubclass(kind, float) and not _is_numpy(kind):
            self._emit(b"f", _F64.pack(float.__float__(value)))
        elif issubclass(kind, complex) and not _is_numpy(kind):
            real = complex.__add__(value, 0j)
            self._emit(b"c", _F64.pack(real.real), _F64.pack(real.imag))
        elif issubclass(kind, str) and not _is_numpy(kind):
            self._emit_sized(b"s", str.encode(value, "utf-8", "replace"))
        elif issubclass(kind, (bytes, bytearray)) and not _is_numpy(kind):
            self._emit_sized(b"b", bytes(memoryview(value)))
        elif depth >= MAX_DEPTH:
            self._put_opaque(kind, "nested too deep")
        elif issubclass(kind, list):
            self._put_items(b"l", list.__len__(value), list.__iter__(value), depth)
        elif issubclass(kind, tuple):
            self._put_items(b"t", tuple.__len__(value), tuple.__iter__(value), depth)
        elif issubclass(kind, dict):
            items = list(dict.items(value))
            self._emit(b"d", _U32.pack(len(items)))
            for key, item in items:
                self.put(key, MAX_DEPTH)
                self.put(item, depth + 1)
        else:
            self._put_other(value, kind)

    def _put_int(self, number: int) -> None:
        size = number.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            self._put_opaque(int, "a whole number of more than {} bytes".format(MAX_INT_BYTES))
        else:
            self._emit_sized(b"i", number.to_bytes(size, "big", signed=True))

    def _put_items(self, tag: bytes, count: int, items: Any, depth: int) -> None:
        self._emit(tag, _U32.pack(count))
        for item in items:
            self.put(item, depth + 1)

    def _put_other(self, value: Any, kind: type) -> None:
        numpy = sys.modules.get("numpy")
        torch = sys.modules.get("torch")
        if torch is not None and issubclass(kind, getattr(torch, "Tensor", ())):
            value = value.detach().cpu().numpy()
            kind = type(value)
        if numpy is None or not issubclass(kind, (numpy.ndarray, numpy.generic)):
            self._put_opaque(kind, "")
        elif issubclass(kind, numpy.ma.MaskedArray):
            self._put_opaque(kind, "a masked array")
        else:
            self._put_array(numpy, value, kind)

    def _put_array(self, numpy: Any, value: Any, kind: type) -> None:
        scalar = issubclass(kind, numpy.generic)
        array = numpy.asarray(value) if scalar else numpy.ndarray.view(value, numpy.ndarray)
        if array.dtype.kind not in _NUMERIC or array.ndim > 32:
            self._put_opaque(kind, "an array of dtype {}".format(array.dtype))
            return
        if array.nbytes > self._room:
            raise Unsendable
        order = array.dtype.newbyteorder("<")
        self._emit(b"g" if scalar else b"a")
        self._emit_sized(b"", order.str.encode("ascii"))
        self._emit(_U32.pack(array.ndim), *(_U32.pack(n) for n in array.shape))
        self._emit_sized(b"", array.astype(order, order="C", copy=False).tobytes())

    def _put_opaque(self, kind: type, why: str) -> None:
        name = str(type.__dict__["__name__"].__get__(kind))[:200]
        self._emit_sized(b"o", name.encode("utf-8", "replace"))
        self._emit_sized(b"", why.encode("utf-8", "replace"))


def _is_numpy(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(kind, numpy.generic)


def decode(payload: bytes) -> Any:
    """The value in these bytes; opaque things come as OpaqueMark. Raises CodecError."""
    decoder = _Decoder(payload)
    try:
        value = decoder.take(0)
    except CodecError:
        raise
    except (ValueError, TypeError, struct.error, OverflowError, MemoryError) as error:
        raise CodecError(str(error)) from None
    if decoder.position != len(payload):
        raise CodecError("bytes are left over")
    return value


class _Decoder:
    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self.position = 0
        self._items = 0

    def _bytes(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self._payload):
            raise CodecError("the message ends too early")
        chunk = self._payload[self.position : end]
        self.position = end
        return chunk

    def _number(self) -> int:
        number: int = _U32.unpack(self._bytes(4))[0]
        return number

    def _sized(self) -> bytes:
        return self._bytes(self._number())

    def take(self, depth: int) -> Any:
        self._items += 1
        if self._items > 2 * MAX_ITEMS or depth > MAX_DEPTH + 1:
            raise CodecError("too many values, or nested too deep")
        tag = self._bytes(1)
        if tag in b"NTF":
            return {b"N": None, b"T": True, b"F": False}[tag]
        if tag == b"i":
            content = self._sized()
            if len(content) > MAX_INT_BYTES:
                raise CodecError("a whole number is too long")
            return int.from_bytes(content, "big", signed=True)
        if tag == b"f":
            return _F64.unpack(self._bytes(8))[0]
        if tag == b"c":
            return complex(_F64.unpack(self._bytes(8))[0], _F64.unpack(self._bytes(8))[0])
        if tag == b"s":
            return self._sized().decode("utf-8")
        if tag == b"b":
            return self._sized()
        if tag in b"lt":
            count = self._count()
            items = [self.take(depth + 1) for _ in range(count)]
            return items if tag == b"l" else tuple(items)
        if tag == b"d":
            return self._dict(depth)
        if tag in b"ag":
            return self._array(scalar=tag == b"g")
        if tag == b"o":
            return OpaqueMark(self._sized().decode("utf-8"), self._sized().decode("utf-8"))
        raise CodecError("an unknown tag")

    def _count(self) -> int:
        count = self._number()
        if count > len(self._payload) - self.position:
            raise CodecError("a length that the message cannot hold")
        return count

    def _dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in range(self._count()):
            key = self.take(depth + 1)
            if isinstance(key, OpaqueMark):
                key = "<{}>".format(key.type_name)
            result[key] = self.take(depth + 1)
        return result

    def _array(self, scalar: bool) -> Any:
        import numpy

        name = self._sized().decode("ascii")
        if len(name) > 8 or name[1:2] not in list(_NUMERIC) or not name[2:].isdigit():
            raise CodecError("an array of a type that is not sent")
        dtype = numpy.dtype(name)
        ndim = self._number()
        if ndim > 32:
            raise CodecError("an array of too many dimensions")
        shape = tuple(self._number() for _ in range(ndim))
        content = self._sized()
        size = dtype.itemsize
        for length in shape:
            size *= length
        if size != len(content):
            raise CodecError("an array whose shape does not fit its bytes")
        array = numpy.frombuffer(content, dtype=dtype).reshape(shape)
        native = array.astype(dtype.newbyteorder("="))
        if scalar and shape != ():
            raise CodecError("a scalar with a shape")
        return native[()] if scalar else native
