"""Text of students and markers, made harmless for what shows it: a spreadsheet, Markdown, HTML.

Every function takes text as it was written, and gives text that can do nothing there but be read.
What a terminal must not be given (control and direction characters) is replaced in all of them.
"""

from __future__ import annotations

import html
import re

from grader.report.cells import guarded
from grader.sandbox.text import clean_text

__all__ = ["for_html", "for_markdown", "for_spreadsheet", "in_one_line"]

_LONGEST = 20_000
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~#@$^]")
#: What makes a list, a heading or a rule of a line that begins with it.
_STARTS_BLOCK = re.compile(r"[-+:](?=[\s-]|$)|=|\d{1,9}(?=[.)](?:\s|$))")
#: Renderers make links of these without being asked.
_BARE_LINK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def for_spreadsheet(text: str) -> str:
    """A cell that is shown as text: an apostrophe stands before what would be a formula."""
    before = guarded(text).removesuffix(text)
    return before + clean_text(text, limit=_LONGEST)


def for_markdown(text: str) -> str:
    """One line of Markdown that shows the text: no link, picture, HTML, list or mention in it."""
    line = in_one_line(text)
    line = _MARKDOWN.sub(lambda found: f"\\{found[0]}", line)
    line = _BARE_LINK.sub(lambda found: f"\\{found[0]}", line)
    start = _STARTS_BLOCK.match(line)
    if start is None:
        return line
    if start[0].isdigit():
        return f"{start[0]}\\{line[start.end() :]}"
    return f"\\{line}"


def for_html(text: str) -> str:
    """HTML that shows the text, also inside an attribute; line ends are kept as they are.

    A backslash is written as a number: before a quote it would end a cell for readers of CSV that
    take it for an escape.
    """
    shown = html.escape(clean_text(text, limit=_LONGEST), quote=True)
    return shown.replace("\\", "&#92;")


def in_one_line(text: str) -> str:
    """Without line ends and tabs, and without space around it."""
    return " ".join(clean_text(text, limit=_LONGEST).split())
