r"""Find the answers in LaTeX: `\answer{question}{value}`, or `\answer{question.part}{value}`.

What stands in comments, in verbatim text or behind `\end{document}` answers nothing. So does a
definition of `\answer` itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.model.typed import Typed
from grader.submissions.gathered import Gathered
from grader.submissions.latex_macros import Macros, macros_in
from grader.submissions.latex_value import latex_value, unescaped, without_styles
from grader.submissions.sheet_text import SheetText

__all__ = ["holds_latex_answers", "read_latex_report"]

_COMMAND = re.compile(r"\\(?P<name>[A-Za-z@]+)\*?(?![*])")
_SPECIAL = re.compile(
    r"\\begin\s*\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?)\}"
    r"|\\verb\*?(?P<bar>[^\sA-Za-z*])|(?P<off>\\iffalse(?![A-Za-z]))"
    r"|(?P<end>\\end\s*\{document\})|(?P<sign>\\.)|%[^\n]*(?:\n[ \t]*)?",
    re.DOTALL,
)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_PARAMETER = re.compile(r"\{\s*\$?\s*#[1-9]")
_GONE = "\0"
_OF_TEX = frozenset("\\{}%$#&~^\n")
_LONGEST_VERB = 1000
_LONGEST_SHOWN = 60
_LONGEST_UNREAD = 2000


def holds_latex_answers(text: str) -> bool:
    """Whether there is an answer in it, so that it is meant to be read."""
    seen = _without_comments(_lines(text))
    closing = _closing(seen)
    return any(True for _ in _found(seen, closing, macros_in(seen, closing)))


def read_latex_report(text: str, *, file: str) -> SheetText:
    """The answers of a text of LaTeX, with the lines that they begin in."""
    text = _lines(text)
    seen = _without_comments(text)
    closing = _closing(seen)
    gathered = Gathered(file)
    line = at = 0
    macros = macros_in(seen, closing)
    found = [*_found(seen, closing, macros)]
    for number, (start, name, value) in enumerate(found):
        line += text.count("\n", at, start)
        at = start
        named = without_styles(macros.put_in(_plain(seen, *name)))
        path = [unescaped(part).strip() for part in named.split(".")]
        end = closing.get(value)
        following = found[number + 1][0] if number + 1 < len(found) else len(seen)
        if end is None or following < end:
            inner = _plain(seen, value, min(following, value + _LONGEST_UNREAD)).strip()
            shown = " ".join(inner.split())[:_LONGEST_SHOWN]
            fault = f"`{shown}`: the brace before it is not closed, or one in it is not"
            gathered.add(path, Typed(inner, quoted=False, line=line + 1, fault=fault), line + 1)
        else:
            inner = macros.put_in(_plain(seen, value + 1, end))
            gathered.add(path, latex_value(inner, line + 1), line + 1)
    return gathered.text()


def _lines(text: str) -> str:
    """With the ends of lines that TeX knows."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _without_comments(text: str) -> str:
    """The text with a sign in the place of each character that TeX does not read as text."""
    parts: list[str] = []
    endless: set[str] = set()
    at = 0
    while (found := _SPECIAL.search(text, at)) is not None:
        begin, end = found.span()
        if found["name"]:
            end = _behind(text, end, f"\\end{{{found['name']}}}", endless)
        elif found["bar"]:
            stop = text.find(found["bar"], end, end + _LONGEST_VERB)
            inside = "" if stop < 0 else text[end:stop]
            if inside and not set(inside) & _OF_TEX:  # it says what it says
                parts += [text[at:begin], _GONE * (end - begin), inside, _GONE]
                at = stop + 1
                continue
            end = end if stop < 0 or "\n" in inside else stop + 1
        elif found["off"]:
            end = _behind(text, end, "\\fi", endless)
        elif found["end"]:
            end = len(text)
        elif found["sign"]:
            parts.append(text[at:end])
            at = end
            continue
        parts += [text[at:begin], _GONE * (end - begin)]
        at = end
    return "".join([*parts, text[at:]])


def _behind(text: str, start: int, mark: str, endless: set[str]) -> int:
    """Where the mark ends; `start` where there is none, which is found out once."""
    stop = -1 if mark in endless else text.find(mark, start)
    if stop < 0:
        endless.add(mark)
        return start
    return stop + len(mark)


def _closing(text: str) -> Mapping[int, int]:
    """Where the brace that is opened at a place is closed."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing


def _found(
    text: str, closing: Mapping[int, int], macros: Macros
) -> Iterator[tuple[int, tuple[int, int], int]]:
    r"""Where each `\answer` begins, from where to where its name goes, and where its value's brace
    is. Without a second pair of braces it is none, nor with a parameter in it: a definition."""
    for found in _COMMAND.finditer(text):
        if found["name"] != "answer" and found["name"] not in macros.answering:
            continue
        name = _next(text, found.end())
        if text[name : name + 1] != "{":
            continue
        end = closing.get(name)
        if end is None:
            continue
        value = _next(text, end + 1)
        named = text[name + 1 : end].strip(f" \n\t{_GONE}")
        if text[value : value + 1] == "{" and named and not _PARAMETER.match(text, value):
            yield found.start(), (name + 1, end), value


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in f" \t\n{_GONE}":
        at += 1
    return at


def _plain(text: str, start: int, end: int) -> str:
    return text[start:end].replace(_GONE, "")
