"""What was pasted into a module and is not Python: commands of notebooks, spaces of web pages."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.submissions.magics import is_python, python_of

__all__ = ["without_pasted"]

#: Spaces of web pages and word processors, which Python refuses.
_SPACES = {
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " "),
    ord("\u200b"): None,
}
#: One of these stands in whatever is changed here; most modules have none, and are not parsed.
_MAY_BE_PASTED = re.compile(
    rf"^[ \t]*(?:[%!?]|>>>|In \[|\.\.\.)|=[ \t]*[%!]|\?[ \t]*(?:#.*)?$|\A\n*[ \t]"
    rf"|[{''.join(map(chr, _SPACES))}]",
    re.MULTILINE,
).search


def without_pasted(text: str, modules: Collection[str]) -> tuple[str, list[str]]:
    """The text of a module, and what was changed in it. It stays as it is where it is Python, and
    where it would be none even so. `modules` are those that `%run` may take from."""
    if not _MAY_BE_PASTED(text) or is_python(text):
        return text, []
    plain = text.translate(_SPACES)
    cleaned = python_of(plain, modules)
    if not isinstance(cleaned, str) or _lines(cleaned) < _lines(plain) or not is_python(cleaned):
        return text, []
    told = []
    if plain != text:
        told.append("has spaces that Python does not know; they were read as plain ones")
    if cleaned != plain:
        told.append("has commands of notebooks, prompts or spaces in front; it was read without")
    return cleaned, told


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))
