"""`grader explain`: the long form of a diagnostic code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader.cli.exits import usage_error
from grader.spec.codes import EXPLANATIONS

__all__ = ["explain"]


def explain(
    code: Annotated[
        str | None, typer.Argument(help="A code such as S204; without one, all are listed.")
    ] = None,
) -> None:
    """Say what a diagnostic code means and what to do about it.

    \b
    grader explain S204
    """
    if code is None:
        for name, text in EXPLANATIONS.items():
            sys.stdout.write(f"{name}  {text.splitlines()[0]}\n")
        return
    text = EXPLANATIONS.get(code.upper(), "")
    if not text:
        usage_error(f"there is no code {code!r}; `grader explain` lists them all")
    sys.stdout.write(f"{code.upper()}: {text}\n")
