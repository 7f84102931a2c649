"""What was asked of a child and has no reply yet, and as much of the replies as was read."""

from __future__ import annotations

import secrets
import struct
from collections import deque

from grader.sandbox.child.wire import frame
from grader.sandbox.ended import ChildEnded
from grader.sandbox.requests import NONCE_BYTES

__all__ = ["MOST_AHEAD", "Exchange"]

MOST_AHEAD = 16  #: requests that are sent and have no reply
_AHEAD_BYTES = 32 << 10  # of them together: half of what a pipe holds, so that writing never waits
_CHUNK = 1 << 16


class Exchange:
    """Requests are answered in their order, each by a reply with its nonce."""

    def __init__(self, beside: int) -> None:
        """`beside` is how many bytes a reply may have more than the request that it answers."""
        self._beside = beside
        self._asked: deque[tuple[bytes, int]] = deque()  #: nonces and sizes
        self._buffer = bytearray()

    def expect(self, size: int = 0) -> bytes:
        """One more reply is to come, to a request of this size; with the nonce that this gives."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._asked.append((nonce, size))
        return nonce

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """The nonce of one more request, and what is to be sent."""
        nonce = self.expect(len(request) + NONCE_BYTES)
        return nonce, frame(request + nonce)

    @property
    def waiting(self) -> int:
        """How many replies are to come."""
        return len(self._asked)

    @property
    def nonce(self) -> bytes:
        """That the next reply has to bear."""
        return self._asked[0][0]

    @property
    def most(self) -> int:
        """How many bytes the next reply may have."""
        return self._beside + (self._asked[0][1] if self._asked else 0)

    def has_room_for(self, request: bytes) -> bool:
        """Whether it can be sent before what was asked is answered, and surely without waiting."""
        size = sum(size for _, size in self._asked) + len(request) + NONCE_BYTES
        return len(self._asked) < MOST_AHEAD and size <= _AHEAD_BYTES

    def feed(self, chunk: bytes) -> None:
        """What was read. Raises ChildEnded where it is longer than what the worker sends."""
        self._buffer += chunk
        more = _CHUNK if len(self._asked) > 1 else 0
        if len(self._buffer) > 4 + self.most + more:
            raise ChildEnded

    @property
    def has_begun(self) -> bool:
        """Whether some of the next reply was read."""
        return bool(self._buffer)

    def has_reply(self) -> bool:
        """Whether all of it was. Raises ChildEnded where it will be too long."""
        if len(self._buffer) < 4:
            return False
        length = self._length()
        if length > self.most:
            raise ChildEnded  # the worker sends nothing as long as this
        return len(self._buffer) >= 4 + length

    def take(self) -> bytes:
        """The next reply, which was read."""
        end = 4 + self._length()
        reply = bytes(self._buffer[4:end])
        del self._buffer[:end]
        self._asked.popleft()
        return reply

    def _length(self) -> int:
        return int(struct.unpack(">I", self._buffer[:4])[0])
