"""What may be told of the exception that ended a student's code, and whether walls stopped it."""

from __future__ import annotations

import builtins
import errno
import linecache
import re
from typing import Any

from installed import what_there_is
from syntax import what_is_wrong

__all__ = ["chain_of", "describe", "line_of", "walls_are_up"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MESSAGE_LENGTH = 10_000
_MOST_CAUSES = 20  # an exception may be its own cause, by way of others
_MOST_FRAMES = 2_000
_LONGEST_CHAIN = 6

# Kept from before a student's code can put something else in their place.
_lines = linecache.cache
_FORBIDDEN = frozenset({errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS})
_TOO_LARGE = frozenset({errno.EFBIG})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_MEMORY = errno.ENOMEM
_AGAIN = errno.EAGAIN
_NOT_THERE = errno.ENOENT
_NO_TEMPORARY = "No usable temporary directory found"  # as the library's tempfile says
_name_of = type.__dict__["__name__"].__get__
_cause_of = vars(BaseException)["__cause__"].__get__
_context_of = vars(BaseException)["__context__"].__get__
_NETWORK = ("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc")
_PROCESS = ("subprocess", "multiprocessing", "concurrent.futures.process", "pty")
_names_network = re.compile(
    r"\b(?:socket|create_connection|connect|connect_ex|bind|listen|accept|sendto|getaddrinfo)\s*\("
).search
_names_program = re.compile(r"\b(?:posix_spawnp?|spawn[lv]p?e?|exec[lv]p?e?)\s*\(").search
_names_process = re.compile(
    r"\b(?:fork|forkpty|posix_spawnp?|spawn[lv]p?e?|exec[lv]p?e?|kill|killpg|pidfd_\w+)\s*\("
).search

_walled = False


def walls_are_up() -> None:
    """Say once, before any code of a student's runs, that what is refused is refused by walls."""
    global _walled
    _walled = True


def describe(error: BaseException, names: Any) -> dict[str, Any]:
    """An exception as plain data: what a student may be told of it.

    `names` are the files handed in. Whoever makes up an exception changes what is said of their own
    code, and nothing else: every way of failing earns the same.
    """
    failure: dict[str, Any] = {
        "verdict": "raised",
        "reason": "exception",
        "exception": _name_of(type(error)),
    }
    if isinstance(error, MemoryError):
        failure.update(verdict="memory_exceeded", reason="memory_limit")
    elif isinstance(error, SystemExit):
        failure.update(reason="system_exit")
    try:  # whatever an exception of the student's own making does when it is looked at
        if isinstance(error, SyntaxError) and error.filename in names:
            place = {"file": str(error.filename), "line": error.lineno or 0}
            return {**failure, "reason": "syntax_error", "message": what_is_wrong(error), **place}
        failure.update(_place(error, names))
        failure["message"] = str(error)[:_MESSAGE_LENGTH]
        if isinstance(error, ModuleNotFoundError) and (there := what_there_is(error)):
            failure["message"] += "; " + there
        if failure["reason"] == "exception":
            _add_what_stopped_it(failure, error, names)
    except BaseException:
        return failure
    return failure


def _add_what_stopped_it(failure: dict[str, Any], error: BaseException, names: Any) -> None:
    """Where a limit or a wall ended the code: which, and the exception that says so."""
    for one in _causes(error):
        found = _limit_of(one) or (_walled and _wall_of(one, names))
        if found:
            # All at once, and last: what cannot be told leaves the failure as it was.
            failure.update(
                {
                    "exception": _name_of(type(one)),
                    "message": str(one)[:_MESSAGE_LENGTH],
                    **_place(one, names),
                    "verdict": found[0],
                    "reason": found[1],
                }
            )
            return


def _causes(error: BaseException) -> list[BaseException]:
    """The exception, and those that it was raised from or after, the last one first."""
    causes: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting and len(causes) < _MOST_CAUSES:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and not any(one is known for known in causes):
            causes.append(one)
            waiting += [_cause_of(one), _context_of(one)]
    return causes


def _limit_of(error: BaseException) -> tuple[str, str] | None:
    """The limit that the kernel kept, in any tier."""
    number = _number(error)
    if number in _TOO_LARGE or (_walled and number in _FULL):
        return "output_exceeded", "file_limit"
    if number == _NO_MEMORY:
        return "memory_exceeded", "memory_limit"
    return None


def _wall_of(error: BaseException, names: Any) -> tuple[str, str] | None:
    """The wall that this exception comes from."""
    if _is_thread_refused(error):
        return "blocked", "forbidden_process"
    number = _number(error)
    if number is None:
        return None
    library, line = _seen_in(error, names)
    if _name_of(type(error)) in ("gaierror", "herror"):
        return "blocked", "forbidden_network"  # no name can be looked up, whatever the reason given
    if number == _AGAIN:
        forked = library == "process" or _names_process(line) is not None
        return ("blocked", "forbidden_process") if forked else None
    if number == _NOT_THERE and error.args[1:] and str(error.args[1]).startswith(_NO_TEMPORARY):
        return "blocked", "forbidden_file"  # it was tried to write to each of them
    if number not in _FORBIDDEN:
        return None
    if library == "process" or _names_program(line):
        return "blocked", "forbidden_process"
    if isinstance(getattr(error, "filename", None), (str, bytes)):
        return "blocked", "forbidden_file"
    if library == "network" or _names_network(line):
        return "blocked", "forbidden_network"
    if _names_process(line):
        return "blocked", "forbidden_process"
    return "blocked", "forbidden_call"


def _number(error: BaseException) -> int | None:
    """The error number of a system call; text errors of a student's own have none."""
    if not isinstance(error, OSError):
        return None
    number = error.errno
    return number if type(number) is int else None


def _is_thread_refused(error: BaseException) -> bool:
    if type(error) is not RuntimeError or len(error.args) != 1:
        return False
    return type(error.args[0]) is str and error.args[0] == "can't start new thread"


def _seen_in(error: BaseException, names: Any) -> tuple[str, str]:
    """Which library the call went through, and the innermost line of the files handed in."""
    library, line = "", ""
    trace, left = error.__traceback__, _MOST_FRAMES
    while trace is not None and left:
        file = trace.tb_frame.f_code.co_filename
        module = trace.tb_frame.f_globals.get("__name__")
        if type(file) is str and file in names:
            library, line = "", _text_of(file, line_of(trace))
        elif type(module) is str and _is_of(module, _PROCESS):
            library = "process"
        elif type(module) is str and _is_of(module, _NETWORK) and not library:
            library = "network"
        trace, left = trace.tb_next, left - 1
    return library, line


def _is_of(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in packages)


def _text_of(file: str, number: int) -> str:
    """A line as it was handed in; a statement may go on below it."""
    entry = _lines.get(file)
    lines: Any = entry[2] if type(entry) is tuple and len(entry) == 4 else ()
    if type(lines) is not list or not 0 < number <= len(lines):
        return ""
    line = lines[number - 1]
    return line[:1000] if type(line) is str else ""


def _place(error: BaseException, names: Any) -> dict[str, Any]:
    """The innermost line of a file handed in."""
    place: dict[str, Any] = {}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in names:
            place = {"file": trace.tb_frame.f_code.co_filename, "line": line_of(trace)}
        trace = trace.tb_next
    return place


def line_of(trace: Any) -> int:
    """The line that was run, also where it was between two: the jump that ends a loop has none."""
    code, at, line = trace.tb_frame.f_code, trace.tb_lasti, trace.tb_lineno
    if line is None or line < 0:  # as some releases of Python say it
        before = [here for start, _, here in code.co_lines() if here and start <= at]
        line = before[-1] if before else code.co_firstlineno
    return int(line)


def chain_of(error: BaseException, names: Any, most: int = _LONGEST_CHAIN) -> list[list[Any]]:
    """The files handed in that were being run, each at the line that imports the next."""
    chain: list[list[Any]] = []
    trace, left = error.__traceback__, _MOST_FRAMES
    while trace is not None and left:
        code = trace.tb_frame.f_code
        if code.co_filename in names and code.co_name == "<module>":
            chain.append([code.co_filename, line_of(trace)])
        trace, left = trace.tb_next, left - 1
    return chain[:most]
