"""The template process without any walls or limits: what forking alone costs.

Started in the place of `grader/sandbox/child/zygote.py`, with its folder first on the path.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

CHILD = Path(__file__).resolve().parents[1] / "grader" / "sandbox" / "child"
sys.path[0] = str(CHILD)

import confinement  # noqa: E402  # found by the path above


class Bare:
    tier = "container"  # as one that leaves no processes behind
    landlock = 0

    def __init__(self, _hello: dict[str, Any]) -> None:
        while os.open(os.devnull, os.O_RDONLY) < 5:
            pass

    def enclose(self) -> None:
        pass

    def fork(self) -> int:
        return os.fork()

    def keep_only(self, descriptors: list[int]) -> None:
        for place, descriptor in zip((3, 4, 1), descriptors, strict=True):
            os.dup2(descriptor, place)

    def lock_down(self, _request: dict[str, Any]) -> None:
        pass


confinement.Confinement = Bare
runpy.run_path(str(CHILD / "zygote.py"), run_name="__main__")
