"""The options of commands that run students' code."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.walls import Wanted

__all__ = ["LimitOption", "PythonOption", "SandboxOption"]

SandboxOption = Annotated[
    Wanted,
    typer.Option(
        "--sandbox",
        envvar="GRADER_SANDBOX",
        help="The walls around students' code: the best there are (auto), or these or none.",
    ),
]
PythonOption = Annotated[
    str | None,
    typer.Option("--python", metavar="PATH", help="The interpreter of the students' code."),
]
LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="In place of the assignment's, such as wall=2s, memory=1GiB, processes=4; repeatable.",
    ),
]
