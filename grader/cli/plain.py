"""Read the arguments of a plain `check`: what the parser of all commands would make of them.

Reading that parser takes as long as all the rest. What is not plain is left to it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.cli.checking import CheckAsked

__all__ = ["plain_check"]

_QUESTION = ("-q", "--question")


def plain_check(arguments: Sequence[str]) -> CheckAsked | None:
    """What `check [ASSIGNMENT [files...]] [-q QUESTION] [--student KEY] [--watch]` asks for.

    None for all else.
    """
    if arguments[:1] != ["check"]:
        return None
    names: list[str] = []
    question = ""
    student: str | None = None
    watch = False
    rest = iter(arguments[1:])
    for one in rest:
        if one in _QUESTION:
            question = next(rest, "")
            if not question or question.startswith("-"):
                return None
        elif one == "--student":
            student = next(rest, "")
            if not student or student.startswith("-"):
                return None
        elif one == "--watch":
            watch = True
        elif one.startswith("-") or not one.strip():
            return None
        else:
            names.append(one)
    from grader.cli.checking import CheckAsked
    from grader.cli.walls import Wanted, load_options

    sandbox = os.environ.get("GRADER_SANDBOX") or Wanted.AUTO.value
    if sandbox not in [wanted.value for wanted in Wanted]:
        return None
    return CheckAsked(
        assignment=names[0] if names else ".",
        files=tuple(map(Path, names[1:])),
        question=question,
        student=student,
        sandbox=Wanted(sandbox),
        options=load_options(None, None, thorough=False),
        watch=watch,
    )
