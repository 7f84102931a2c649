"""What commands that run students' code have in common: limits, interpreter and walls."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader.cli.courses import refuse_course
from grader.cli.exits import bad_spec, note, refuse, usage_error, warn
from grader.cli.limits import LimitError, parse_limits

if TYPE_CHECKING:
    from grader.course.options import LoadOptions
    from grader.course.watched import WatchedCourse
    from grader.model.assignment import Assignment
    from grader.sandbox.contract import Sandbox

__all__ = [
    "Wanted",
    "expect_drivers",
    "load_options",
    "open_sandbox",
    "python_path",
    "refuse_unfit",
    "walls",
]


class Wanted(StrEnum):
    """The walls that were asked for."""

    AUTO = "auto"
    FULL = "full"
    CONTAINER = "container"
    BASIC = "basic"


_BASIC = (
    "the sandbox is basic: there are no walls around the students' code",
    "it can read and change what you can, use the network, and end your other programs;",
    "only endless loops, memory, printed text and crashes are kept within bounds",
    "run strangers' code so only as a user, or in a container, that has nothing to lose",
)


def read_limits(given: list[str] | None) -> Mapping[str, float | int]:
    """The limits that the command line sets; a wrong one ends the command."""
    try:
        return parse_limits(given or ())
    except LimitError as error:
        usage_error(str(error))


def load_options(
    limit: list[str] | None, python: str | None, *, thorough: bool = True
) -> LoadOptions:
    """What the command line sets of an assignment; a wrong one ends the command."""
    from grader.course.options import LoadOptions

    return LoadOptions(limits=read_limits(limit), python=python_path(python), thorough=thorough)


def python_path(given: str | None) -> str:
    """The interpreter that the command line names, or ""; a wrong one ends the command."""
    if given is None:
        return ""
    from grader.spec.interpreter import find_python, near_python

    found = find_python(given, Path.cwd())
    if not found:
        near = near_python(given, Path.cwd())
        what = "program" if "/" in given else "command"
        usage_error(f"--python: there is no {what} {given!r} that can be run; {near}".rstrip("; "))
    return found


@contextlib.contextmanager
def walls(
    wanted: Wanted,
    assignment: Assignment,
    *,
    python_given: bool,
    must: bool,
) -> Iterator[Sandbox]:
    """A sandbox for the code of one assignment, closed at the end.

    With `must`, code runs without walls only where that was asked for by name.
    """
    from grader.course.sandbox import expect_fit
    from grader.sandbox.contract import SandboxFault
    from grader.sandbox.machine import shortage
    from grader.sandbox.ulimits import expect_ulimits

    try:
        expect_ulimits(assignment.limits)
    except SandboxFault as fault:
        refuse_unfit(fault)
    sandbox = open_sandbox(wanted, assignment.python, python_given=python_given, must=must)
    with contextlib.closing(sandbox):
        try:
            expect_fit(assignment, sandbox.tier)
        except SandboxFault as fault:
            refuse_unfit(fault)
        _check_ground(assignment, sandbox)
        if short := shortage(assignment.limits):
            note(short)
        yield sandbox


def expect_drivers(course: WatchedCourse, behind: Sandbox) -> None:
    """End at once where a driver of the course's would fail beside every student's code."""
    from grader.model.assignment import FunctionQuestion
    from grader.sandbox.contract import NothingRuns

    questions = course.assignment.questions
    drivers = any(isinstance(one, FunctionQuestion) and one.driver for one in questions)
    if not drivers or isinstance(behind, NothingRuns):
        return
    from grader.course.drivers import expect_drivers_work
    from grader.course.watched import CourseFault
    from grader.spec.load import SpecFault

    try:
        expect_drivers_work(course, behind)
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    except CourseFault as fault:
        refuse_course(fault)


def refuse_unfit(fault: Exception) -> NoReturn:
    """End since this machine cannot give, or cannot hold, what the assignment allows."""
    from grader.sandbox.ulimits import UlimitsTooLow

    if isinstance(fault, UlimitsTooLow):
        refuse(str(fault), "raise them, or set the assignment's for this run with --limit")
    refuse(
        str(fault),
        "those of the tier full can; `grader doctor` says whether this machine has them",
    )


def _check_ground(assignment: Assignment, sandbox: Sandbox) -> None:
    """End at once where no submission can run: what is preloaded fails, or data cannot be had."""
    from grader.sandbox.contract import Job, SandboxFault

    ground = Job(
        files={},
        provided="",
        calls=(),
        limits=assignment.limits,
        data=assignment.data,
        preload=assignment.preload,
        python=assignment.python,
    )
    try:
        sandbox.run(ground)
    except SandboxFault as fault:
        refuse(
            f"no submission to {assignment.slug} can be run here: {fault}",
            "the assignment's `preload`, `python` and `data` say what has to be there",
        )


def open_sandbox(wanted: Wanted, python: str, *, python_given: bool, must: bool) -> Sandbox:
    """A sandbox of the tier that was asked for, or of the best; the command ends without one."""
    from grader.sandbox.choose import WallsMissing, choose
    from grader.sandbox.contract import SandboxFault
    from grader.sandbox.interpreter import find_interpreter

    try:
        find_interpreter(python)
    except SandboxFault as fault:
        if python_given:
            usage_error(f"--python: {fault}")
        refuse(str(fault))
    try:
        if wanted is Wanted.BASIC and must:
            warn(*_BASIC)
        return choose(wanted.value, python=python)
    except WallsMissing as missing:
        if wanted is not Wanted.AUTO:
            _refuse_tier(wanted, missing)
    if must:
        _refuse_without_walls(python)
    note(
        "there are no walls on this machine, so the code runs as any program of yours does "
        "(basic); `grader doctor` says why"
    )
    try:
        return choose("basic", python=python)
    except WallsMissing as missing:
        _refuse_tier(Wanted.BASIC, missing)


def _refuse_tier(wanted: Wanted, missing: Exception) -> NoReturn:
    refuse(
        f"the sandbox that was asked for does not work here: {' '.join(str(missing).split())}",
        f"nothing was run, since --sandbox {wanted} means this one and no other; `grader doctor` "
        "says what this machine gives",
    )


def _refuse_without_walls(python: str) -> NoReturn:
    from grader.sandbox.choose import survey

    missing = [probe for probe in survey(python) if not probe.works]
    lines = [f"{probe.tier}: {' '.join(probe.why.split())}" for probe in missing]
    refuse(
        "this machine gives no walls around students' code, so none was run",
        *lines,
        "help: `grader doctor` says more; run it where one of them works, such as in a container",
        "help: --sandbox basic marks without walls: only as a user who has nothing to lose",
    )
