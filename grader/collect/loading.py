"""How the modules of a submission are loaded: under which names, and what is told of failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import NotLoaded, Taken
from grader.submissions.notes import shown
from grader.submissions.submission import Submission

__all__ = ["about_ended", "about_loading", "about_taken", "packages_of", "where_marked"]

_WHERE_MARKED = {
    "EOFError": "nobody answers input() while your code is marked",
    "FileNotFoundError": "your code finds files that the assignment provides, and none of yours",
}

_ALLOWED = "your code may compute, print and read the assignment's files, no more"
_ONLY = "so only what defines something in it was run: functions, classes, imports, named values"
_ENDED = {
    Reason.TIME_LIMIT: "your code was not loaded in time",
    Reason.CPU_LIMIT: "loading your code took too much processor time",
    Reason.MEMORY_LIMIT: "loading your code took too much memory",
    Reason.FORBIDDEN_PROCESS: "loading your code started too many processes",
}


def packages_of(submission: Submission, declared: Sequence[str]) -> Mapping[str, str]:
    """The names under which folders are imported as well, "" being the top.

    A folder that was around everything is a package of its name still. A declared folder may have
    been handed in under another name, or flat.
    """
    packages = {name: "" for name in submission.outer if name.isidentifier()}
    for path in declared:
        folder, slash, name = path.rpartition("/")
        if not slash or not folder.isidentifier():
            continue
        if any(module.startswith(f"{folder}/") for module in submission.modules):
            continue
        first = submission.at_start or ()
        stands_in = [one for one in first if PurePosixPath(one).name == name]
        if stands_in:
            packages[folder] = stands_in[0].rpartition("/")[0]
    return packages


def about_loading(not_loaded: Sequence[NotLoaded]) -> list[str]:
    """A note for each failure of a file that was run, however many files and questions it cost."""
    told: dict[tuple[str, int, str], list[NotLoaded]] = {}
    for one in not_loaded:
        failure = one.failure
        told.setdefault((failure.file, failure.line, failure.message), []).append(one)
    return [_about(same) for same in told.values()]


def about_ended(ended: Failure | None) -> list[str]:
    """A note on what ended the process while files were loaded, and what was run instead."""
    if ended is None:
        return []
    what = _ENDED.get(ended.reason, "your code ended the whole program while it was loaded")
    where = ended.file.replace(" cell ", ", cell ")
    at = f" (it was{_line(ended)} of {shown(where)})" if where else ""
    return [f"{what}{at}, {_ONLY}"]


def about_taken(taken: Sequence[Taken]) -> list[str]:
    """A note for each function that answers under another name than its own."""
    return [
        f"{one.wanted} is not defined, so {one.name} at line {one.line} of {shown(one.file)} "
        f"was taken for it; call it {one.wanted}"
        for one in taken
    ]


def _about(same: Sequence[NotLoaded]) -> str:
    first, *others = same
    words = f"{_stopped(first)}; {_consequence(first)}"
    if others:
        words += f"; the same stopped {', '.join(shown(one.file) for one in others)}"
    return words


def _stopped(one: NotLoaded) -> str:
    """Where it stopped, by way of which other files, and why."""
    failure, name = one.failure, shown(one.file)
    if failure.reason is Reason.SYNTAX_ERROR and failure.file == one.file:
        return f"{name} is not valid Python{_line(failure)}: {failure.message}"
    if failure.reason is Reason.TIME_LIMIT:
        at = _line(failure) + (f" of {shown(failure.file)}" if failure.file != one.file else "")
        return f"{name} was ended{at}: loading it took too long"
    way = ""
    for (_, line), (file, _) in pairwise(one.chain):
        way += f"{', which' if way else ' where it'} imports {shown(file)} (line {line})"
    _, line = one.chain[-1] if one.chain else ("", failure.line)
    said = _said(failure)
    if failure.file and one.chain and (failure.file, failure.line) != one.chain[-1]:
        said += f" (at line {failure.line} of {shown(failure.file)})"
    at = f" at line {line}" if line else ""
    return f"{name} stopped{way}; there,{at}, {said}" if way else f"{name} stopped{at}: {said}"


def _consequence(one: NotLoaded) -> str:
    if one.file.endswith("/__init__.py"):
        return "the other modules of that folder were loaded without it"
    if one.failure.reason is Reason.SYNTAX_ERROR and one.failure.file == one.file:
        return "nothing in it could be run"
    if one.went_on:
        return "below that line only what defines something was run"
    return "what is defined above that counts"


def _line(failure: Failure) -> str:
    return f" at line {failure.line}" if failure.line else ""


def _said(failure: Failure) -> str:
    if failure.reason is Reason.SYSTEM_EXIT:
        return "the code ended the program"
    message = failure.message.strip().partition("\n")[0].rstrip()
    said = f"{failure.exception}: {message}" if message else failure.exception
    return f"{said}{where_marked(failure)}"


def where_marked(failure: Failure) -> str:
    """What is other while code is marked, where that may be why it failed."""
    hint = _WHERE_MARKED.get(failure.exception)
    if failure.verdict is Verdict.BLOCKED:
        hint = _ALLOWED
    return f" ({hint})" if hint else ""
