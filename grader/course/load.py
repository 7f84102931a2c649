"""Load an assignment: its spec, its reference and its key, checked."""

from __future__ import annotations

from pathlib import Path

from grader.checks.prepare import Prepared, prepare
from grader.course.options import LoadOptions

__all__ = ["load"]


def load(path: Path | str, options: LoadOptions | None = None) -> Prepared:
    """An assignment that is ready to be marked with, from its folder or its assignment.yaml.

    Raises SpecFault, whose `diagnostics` say what is wrong in which file and line.
    """
    options = options or LoadOptions()
    prepared = prepare(Path(path), thorough=options.thorough)
    return prepared.adjusted(limits=options.limits, python=options.python)
