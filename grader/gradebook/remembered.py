"""What was judged before in this run: the same responses are judged once.

A mark hangs on the responses alone, so who gave the same gets the same. What is remembered is
bounded: a class may be large.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

from grader.gradebook.jobs import opened_responses
from grader.gradebook.marker import Marker
from grader.gradebook.runs import JudgedToKeep, judged_to_keep

__all__ = ["Remembered"]

_MOST_BYTES = 4 << 20


class Remembered:
    """Of one assignment under one edition; from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[bytes, JudgedToKeep] = {}
        self._bytes = 0

    def judged(self, marker: Marker, responses: Sequence[tuple[str, bytes]]) -> JudgedToKeep:
        """What comes of these responses, as they are kept. Raises as `Marker.judge` does."""
        asked = _key(responses)
        with self._lock:
            known = self._known.pop(asked, None)
            if known is not None:
                self._known[asked] = known  # those used last are forgotten last
                return known
        judged = marker.judge_as(responses, opened_responses, judged_to_keep)
        if not judged.held:  # a fault of ours may not come again
            with self._lock:
                self._remember(asked, judged)
        return judged

    def _remember(self, asked: bytes, judged: JudgedToKeep) -> None:
        if asked in self._known:  # by another thread meanwhile
            return
        self._known[asked] = judged
        self._bytes += judged.size
        while self._bytes > _MOST_BYTES:
            self._bytes -= self._known.pop(next(iter(self._known))).size


def _key(responses: Sequence[tuple[str, bytes]]) -> bytes:
    """The same for the same responses, and for no others."""
    told = hashlib.blake2b(digest_size=20)
    for name, content in sorted(responses):
        label = name.encode("utf-8", "surrogatepass")
        told.update(b"%d %d " % (len(label), len(content)))
        told.update(label)
        told.update(content)
    return told.digest()
