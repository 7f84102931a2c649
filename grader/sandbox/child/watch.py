"""What a driver hands to a student's functions and gets back: is it changed by a later call?

Looked at before and after each call that the driver itself makes. What the driver changes between
two calls is not held against the student.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Collection
from typing import Any

from driven import Driven

__all__ = ["Watch"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MOST_WATCHED = 24
_MOST_CHANGED = 4


class Watch:
    """Used as a context around `drive`. Arguments are arrays and lists; dictionaries and objects
    are there to be changed. Afterwards `changed` has what was changed: whether it is an input or an
    output, in which call and under which name, and its bytes before and after that call."""

    def __init__(
        self,
        driven: Driven,
        files: Collection[str],
        pack: Callable[[Any], bytes | None],
        *,
        inputs: bool,
        outputs: bool,
    ) -> None:
        """`files` are those of the student's code."""
        self.changed: list[list[Any]] = []
        self._scope = driven.scope
        self._through = driven.through
        self._files = files
        self._pack = pack
        self._inputs = inputs
        self._outputs = outputs
        self._watched: list[tuple[str, str, Any]] = []  # kind, name, value
        self._frame: Any = None
        self._before: list[bytes | None] = []

    def __enter__(self) -> Watch:
        sys.setprofile(self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _heard(self, frame: Any, event: str, result: Any) -> None:
        try:
            if event == "call" and self._frame is None and self._by_driver(frame):
                self._frame = frame
                self._enter(frame)
            elif event == "return" and frame is self._frame:
                self._frame = None
                self._leave(frame, result)
        except Exception:
            self._frame = None

    def _by_driver(self, frame: Any) -> bool:
        caller, file = frame.f_back, frame.f_code.co_filename
        if caller is None or file not in self._files:
            return False
        return caller.f_globals is self._scope or caller.f_code is self._through

    def _enter(self, frame: Any) -> None:
        if self._inputs:
            here = frame.f_locals
            for name in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
                if _is_data(here.get(name)):
                    self._add("input", name, here[name])
        self._before = [self._pack(value) for _, _, value in self._watched]

    def _leave(self, frame: Any, result: Any) -> None:
        called = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
        for (kind, name, value), before in zip(self._watched, self._before):  # noqa: B905  # new in 3.10
            after = self._pack(value)
            if after != before and len(self.changed) < _MOST_CHANGED:
                self.changed.append([kind, called, name, before, after])
        if self._outputs and (_is_data(result) or type(result) is dict):
            self._add("output", "", result)

    def _add(self, kind: str, name: str, value: Any) -> None:
        known = any(one is value for _, _, one in self._watched)
        if not known and len(self._watched) < _MOST_WATCHED:
            self._watched.append((kind, name, value))


def _is_data(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return type(value) in (list, tuple) or (numpy is not None and isinstance(value, numpy.ndarray))
