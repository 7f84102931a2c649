"""Try a course's drivers behind the walls before any student's code runs there.

A driver runs in the student's process, with the student's limits. One that the walls stop, or that
takes all the time or memory by itself, would fail everybody. So each is tried with a module that
gives again what the reference gave it here: plain data, in a process of its own that ends.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from grader.checks.replayed import Replay
from grader.collect.collect import calls_alone
from grader.course.watched import WatchedCourse
from grader.model.assignment import Assignment, Driver, FunctionQuestion, Limits
from grader.model.call import Call
from grader.model.diagnostic import Diagnostic, Place
from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict
from grader.plan import Plan, make_plan
from grader.sandbox.contract import NothingRuns, Sandbox, SandboxFault
from grader.spec.load import SpecFault
from grader.submissions.submission import Submission

__all__ = ["expect_drivers_work"]

_REPLAYED = "replayed.py"
_NOT_ITS_OWN = (Verdict.MISSING, Verdict.GRADER_ERROR, Verdict.PENDING)


def expect_drivers_work(course: WatchedCourse, sandbox: Sandbox) -> None:
    """Raise SpecFault where a driver fails behind these walls through no fault of a student's.

    Raises CourseFault where the course's own code ends the process that it runs in.
    """
    drivers = _drivers(course.assignment)
    if not drivers or isinstance(sandbox, NothingRuns):
        return
    plan = make_plan(course.assignment)
    calls = {call.id: call for question in plan.functions for call in question.cases}
    found: dict[str, Diagnostic] = {}
    for replay in _replays(course):
        driver, call = drivers[replay.question], calls[replay.case]
        failure = _tried(plan, course.assignment, sandbox, driver, call, replay)
        if failure is not None and _gives_again(course, replay):
            told = _diagnostic(course.assignment, driver, replay, failure)
            found.setdefault(replay.question, told)
    if found:
        raise SpecFault(*found.values())


def _drivers(assignment: Assignment) -> Mapping[str, Driver]:
    return {
        one.id: one.driver
        for one in assignment.questions
        if isinstance(one, FunctionQuestion) and one.driver is not None
    }


def _replays(course: WatchedCourse) -> tuple[Replay, ...]:
    try:
        found: tuple[Replay, ...] = course.ask("replays")
    except SpecFault:
        return ()  # to record it took too long, which it did not without
    return found


def _tried(
    plan: Plan,
    assignment: Assignment,
    sandbox: Sandbox,
    driver: Driver,
    call: Call,
    replay: Replay,
) -> Failure | None:
    """Why it fails there, twice where its time was over: the first time the machine may be slow.

    What fails in the module that gives again is not the driver's: another interpreter may have no
    numpy, or an older one.
    """
    work = Submission(
        id=driver.file,
        # The driver is among the files so that its lines are told.
        modules={_REPLAYED: replay.source, driver.file: driver.source.encode()},
        at_start=(_REPLAYED,),
    )
    call = replace(call, hidden=False)
    failure = None
    for _ in range(2):
        try:
            response = calls_alone(plan, work, sandbox, assignment.data, (call,))[call.id]
        except SandboxFault:
            return None  # each student's code meets it too, and is held
        failure = response.failure or (response.again and response.again.failure) or None
        if failure is None or failure.verdict is not Verdict.TIMED_OUT:
            break
    if failure is None or failure.file == _REPLAYED or failure.verdict in _NOT_ITS_OWN:
        return None
    return failure


def _gives_again(course: WatchedCourse, replay: Replay) -> bool:
    try:
        return bool(course.ask("gives_again", replay))
    except SpecFault:
        return False  # it goes on for ever with what was recorded, as it did not with the reference


def _diagnostic(
    assignment: Assignment, driver: Driver, replay: Replay, failure: Failure
) -> Diagnostic:
    line = failure.line if failure.file == driver.file else 0
    if failure.met is not None and not line:
        line = failure.met.line
    place = Place(
        file=str(assignment.folder / driver.file), line=line or _line_of_drive(driver), column=1
    )
    if replay.hidden:  # a student who checks reads this too, and what it says may hold the inputs
        failure = replace(failure, message="")
    did = _did(failure, assignment.limits)
    return Diagnostic(
        code="S305",
        place=place,
        message=f"behind the walls the driver of {replay.question!r} {did} ({replay.label})",
        help="it runs in each student's process, with their limits: everybody would fail by it",
    )


def _line_of_drive(driver: Driver) -> int:
    """Where it begins, where nothing says which line of it was being run."""
    for node in ast.parse(driver.source).body:
        if isinstance(node, ast.FunctionDef) and node.name == "drive":
            return node.lineno
    return 1


def _did(failure: Failure, limits: Limits) -> str:
    what = _DID.get(failure.reason)
    if failure.exception == "FileNotFoundError":
        what = _DID[Reason.FORBIDDEN_FILE]  # some walls hide a file instead of refusing it
    said = f"{failure.exception}: {failure.message}".strip(": ")
    if what is None:
        return f"raises {said}" if said else f"fails: {failure.reason.value.replace('_', ' ')}"
    words = what.format(limits=limits)
    return f"{words}: {said}" if said and failure.reason not in _SAYS_ALL else words


#: What is said of these by the interpreter adds nothing.
_SAYS_ALL = (Reason.TIME_LIMIT, Reason.CPU_LIMIT, Reason.MEMORY_LIMIT)
_DID: Mapping[Reason, str] = {
    Reason.FORBIDDEN_FILE: "uses a file that is not there, or that nobody may use",
    Reason.FORBIDDEN_NETWORK: "opens a network connection, which nobody may",
    Reason.FORBIDDEN_PROCESS: "starts more threads or processes than its limits allow",
    Reason.FORBIDDEN_CALL: "does what nobody may do there",
    Reason.TIME_LIMIT: "takes more than {limits.wall_seconds:g} s by itself",
    Reason.CPU_LIMIT: "takes more of the processor than a call may have",
    Reason.MEMORY_LIMIT: "needs more than {limits.memory_mib} MiB of memory",
    Reason.OUTPUT_LIMIT: "prints or returns more than {limits.output_kib} KiB",
    Reason.VALUE_LIMIT: "returns more values than may be returned",
    Reason.FILE_LIMIT: "writes more than there is room for",
    Reason.NO_ANSWER: "ends the process",
}
