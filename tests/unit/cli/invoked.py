"""The commands of `grader`, called in this process and not in one of their own."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

import typer
from typer import testing

from grader.cli.app import app

__all__ = ["invoked"]

#: Typer builds all commands anew for each call, which takes longer than most of them do.
_built = cache(typer.main.get_command)


def invoked(*arguments: str, **environment: str) -> testing.Result:
    """What this call writes, and the code that it exits with."""
    with patch.object(testing, "_get_command", _built):
        return testing.CliRunner().invoke(app, [*arguments], env=environment)
