"""A sandbox for students' code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

from grader.model.assignment import Assignment
from grader.sandbox.choose import choose
from grader.sandbox.contract import Sandbox, SandboxFault
from grader.sandbox.ulimits import expect_ulimits

__all__ = ["expect_fit", "open_sandbox"]

_Wanted: TypeAlias = Literal["auto", "full", "container", "basic"]


@contextlib.contextmanager
def open_sandbox(tier: _Wanted = "auto", *, python: str = "") -> Iterator[Sandbox]:
    """A sandbox with walls of this tier, or of the best that the machine gives; closed at the end.

    `basic` has no walls. Raises WallsMissing where the machine does not give the tier; `auto` never
    takes `basic`. Raises ValueError for another word.
    """
    if tier not in get_args(_Wanted):
        msg = f"there is no sandbox {tier!r}; there are {', '.join(get_args(_Wanted))}"
        raise ValueError(msg)
    with contextlib.closing(choose(tier, python=python)) as sandbox:
        yield sandbox


def expect_fit(assignment: Assignment, tier: str) -> None:
    """Raise SandboxFault where code may start processes that walls of this tier cannot end, and
    UlimitsTooLow where the machine's owner allows less than the assignment promises."""
    expect_ulimits(assignment.limits)
    if assignment.limits.processes > 1 and tier == "container":
        msg = (
            f"{assignment.slug} allows {assignment.limits.processes} processes, which the walls of "
            "the tier container cannot hold"
        )
        raise SandboxFault(msg)
