"""Files that stopped, and why. It is gone on below the line where the place they are run in is why.

A package that is not installed, input() that nobody answers, data that are not there, what the
walls refuse, and too little time say nothing against the functions below. A file that fails for a
reason of its own has what it had defined by then, as in Python.
"""

from __future__ import annotations

import builtins
import linecache
import re
import sys
import types
from collections.abc import Mapping
from typing import Any

from clock import TooLong, stood_at
from failures import chain_of, describe
from statements import NAMED, CellRunner

__all__ = ["Stopped", "is_due_to_here"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MOST_FILES = 50
_MOST_FRAMES = 2_000
_NO_THREAD = "can't start new thread"
_FOR_ARGUMENTS = ("argparse", "optparse", "getopt", "click", "fire", "absl")
_is_not_in_module = re.compile(r"module '([\w.]+)' has no attribute ").match
_lines = linecache.cache


def is_due_to_here(error: BaseException, failure: Mapping[str, Any], names: Any) -> bool:
    """Whether a file that failed so may run where it was written. `names` are those handed in.

    A thread or a process that could not be started may be the machine's fault, which is seen by
    this failure: it must not be hidden by going on.
    """
    if failure["exception"] == "BlockingIOError" or failure.get("message") == _NO_THREAD:
        return False
    if failure["verdict"] in ("blocked", "timed_out"):
        return True
    if isinstance(error, (ImportError, EOFError, OSError)):
        return True
    if isinstance(error, AttributeError):  # of a library in another version
        said = _is_not_in_module(str(failure.get("message")))
        return bool(said and said[1].replace(".", "/") + ".py" not in names)
    if isinstance(error, (SystemExit, IndexError)):
        return _wants_arguments(error, names)
    return bool(failure["exception"] == "TclError")  # no screen


def _wants_arguments(error: BaseException, names: Any) -> bool:
    """Whether it comes of arguments, of which there are none."""
    trace, left = error.__traceback__, _MOST_FRAMES
    while trace is not None and left:
        file = trace.tb_frame.f_code.co_filename
        module = trace.tb_frame.f_globals.get("__name__")
        if type(module) is str and module.partition(".")[0] in _FOR_ARGUMENTS:
            return True
        if type(file) is str and file in names and "argv" in _text(file):
            return True
        trace, left = trace.tb_next, left - 1
    return False


def _text(file: str) -> str:
    entry = _lines.get(file)
    lines: Any = entry[2] if type(entry) is tuple and len(entry) == 4 else []
    return "".join(lines)


class Stopped:
    """Files that failed while they were run: what they had defined by then answers."""

    def __init__(self, texts: Mapping[str, str], places: Any, seconds: float) -> None:
        """`texts` is what stands in files that were run, `places` are names of files and cells;
        `seconds` is what there is for what is run here."""
        self.modules: dict[str, types.ModuleType] = {}
        self.failures: dict[str, dict[str, Any]] = {}
        self.seconds = seconds
        self._texts = texts
        self._places = places
        self._done: set[str] = set()

    def keep(self, name: str, error: BaseException) -> None:
        """Keep why a file failed, and go on in it where the place it is run in may be why."""
        failure = {**describe(error, self._places), "chain": chain_of(error, self._places)}
        if isinstance(error, TooLong):
            late = {"verdict": "timed_out", "reason": "time_limit"}
            failure.update(late, **stood_at(error, self._places))
        if is_due_to_here(error, failure, self._places):
            failure["went_on"] = self.go_on(error)
        self.failures.setdefault(name, failure)

    def go_on(self, error: BaseException) -> bool:
        """Go on in each of the files that this stopped, in those that were imported first, as far
        as something is given a name there. False where nothing was run."""
        count = 0
        for file, line in reversed(chain_of(error, self.modules, _MOST_FILES)):
            if file not in self._done:
                self._done.add(file)
                _import_again(self.modules[file])
                count += self._run_below(file, line, late=isinstance(error, TooLong))
        return count > 0

    def _run_below(self, file: str, line: int, *, late: bool) -> int:
        scope = vars(self.modules[file])
        runner = CellRunner(scope, 0.0 if late else self.seconds, NAMED, self.go_on)
        runner.run(file, self._texts[file], below=line)
        self.seconds = min(self.seconds, runner.left)
        return int(runner.count)


def _import_again(module: types.ModuleType) -> None:
    """Python forgets a module that fails; now those that want it get it."""
    if vars(module).get("__spec__") is None:
        return
    name = module.__name__
    sys.modules[name] = module
    above, _, last = name.rpartition(".")
    if above in sys.modules:
        vars(sys.modules[above])[last] = module
