"""The text of a file, in whichever encoding it was saved."""

from __future__ import annotations

import codecs
import io
import tokenize

__all__ = ["decoded", "module_as_utf8"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What no text has.
_CONTROL = frozenset(map(chr, range(32))) - set("\t\n\f\r\x1a")


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.

    A byte that is not UTF-8 becomes half a surrogate pair: it spoils the answer it stands in.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            if encoding == "utf-8":
                content = content[len(mark) :]
                break
            return content.decode(encoding, "replace")
    even, odd = content[:4096:2], content[1:4096:2]
    if content and max(even.count(0), odd.count(0)) * 2 > len(odd) > 1:
        encoding = "utf-16-le" if odd.count(0) > even.count(0) else "utf-16-be"
        return content.decode(encoding, "replace")
    return content.decode("utf-8", "surrogateescape")


def module_as_utf8(content: bytes) -> tuple[bytes, str] | None:
    """A module as Python reads it, and in which encoding it was where Python reads another one;
    None for what is not a text in any.

    What says its encoding in its first lines, as Python wants it, stays as it is.
    """
    try:
        in_utf_8 = content.decode("utf-8")
    except UnicodeDecodeError:
        in_utf_8 = None
    if in_utf_8 is not None and "\0" not in in_utf_8:
        return content, ""
    if _says_its_encoding(content):
        return content, ""
    wide = "UTF-32" if content[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE) else "UTF-16"
    text, encoding = decoded(content), wide
    if not _is_text(text):
        text, encoding = content.decode("cp1252", "replace"), "Windows-1252"
    if _is_text(text):
        return text.encode("utf-8"), encoding
    return None if in_utf_8 is None else (content, "")


def _says_its_encoding(content: bytes) -> bool:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return False
    return not encoding.startswith("utf-8")


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # what could not be decoded
        return False
    return not _CONTROL.intersection(text)
