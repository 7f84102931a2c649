"""What stands in cells and is not Python: magics, shell lines, questions for help.

Lines stay where they are, so that places told of what is run are those in the notebook.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass

__all__ = ["WrittenFile", "is_python", "python_of"]

#: Cell magics whose cell is Python that runs in the notebook.
_AROUND = ("time", "timeit", "capture", "prun", "memit", "mprun", "debug")
#: Those whose cell is Python elsewhere, or another language.
_ELSEWHERE = (
    *("bash", "sh", "script", "system", "sx", "cmd", "powershell", "html", "HTML", "svg", "SVG"),
    *("javascript", "js", "latex", "markdown", "R", "julia", "ruby", "perl", "cython", "cu"),
    *("python2", "pypy", "sql", "bigquery", "writetemplate", "skip", "script_magic", "shell"),
)
_WRITING = ("writefile", "file")
_MAGIC = re.compile(r"\s*(?:%%?(?=[A-Za-z_])|!{1,2}|\?{1,2}(?=[\w.%*]))")
_ASKING = re.compile(r"\s*%{0,2}[\w.*\[\]'\"]+\s*\?{1,2}\s*(?:#.*)?$")
_GIVEN = re.compile(r"\s*(?=\S)([\w.,\s\[\]'\"]+)=\s*(?:%(?=[A-Za-z_])|!)")
_TIMED = re.compile(r"(\s*)%time\s+(?=\S)")
_PYLAB = re.compile(r"(\s*)%pylab\b")
_RUN = re.compile(r"(\s*)%run\s+(?:-\w\s+)*['\"]?([\w./-]+?)(?:\.py)?['\"]?\s*$")
_PROMPT = re.compile(r"\s*(?:>>> ?|In \[\d+\]: ?|\.{3,}: ?|\.\.\. ?)")
_TOKENS = re.compile(
    r"""(?P<string>(?i:\b[rbfu]{1,2})?(?:\"{3}|'{3}|"|'))|(?P<comment>\#[^\n]*)"""
    r"""|(?P<open>[\[({])|(?P<close>[\])}])|(?P<on>\\\n)|(?P<line>\n)"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A cell that writes itself to a file instead of being run."""

    name: str
    text: str
    appended: bool = False


def is_python(text: str) -> bool:
    """Whether Python reads it, with `await` at the top level as notebooks have it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compile(text, "<cell>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def python_of(text: str, modules: Collection[str] = ()) -> str | WrittenFile:
    """The Python of a cell, line by line, or the file that it writes.

    `modules` are names that `%run` may take from: those of modules that were handed in.
    """
    if is_python(text):
        return text
    first, _, rest = text.lstrip("\n").partition("\n")
    before = "\n" * (len(text) - len(text.lstrip("\n")))
    magic = re.match(r"\s*%%(\w+)\s*(.*)", first)
    if magic:
        name, given = magic[1], magic[2].strip()
        if name in _WRITING:
            return _written(given, before + "#\n" + rest)
        # Below it stands Python, or what nobody here runs.
        body = _without_magics(rest, modules)
        runs = name in _AROUND or (name not in _ELSEWHERE and is_python(body))
        return f"{before}\n{body}" if runs else ""
    cleaned = _without_magics(text, modules)
    if not is_python(cleaned):
        for changed in (_without_prompts(text), _dedented(text)):
            again = _without_magics(changed, modules)
            if changed != text and is_python(again):
                return again
    return cleaned


def _written(given: str, text: str) -> WrittenFile | str:
    words = given.split()
    appended = "-a" in words or "--append" in words
    names = [word.strip("'\"") for word in words if not word.startswith("-")]
    return WrittenFile(name=names[0], text=text, appended=appended) if len(names) == 1 else ""


def _without_magics(text: str, modules: Collection[str]) -> str:
    lines = text.split("\n")
    for number in _beginnings(text):
        line = lines[number]
        new = _python_for(line, modules)
        if new != line:
            while lines[number].endswith("\\") and number + 1 < len(lines):
                lines[number] = new
                number, new = number + 1, ""
            lines[number] = new
    return "\n".join(lines)


def _python_for(line: str, modules: Collection[str]) -> str:
    """What stands in for one line: the line itself where it is Python."""
    indent = line[: len(line) - len(line.lstrip())]
    timed, given, run = _TIMED.match(line), _GIVEN.match(line), _RUN.match(line)
    if timed:
        return indent + line[timed.end() :]
    if _PYLAB.match(line):
        return f"{indent}import numpy, numpy as np; from numpy import *"
    if run and run[2] in modules and "/" not in run[2]:
        return f"{indent}from {run[2]} import *"
    if given:
        return f"{indent}{given[1].strip()} = None"
    if _MAGIC.match(line) or _ASKING.match(line):
        return f"{indent}pass"
    return line


def _beginnings(text: str) -> Iterator[int]:
    """The numbers of the lines at which a statement may begin: not inside brackets or strings."""
    depth, number, place, begins = 0, 0, 0, True
    lines = text.split("\n")
    while True:
        if begins:
            yield number
            if depth == 0 and _is_no_python(lines[number]):
                # Its quotes and brackets are not Python's.
                end = text.find("\n", place)
                if end < 0:
                    return
                place, number = end + 1, number + 1
                continue
        token = _TOKENS.search(text, place)
        if token is None:
            return
        place, begins = token.end(), False
        if token["string"]:
            place = _end_of_string(text, token)
            number += text.count("\n", token.end(), place)
        elif token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        elif token["on"]:
            number += 1
        elif token["line"]:
            number += 1
            begins = depth == 0


def _is_no_python(line: str) -> bool:
    return _python_for(line, ()) != line


def _end_of_string(text: str, token: re.Match[str]) -> int:
    quote = token["string"].lstrip("rRbBfFuU")
    place = token.end()
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(quote, place):
            return place + len(quote)
        elif text[place] == "\n" and len(quote) == 1:
            return place  # never closed: the line ends it
        else:
            place += 1
    return len(text)


def _without_prompts(text: str) -> str:
    """What was copied from a console; its output is left out."""
    lines = text.split("\n")
    if not any(_PROMPT.match(line) for line in lines):
        return text
    return "\n".join(
        line[prompt.end() :] if (prompt := _PROMPT.match(line)) else "" for line in lines
    )


def _dedented(text: str) -> str:
    """Without the indentation of the first line, as notebooks read it."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))
