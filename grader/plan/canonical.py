"""Values as bytes, the same ones wherever they are made."""

from __future__ import annotations

import struct
import sys
from typing import Any

from grader.model.value import Value
from grader.sandbox.child.wire import Encoder

__all__ = ["Unbounded", "canonical"]


class Unbounded(Encoder):
    """The codec of the child without its bounds: values of ours are as large as they are."""

    def __init__(self) -> None:
        super().__init__(sys.maxsize, sys.maxsize)

    def put(self, value: Any, depth: int) -> None:  # noqa: ARG002 - however deep it stands
        super().put(value, 0)

    def _emit(self, *chunks: bytes) -> None:
        self.chunks.extend(chunks)

    def _count(self) -> None:
        """Nothing is counted."""

    def _put_dict(self, items: list[tuple[Any, Any]], depth: int) -> None:
        self._emit(b"d", struct.pack(">I", len(items)))
        for key, item in items:
            self.put(key, depth)
            self.put(item, depth)


def canonical(value: Value) -> bytes:
    """The bytes in which a child would be sent this value, were there no bounds.

    Types, dtypes, shapes and every bit count: 3 and 3.0 differ, and so do -0.0 and 0.0.
    """
    encoder = Unbounded()
    encoder.put(value, 0)
    return b"".join(encoder.chunks)
