"""What of a machine the code that is handed in may notice."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from grader.sandbox.interpreter import find_interpreter

__all__ = ["machine_of"]


def machine_of(tier: str, python: str) -> Mapping[str, str]:
    """The walls, and the versions of the interpreter and its numpy: of another one of these the
    same code may give something else. Raises SandboxFault where there is no such interpreter."""
    interpreter = find_interpreter(python)
    found = sorted(
        path.name.removesuffix(".dist-info")
        for site in interpreter.site
        for path in Path(site).glob("numpy-*.dist-info")
    )
    return {
        "tier": tier,
        "python": interpreter.version,
        "numpy": found[0] if found else "",
        "grader": version("numgrader"),
    }
