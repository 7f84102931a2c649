"""What a child prints, told apart by what was asked of it.

After each thing that it was asked the worker prints the nonce of the request: requests may be sent
ahead, so we may read what it printed late. Code that finds out a nonce and prints it can only move
what it printed itself from one of its calls to another.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque

__all__ = ["Output"]

_CHUNK = 1 << 16
_PIPE_BYTES = 1 << 20  # that a pipe can be made to hold
_KEPT = (64 << 10) + 1  # one byte more than is shown tells that there was more


class Output:
    """Of each thing that was asked the first 64 KiB, and a byte if there was more."""

    def __init__(self, most: int) -> None:
        """`most` is how many bytes one of them may print."""
        self._most = most
        self._ends: deque[bytes] = deque()  #: nonces that are to come
        self._done: deque[tuple[bytes, bytes, int]] = deque()
        self._kept = bytearray()
        self._total = 0
        self._tail = b""  #: what may be the beginning of a nonce

    def expect(self, nonce: bytes) -> None:
        """One more thing is asked, after all others."""
        self._ends.append(nonce)

    def feed(self, chunk: bytes) -> None:
        """What was read."""
        data = self._tail + chunk
        self._tail = b""
        while self._ends:
            nonce = self._ends[0]
            before, found, after = data.partition(nonce)
            if not found:
                held = max(0, len(data) - len(nonce) + 1)
                self._tail = data[held:]
                data = data[:held]
                break
            self._add(before)
            self._done.append((self._ends.popleft(), bytes(self._kept), self._total))
            self._kept, self._total = bytearray(), 0
            data = after
        self._add(data)

    def drain(self, descriptor: int) -> None:
        """Read what was printed up to now; code that goes on printing does not hold us here."""
        left = _PIPE_BYTES
        with contextlib.suppress(BlockingIOError):
            while left > 0 and (chunk := os.read(descriptor, _CHUNK)):
                left -= len(chunk)
                self.feed(chunk)

    def take(self, nonce: bytes) -> bytes:
        """What was printed for the thing with this nonce, which is the first of those asked."""
        if self._done and self._done[0][0] == nonce:
            return self._done.popleft()[1]
        # It ended without, or closed its output: all there is was printed for it.
        self._add(self._tail)
        taken, self._kept, self._total, self._tail = bytes(self._kept), bytearray(), 0, b""
        if self._ends and self._ends[0] == nonce:
            self._ends.popleft()
        return taken

    @property
    def is_too_much(self) -> bool:
        """Whether the first of the things that were asked printed more than it may."""
        total = self._done[0][2] if self._done else self._total + len(self._tail)
        return total > self._most

    def _add(self, printed: bytes) -> None:
        self._total += len(printed)
        self._kept += printed[: max(0, _KEPT - len(self._kept))]
