"""How many children run at once, over all threads of this process that ask for one."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from grader.sandbox.contract import SandboxFault

__all__ = ["Gate"]


class Gate:
    """Lets in as many as there is room for, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._alone = 0  #: how many wait to be alone, or are
        self._closed = False

    @contextlib.contextmanager
    def passed(self, most: int, *, alone: bool) -> Iterator[None]:
        """Wait for room among at most so many. Who wants to be alone comes before the others.

        Raises SandboxFault once the gate is closed.
        """
        with self._changed:
            self._alone += alone
            try:
                self._changed.wait_for(lambda: self._closed or self._has_room(most, alone))
                if self._closed:
                    msg = "the marking was stopped"
                    raise SandboxFault(msg)
            except BaseException:
                self._alone -= alone
                self._changed.notify_all()
                raise
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._alone -= alone
                self._changed.notify_all()

    def close(self) -> None:
        """Nobody is let in any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self, most: int, alone: bool) -> bool:
        if alone:
            return self._inside == 0
        return self._alone == 0 and self._inside < max(1, most)
