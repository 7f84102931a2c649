"""Why a line of a sheet cannot be read, and what to change, for somebody who knows no YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.model.diagnostic import Diagnostic
from grader.submissions.lines import (
    KeyLine,
    closed_at,
    holds_no_text,
    is_blank,
    is_tabbed,
    key_line,
)

__all__ = ["CROOKED", "has_lost_letter", "legible", "quoted_line", "slip", "stray", "twice"]

CROOKED = "this line is not indented like the ones before it"
_LONGEST = 80
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOST = re.compile("[\udc80-\udcff]")
#: `a = 1`, `a 1`, `a) 1`, `a -> 1`, `a,1` and `| a | 1 |`: what may stand between name and answer.
_SEPARATED = re.compile(
    r"\|?\s*\**([^\W\d]\w*)\**\s*(?:[=|,;).：]|->|→|[-–]\s|\s)\s*([^\s|].*?)\s*\|?"
)
_GAP = re.compile(r"\[[^\"'\]]*[\[,]\s*,")
_OTHERWISE = "this cannot be read; an answer stands behind its name, a colon and a space"
_OF_YAML = (
    ("mapping values are not allowed", "an answer with a colon in it must stand in quotes"),
    ("could not find expected ':'", "a colon and a space behind a name are missing"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("cannot start any token", "an answer that begins with this sign must stand in quotes"),
    ("unknown escape", "in double quotes a backslash has a meaning; use single quotes"),
    ("escape", "in double quotes a backslash has a meaning; use single quotes"),
    ("the tag", "an answer that begins with ! must stand in quotes"),
    ("the alias", "an answer that begins with * must stand in quotes"),
    ("nested more than", "{message}"),
    ("more than", "it holds too many values"),
    ("expected key", CROOKED),
    ("expected <block end>", CROOKED),
)


def legible(text: str) -> str:
    """A text that can be shown; a byte that is not UTF-8 as the letter that it most likely is."""
    said = _LOST.sub(lambda lost: bytes([ord(lost[0]) - 0xDC00]).decode("latin-1"), text)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", said)


def has_lost_letter(text: str) -> bool:
    """Whether a byte in it is not UTF-8."""
    return _LOST.search(text) is not None


def quoted_line(line: str) -> str:
    """A line as it is quoted in a sentence."""
    text = legible(line.strip())
    return f"`{text if len(text) <= _LONGEST else f'{text[: _LONGEST - 1]}…'}`"


def stray(line: str) -> str:
    """What is wrong with a line that begins with no name and colon."""
    text = line.strip()
    if text[:2] in ("- ", "* ", "+ ", "• ") and key_line(text[2:]) is not None:
        return f"take the {text[0]} away, so that the line begins with the name"
    if re.fullmatch(r"[^\W\d]\w*", text):
        return f"a colon is missing behind the name; write `{text}:`"
    found = _SEPARATED.fullmatch(text)
    if found is None or len(found[2].split()) > 1:
        return "this belongs to no answer: a name, a colon and a space are missing before it"
    return f"a colon and a space are missing behind the name; write `{found[1]}: {found[2]}`"


def twice(lines: Sequence[int]) -> str:
    """What is wrong with a name that has two answers."""
    return f"two answers stand under this name, in the lines {lines[0]} and {lines[1]}; keep one"


def slip(
    lines: Sequence[str], key: KeyLine, *, crooked: bool = False, fault: Diagnostic | None = None
) -> tuple[int, str]:
    """In which of the lines of an answer what is wrong stands, counted from 0, and what it is.

    The answer has been read by itself, so that a `fault` of YAML's lies within these lines.
    """
    for number, line in enumerate(lines):
        if _LOST.search(line):
            return number, "a letter here is not UTF-8; save the file as UTF-8"
        if _CONTROL.search(line):
            return number, "an invisible control character stands here"
        if is_tabbed(line):
            return number, "the line is indented with a tab; use spaces"
    if crooked:
        return 0, CROOKED
    if not key.spaced:
        value = key.value.removeprefix("=").strip()
        return 0, f"a space is missing behind the colon; write `{key.name}: {value}`"
    said = _of_value(lines, key)
    if said:
        return 0, said
    return _by_yaml(lines, key, fault)


def _of_value(lines: Sequence[str], key: KeyLine) -> str:
    """What is wrong with how an answer begins; empty where that is as it should be."""
    value = key.value
    if _GAP.match(value):
        return "a value is missing between two commas"
    if value[:1] in ("@", "`", "%", "*", "&", "!", ",", "]", "}") or holds_no_text(
        value, lines[1:]
    ):
        return f"an answer that begins with {value[0]} must stand in quotes{_mend(lines, key)}"
    if value in ("-", "?") or value.startswith(("- ", "? ")):
        sign = value[0]
        minus = ", a negative number without the space" if sign == "-" else ""
        return (
            f"an answer that begins with {sign} and a space must stand in quotes{minus}"
            f"{_mend(lines, key)}"
        )
    if value[:1] in ("'", '"', "[", "{"):
        return _of_pairs(lines, key)
    if (": " in value or value.endswith(":")) and value[:1] not in ("|", ">"):
        return f"an answer with a colon in it must stand in quotes{_mend(lines, key)}"
    return ""


def _of_pairs(lines: Sequence[str], key: KeyLine) -> str:
    opened = key.value[0]
    text = "\n".join(lines)
    begins = text.index(key.value, text.index(":"))
    end = closed_at(text, begins)
    quote = opened in "'\""
    if end is None and not quote:
        return _about_brackets(key.value)
    if end is None:
        return f"the quote {opened} is opened and never closed"
    rest = text[end:].split("\n", 1)[0].strip()
    if rest and not rest.startswith("#"):
        if rest[0] in "]}" and not quote:
            return f"there is a closing bracket {rest[0]} too many"
        what = "quote" if quote else "bracket"
        mend = _mend(lines, key)
        return f"something stands behind the closing {what}; put all of it in quotes{mend}"
    if opened == '"' and "\\" in key.value:
        return "in double quotes a backslash has a meaning; use single quotes"
    return ""


def _about_brackets(value: str) -> str:
    """A bracket that is open, or is closed by another one."""
    opened: list[str] = []
    for sign in value:
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}" and opened:
            last = opened.pop()
            if (last, sign) not in (("[", "]"), ("{", "}")):
                return f"the bracket {last} is closed by {sign}"
    if opened:
        return f"the bracket {opened[-1]} is opened and never closed"
    return "a quote is opened and never closed"


def _mend(lines: Sequence[str], key: KeyLine) -> str:
    """The line as it should be, where the answer is a single line of a few words."""
    value = legible(key.value)
    if len(value) > _LONGEST or any(not is_blank(line) for line in lines[1:]):
        return ""
    if '"' not in value and "\\" not in value:
        return f'; write `{key.name}: "{value}"`'
    doubled = value.replace("'", "''")
    return f"; write `{key.name}: '{doubled}'`"


def _by_yaml(lines: Sequence[str], key: KeyLine, fault: Diagnostic | None) -> tuple[int, str]:
    """What YAML's reader says, in plain words, and the line: the last one that is not blank
    where it names one behind the end."""
    said = [number for number, line in enumerate(lines) if not is_blank(line)]
    last = said[-1] if said else 0
    if key.value[:1] in ("|", ">"):
        return last, "the lines of a text must all be indented alike below its name"
    if fault is None:
        return 0, _OTHERWISE
    number = min(max(fault.place.line - 1, 0), last)
    for part, words in _OF_YAML:
        if part in fault.message:
            return number, words.format(message=fault.message)
    return number, _OTHERWISE
