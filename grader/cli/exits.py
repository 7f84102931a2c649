"""Exit codes, and how what goes wrong is told."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

from grader.model.diagnostic import Diagnostic

__all__ = ["Exit", "bad_spec", "end", "note", "print_diagnostics", "refuse", "usage_error", "warn"]


class Exit(IntEnum):
    DONE = 0
    BELOW = 1  #: graded, and below --fail-under
    HOLE = 1  #: verified, and the audit found a hole
    NO_WALLS = 1  #: `doctor`: this machine gives none
    USAGE = 2
    BAD_SPEC = 3
    OUR_FAULT = 4  #: or the machine's
    STOPPED = 130  #: by Ctrl-C or a signal, with what was done until then kept


def end(code: Exit) -> NoReturn:
    """End the command with this code."""
    typer = sys.modules.get("typer")
    if typer is None:  # a plain `check` does without it
        raise SystemExit(code)
    raise typer.Exit(code)


def _say(message: str) -> None:
    from grader.cli.screen import fitted

    print(fitted(message, sys.stderr), file=sys.stderr)


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Each on its own lines, files named from the current folder where that is shorter."""
    here = f"{Path.cwd()}/"
    for diagnostic in diagnostics:
        _say(str(diagnostic).replace(here, ""))


def bad_spec(diagnostics: Iterable[Diagnostic]) -> NoReturn:
    print_diagnostics(diagnostics)
    end(Exit.BAD_SPEC)


def usage_error(message: str) -> NoReturn:
    _say(f"error: {message}")
    end(Exit.USAGE)


def note(message: str) -> None:
    """Something worth knowing that stops nothing."""
    _say(f"note: {message}")


def warn(first: str, *rest: str) -> None:
    """Something that should not be overlooked, on several lines."""
    _say("\n".join([f"warning: {first}", *(f"  {line}" for line in rest)]))


def refuse(first: str, *rest: str) -> NoReturn:
    """End because the machine does not give what is needed; nothing was marked."""
    _say("\n".join([f"error: {first}", *(f"  {line}" for line in rest)]))
    end(Exit.OUR_FAULT)
