"""Values of the model as bytes, both ways, each bit kept: the codec of the child, extended.

What only stands in responses has tags of its own: numbers and scalars with their text, marks of
what is not plain data, and texts that UTF-8 does not know. A child cannot send these: what comes
from it is decoded by `grader/sandbox/child/wire.py`, which refuses their tags.
"""

from __future__ import annotations

import struct
import sys
from typing import Any

from grader.model.typed import Typed
from grader.model.value import NumberText, Opaque, Value
from grader.plan.canonical import Unbounded
from grader.sandbox.child.wire import CodecError, Decoder

__all__ = ["pack", "unpack"]

_DEEPEST = 80  #: a sheet nests 60 deep, a child sends 40
_MOST_ALIKE = 100  # keys of one hash: each is compared with all before it
_LINE = struct.Struct(">?I")


def pack(value: Value) -> bytes:
    """The bytes of a value. Raises TypeError for anything that is not a value of the model."""
    writer = _Writer()
    writer.put(value, 0)
    return b"".join(writer.chunks)


def unpack(payload: bytes) -> Value:
    """The value in these bytes. Raises CodecError, and nothing else, whatever they are."""
    reader = _Reader(payload, sys.maxsize)
    try:
        value = reader.take(0)
    except (ValueError, TypeError, struct.error, OverflowError, MemoryError) as error:
        raise CodecError(str(error)) from None
    if reader.position != len(payload):
        msg = "bytes are left over"
        raise CodecError(msg)
    return value


class _Writer(Unbounded):
    """Dicts keep their order: what a student is told names things in it."""

    def put(self, value: Any, depth: int) -> None:
        if type(value) is str:
            self._put_text(value)
        elif type(value) is Typed:
            self._emit(b"u" if value.fault else b"y", _LINE.pack(value.quoted, value.line))
            self._put_text(value.text)
            if value.fault:
                self._put_text(value.fault)
        elif type(value) is NumberText:
            self._emit(b"n")
            self._put_text(value.text)
        elif type(value) is Opaque:
            self._emit(b"O")
            self._put_text(value.type_name)
            self._put_text(value.why)
        else:
            super().put(value, depth)

    def _put_text(self, text: str) -> None:
        try:
            self._emit_sized(b"s", text.encode())
        except UnicodeEncodeError:
            self._emit_sized(b"S", text.encode("utf-8", "surrogatepass"))

    def _put_mark(self, type_name: str, why: str) -> None:
        msg = f"{type_name} is not plain data: {why}"
        raise TypeError(msg)


class _Reader(Decoder):
    """Counts need no bound of their own: every value has at least a byte."""

    def take(self, depth: int) -> Any:
        if depth > _DEEPEST:
            msg = "nested too deep"
            raise CodecError(msg)
        tag = self._payload[self.position : self.position + 1]
        if tag in (b"l", b"t", b"d", b"y", b"u", b"n", b"O", b"S"):
            self.position += 1
            return self._extended(tag, depth)
        if tag == b"o":
            msg = "a mark that only a child sends"
            raise CodecError(msg)
        return super().take(0)

    def _extended(self, tag: bytes, depth: int) -> Any:
        if tag == b"d":
            return self._dict(depth)
        if tag == b"S":
            return self._sized().decode("utf-8", "surrogatepass")
        if tag in (b"y", b"u"):
            self.position += _LINE.size
            quoted, line = _LINE.unpack_from(self._payload, self.position - _LINE.size)
            text, fault = self._text(), self._text() if tag == b"u" else ""
            return Typed(text, quoted=quoted, line=line, fault=fault)
        if tag == b"n":
            number = NumberText.parse(text := self._text())
            if number is None or number.text != text:
                msg = "a text that is not a number"
                raise CodecError(msg)
            return number
        if tag == b"O":
            return Opaque(type_name=self._text(), why=self._text())
        items = [self.take(depth + 1) for _ in range(self._count(len(self._payload)))]
        return items if tag == b"l" else tuple(items)

    def _text(self) -> str:
        tag = self._payload[self.position : self.position + 1]
        if tag not in (b"s", b"S"):
            msg = "expected a text here"
            raise CodecError(msg)
        self.position += 1
        return self._sized().decode("utf-8", "strict" if tag == b"s" else "surrogatepass")

    def _dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        alike: dict[int, int] = {}
        for _ in range(self._count(len(self._payload))):
            key = self.take(depth + 1)
            same = alike[hash(key)] = alike.get(hash(key), 0) + 1  # TypeError if it has no hash
            if same > _MOST_ALIKE or key in result:
                msg = "a key that is there already, or too many of one hash"
                raise CodecError(msg)
            result[key] = self.take(depth + 1)
        return result
