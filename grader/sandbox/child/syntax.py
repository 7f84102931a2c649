"""What a line that is not Python was meant as, where that can be seen."""

from __future__ import annotations

import builtins
import re
from typing import Any

__all__ = ["no_text", "what_is_wrong"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_is_magic = re.compile(r"\s*(?:%{1,2}[A-Za-z]|![\w./]|\?{1,2}\w)|.*[\w)]\?{1,2}\s*$").match
_is_old = re.compile(
    r"\s*raise\s+\w+\s*,|\s*except\s+\w+\s*,\s*\w+\s*:|.*\b\d+L\b|.*<>|\s*print\s*>>"
).match
_NUL = "there are bytes in it that are not text (NUL); save the file as UTF-8"


def what_is_wrong(error: SyntaxError) -> str:
    """Python's own words, and what to do about it where the line tells."""
    said, hint = str(error.msg), _hint(error)
    return said + "; " + hint if hint else said


def no_text(name: str, source: bytes) -> SyntaxError | None:
    """What to say of a file with bytes that no text has; the same for every interpreter."""
    at = source.find(b"\0")
    if at < 0:
        return None
    return SyntaxError(_NUL, (name, source.count(b"\n", 0, at) + 1, None, None))


def _hint(error: SyntaxError) -> str:
    said, text = str(error.msg), _line(error)
    if isinstance(error, IndentationError) and (
        isinstance(error, TabError) or "\t" in _front(text)
    ):
        return "the line is indented with a tab; use spaces throughout"
    if said.startswith("Missing parentheses in call to") or _is_old(text):
        return "this is Python 2; your code is run by Python 3"
    if _is_magic(text):
        return "this is a command of notebooks, not Python; take it out, or hand the notebook in"
    if text.lstrip().startswith("```"):
        return "this is Markdown, not Python; take the line out"
    if text.lstrip().startswith(">>>"):
        return "this is copied from a prompt; take the >>> away"
    return ""


def _line(error: Any) -> str:
    text = error.text
    return text[:1000] if type(text) is str else ""


def _front(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]
