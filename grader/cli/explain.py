"""`grader explain`: the long form of a diagnostic code."""

from __future__ import annotations

import sys
import textwrap
from typing import Annotated

import typer

from grader.cli.exits import usage_error
from grader.cli.screen import columns_of, fitted
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
            line = f"{name}  {text.splitlines()[0]}"
            sys.stdout.write(f"{fitted(line, sys.stdout)}\n")
        return
    text = EXPLANATIONS.get(code.upper(), "")
    if not text:
        usage_error(f"there is no code {code!r}; `grader explain` lists them all")
    width = columns_of(sys.stdout)
    for number, part in enumerate(f"{code.upper()}: {text}".split("\n\n")):
        filled = textwrap.fill(part, width, break_long_words=False, break_on_hyphens=False)
        sys.stdout.write(f"{chr(10) * (number > 0)}{filled}\n")
