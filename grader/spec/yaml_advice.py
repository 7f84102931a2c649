"""What to do about a text that is not YAML."""

from __future__ import annotations

__all__ = ["yaml_advice"]

#: What the parser says, and what to do then.
_ADVICE = (
    ("mapping values are not allowed", "put a text with a colon and a space in it in quotes"),
    ("tab character", "indent with spaces, no tabs"),
    ("cannot start any token", "indent with spaces, no tabs; put a text that begins so in quotes"),
    ("end of stream", "a quote or a bracket is opened above and never closed"),
    ("expected ':'", "a colon and a space behind a key are missing here or in the line above"),
    ("expected ',' or", "a comma or a closing bracket is missing here or above"),
    ("expected key", "is this line indented like the ones that it belongs to?"),
    ("expected '-'", "is this line indented like the ones that it belongs to?"),
    ("expected <block end>", "is this line indented like the ones that it belongs to?"),
    ("escape", "in double quotes a backslash has a meaning; use single quotes"),
    ("undefined alias", "put a text that begins with * in quotes"),
)


def yaml_advice(message: str, text: str = "", line: int = 0, column: int = 0) -> str:
    """What is likely to be mended at this place of the text, by what the parser said; "" where
    nothing is known of it."""
    if "expected key" in message and (seen := _seen_at(text, line, column)):
        return seen
    return next((advice for words, advice in _ADVICE if words in message), "")


def _seen_at(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    there = lines[line - 1] if 0 < line <= len(lines) else ""
    if there[: max(column - 1, 0)].rstrip().endswith(("'", '"')):
        return "the quote ends before the text does: put the whole text in the other kind of quotes"
    if there[max(column - 1, 0) :].startswith("- "):
        return "the entries of a list begin with `- `: is it missing at the first one, above?"
    return ""
