"""Whether the course's code changed what ours computes with: numpy, and a little of Python."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

__all__ = ["Unchanged"]

_MODULES: Mapping[str, Any] = {
    "numpy": np,
    "numpy.linalg": np.linalg,
    "numpy.random": np.random,
    "numpy.fft": np.fft,
    "math": math,
    "builtins": builtins,
}


class Unchanged:
    """What functions and classes are called in these modules at one moment."""

    def __init__(self) -> None:
        self._before: Mapping[str, Mapping[str, Callable[..., Any]]] = {
            name: {key: item for key, item in vars(module).items() if callable(item) and key != "_"}
            for name, module in _MODULES.items()
        }

    def changed(self) -> tuple[str, ...]:
        """What is another function now, such as `numpy.exp`."""
        return tuple(
            f"{name}.{key}"
            for name, before in self._before.items()
            for key, item in before.items()
            if vars(_MODULES[name]).get(key) is not item
        )

    def restore(self, changed: Iterable[str]) -> None:
        """Put these back."""
        for path in changed:
            name, _, key = path.rpartition(".")
            setattr(_MODULES[name], key, self._before[name][key])
