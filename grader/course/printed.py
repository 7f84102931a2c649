"""What a course's code prints: taken from a pipe, and kept for staff."""

from __future__ import annotations

import contextlib
import os
import threading

from grader.sandbox.text import clean_text

__all__ = ["Printed"]

_MOST_BYTES = 16 << 10
_CHUNK = 1 << 16


class Printed:
    """The first of what is printed to `writing`, and whether there was more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)
        self._kept = bytearray()
        self._more = False

    def take(self) -> None:
        """Take what there is; from any thread."""
        with self._lock, contextlib.suppress(BlockingIOError):
            for _ in range(64):  # endless printing does not keep us here
                chunk = os.read(self.reading, _CHUNK)
                if not chunk:
                    return
                room = _MOST_BYTES - len(self._kept)
                self._more = self._more or len(chunk) > room
                self._kept += chunk[:room]

    @property
    def text(self) -> str:
        """What was printed, fit to be shown to staff; "" where nothing was.

        A line that was printed before is left out: steps are called for many answers.
        """
        text = clean_text(self._kept.decode("utf-8", "replace"), limit=_MOST_BYTES).strip()
        text = "\n".join(dict.fromkeys(text.splitlines()))
        return f"{text}\n… and more" if self._more and text else text

    def close(self) -> None:
        os.close(self.reading)
        os.close(self.writing)
