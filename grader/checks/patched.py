"""Whether the course's code changed what ours computes with: numpy, and a little of Python."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

__all__ = ["Unchanged"]

_MODULES = ("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "math", "builtins")


class Unchanged:
    """What functions and classes are called in these modules at one moment.

    A module that is not imported by then is held against the modules of its own that it takes its
    functions from: importing it only to look at it would take long.
    """

    def __init__(self) -> None:
        self._before = {
            name: _called(sys.modules[name]) for name in _MODULES if name in sys.modules
        }

    def changed(self) -> tuple[str, ...]:
        """What is another function now, such as `numpy.exp`."""
        found: list[str] = []
        for name in _MODULES:
            if name in sys.modules:
                now = vars(sys.modules[name])
                right = self._right(name).items()
                found += [f"{name}.{key}" for key, item in right if now.get(key) is not item]
        return tuple(found)

    def restore(self, changed: Iterable[str]) -> None:
        """Put these back."""
        for path in changed:
            name, _, key = path.rpartition(".")
            setattr(sys.modules[name], key, self._right(name)[key])

    def _right(self, name: str) -> Mapping[str, Callable[..., Any]]:
        if name in self._before:
            return self._before[name]
        module = sys.modules[name]
        found: dict[str, Callable[..., Any]] = {}
        for own in vars(module).values():
            if isinstance(own, ModuleType) and own.__name__.startswith(f"{name}."):
                found |= {key: item for key, item in _called(own).items() if key in module.__all__}
        return found


def _called(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {key: item for key, item in vars(module).items() if callable(item) and key != "_"}
