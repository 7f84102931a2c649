"""The sentences where there is no value: no answer was given, or the code failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.judge.words.met import given, met, where_met
from grader.model.assignment import Limits
from grader.model.fact_marking import KNOWN_EXCEPTIONS, Failed
from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.wire import MAX_KEYS, MAX_RETURNED

__all__ = ["failed", "failed_for_staff"]

_FAILURE: Mapping[Reason, str] = {
    Reason.NOT_ANSWERED: "not answered",
    Reason.NAME_NOT_DEFINED: "{wanted} is not defined in the files handed in{near}",
    Reason.NOT_CALLABLE: "{entry} is not a function",
    Reason.FILE_NOT_FOUND: "the file {message} was not handed in",
    Reason.SANDBOX_FAULT: "code is run on Linux only (on Windows: in WSL)",
    Reason.UNREADABLE: "{unread} cannot be read, so a person has to look at it{said}",
    Reason.EXCEPTION: "{exception} was raised{place}{said}",
    Reason.SYNTAX_ERROR: "the file is not valid Python{place}{said}",
    Reason.SYSTEM_EXIT: "the code ended the program{place}",
    Reason.TIME_LIMIT: "no answer within {within}{stood}",
    Reason.SHARED_TIME: (
        "two calls of {entry} took too long, so its other calls have {wall:g} s together, and "
        "this one gave no answer within them{stood}"
    ),
    Reason.CPU_LIMIT: "the code needed more than {cpu:g} s of processor time",
    Reason.MEMORY_LIMIT: "the code needed more than {memory} MiB of memory{place}",
    Reason.OUTPUT_LIMIT: "the code printed or returned more than {output} KiB",
    Reason.VALUE_LIMIT: (
        "the code returned more than {values:,} single values, or {together:,} in all its calls, "
        "or a dictionary of more than {keys:,} keys; many numbers belong in an array"
    ),
    Reason.FILE_LIMIT: (
        "the code wrote more than {file} MiB to a file, or more than there is room for{place}"
    ),
    Reason.NO_ANSWER: "the program ended before it gave an answer",
    Reason.FORBIDDEN_FILE: "{stopped}use a file or a folder that it may not use{in_full}{allowed}",
    Reason.FORBIDDEN_NETWORK: "{stopped}open a network connection{in_full}{allowed}",
    Reason.FORBIDDEN_PROCESS: (
        "{stopped}start or reach another process, or more than {threads} threads{in_full}{allowed}"
    ),
    Reason.FORBIDDEN_CALL: "{stopped}make a system call{in_full}{allowed}",
}
_LATE = "the files were not loaded within {within:g} s{stood}"
_LOADING = "the code stopped{place} while it was loaded"
_MET = (Reason.RESULT_UNUSABLE, Reason.WRONG_ARGUMENTS)
_ALLOWED = (
    ", which is not allowed here: code may compute, print, and read the files that the assignment "
    "provides"
)
_WHERE_MARKED: Mapping[str, str] = {
    "FileNotFoundError": (
        "when your code is marked, it finds only the files that the assignment provides, under "
        "the names they have there; of your own files it can only import modules"
    ),
    "ModuleNotFoundError": (
        "when your code is marked, it can import the modules you handed in and the packages "
        "installed there, and nothing else"
    ),
    "EOFError": "when your code is marked, nobody answers input()",
}


#: Parts of what Python and numpy say, and what to look at.
_MEANT: Mapping[str, str] = {
    "type(s) for ^": "a power is written ** in Python, as in x**2",
    "'bitwise_xor' not supported": "a power is written ** in Python, as in x**2",
    "can be converted to Python scalars": (
        "an array stands where a single number is wanted: functions of numpy, such as np.sqrt, "
        "take arrays, and those of math do not"
    ),
}


def failed(fact: Failed) -> Iterator[str]:
    """What happened, in which entry point, at which line of the student's own file."""
    yield _prefixed(fact, _sentence(fact))
    yield from _hint(fact)


def failed_for_staff(fact: Failed) -> Iterator[str]:
    """What a student reads, and for a hidden case also what is kept from students."""
    seen = fact.for_student()
    told, whole = _sentence(seen), _sentence(fact)
    if fact.hidden and fact.failure.verdict is Verdict.BLOCKED:  # in full it would be said twice
        whole = _found(fact) or told
    if told == whole or not _goes_on(fact):
        yield _prefixed(fact, told)
    if told != whole:
        yield _before(fact) + whole
    if len(fact.failure.typed.split("\n")) > 1:  # a single line is in the sentence
        yield f"all that stands there:\n{fact.failure.typed}"
    yield from _hint(fact)
    if fact.failure.met is not None and fact.failure.met.driver:
        if fact.failure.reason is Reason.RESULT_UNUSABLE:
            yield f"{where_met(fact.failure.met)}{_raised(fact.failure)}"
        else:
            yield where_met(fact.failure.met)


def _prefixed(fact: Failed, told: str) -> str:
    if fact.again:
        told = f"{fact.entry} fails when the same call is made a second time: {told}"
    return _before(fact) + told


def _before(fact: Failed) -> str:
    of = fact.differences_of
    return f"finite differences of {of} cannot be taken: " if of else ""


def _hint(fact: Failed) -> Iterator[str]:
    told = fact.failure.met
    if told is not None and told.problem == "given":
        yield given(told, fact.entry)
    hint = _WHERE_MARKED.get(fact.failure.exception)
    if hint and not fact.failure.loading:  # then a note says it, once
        yield hint
    yield from (one for part, one in _MEANT.items() if part in fact.failure.message)


def _goes_on(fact: Failed) -> bool:
    """Whether what staff read says all that a student reads, and more."""
    failure = fact.failure
    named = failure.exception in KNOWN_EXCEPTIONS or failure.reason is not Reason.EXCEPTION
    return named and failure.verdict is not Verdict.BLOCKED and not fact.again


def _sentence(fact: Failed) -> str:
    failure, limits = fact.failure, fact.limits
    place = _place(failure)
    stood = f"; the code was{place}" if place else ""
    if failure.loading and failure.reason is Reason.TIME_LIMIT:
        return _LATE.format(within=min(limits.wall_seconds, limits.submission_seconds), stood=stood)
    if failure.loading:
        return f"{fact.entry} is not defined: {_LOADING.format(place=place)}; a note says why"
    if failure.met is not None and failure.reason in _MET:
        raised = _raised(failure)
        return met(failure.met, fact.entry, fact.called_as, raised, hidden=not failure.message)
    return _FAILURE.get(failure.reason, "there is no answer that can be marked").format(
        entry=fact.entry,
        wanted=failure.message or fact.entry,
        near=_near(failure),
        message=failure.message,
        exception=failure.exception,
        place=place,
        said=f": {failure.message}" if failure.message else "",
        unread=f"line {failure.line} of {failure.file}" if failure.line else "this",
        within=_within(limits),
        stood=stood,
        wall=limits.wall_seconds,
        memory=limits.memory_mib,
        output=limits.output_kib,
        values=MAX_RETURNED,
        together=limits.values_together,
        keys=MAX_KEYS,
        cpu=limits.cpu_seconds,
        file=limits.file_mib,
        threads=limits.threads,
        stopped=f"{fact.entry}:{place} the code tried to ",
        in_full=f" ({failure.exception}: {failure.message})" if failure.message else "",
        allowed=_ALLOWED,
    )


def _near(failure: Failure) -> str:
    """What has nearly the name, and cannot be what is asked for, or is not alone."""
    if failure.met is None or not failure.file:
        return ""
    return f"; there is {failure.met.called}{_place(failure)}"


def _raised(failure: Failure) -> str:
    return f" ({failure.exception}: {failure.message})" if failure.message else ""


def _found(fact: Failed) -> str:
    """What the walls stopped, without the sentence around it."""
    failure = fact.failure
    return f"{_place(failure).strip()}: {failure.exception}: {failure.message}".strip(": ")


def _place(failure: Failure) -> str:
    if not failure.file:
        return ""
    notebook, cell, number = failure.file.rpartition(" cell ")
    if cell:
        return f" at cell {number}, line {failure.line} of {notebook}"
    return f" at line {failure.line} of {failure.file}"


def _within(limits: Limits) -> str:
    """Which of the two was met depends on how busy the machine was, and words must not."""
    if limits.submission_seconds <= limits.wall_seconds:
        return f"{limits.submission_seconds:g} s"
    together = f"{limits.submission_seconds:g} s for all calls together"
    return f"{limits.wall_seconds:g} s, or within the {together}"
