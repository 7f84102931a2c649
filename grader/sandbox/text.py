"""Make text that comes from a student's process fit to be shown and to be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

__all__ = ["CUT", "clean_text"]

#: Stands where printed text was cut.
CUT = "\n[more was printed: the first 64 KiB are kept]\n"

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_MOST = 1 << 16  # no worker sends more, and every character is looked at
_KEPT = "\n\t"
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_text(text: str, *, limit: int, folders: Mapping[str, str] | None = None) -> str:
    """Without control and direction characters, memory addresses and the names of our folders.

    `folders` says what is written in place of each. Addresses and folders differ from run to run
    or from machine to machine, and results must not.
    """
    text = text[: max(_MOST, limit)]  # cut late: half an address would not be known as one
    for folder, name in (folders or {}).items():
        text = text.replace(folder, name)
    text = _ADDRESS.sub("0x…", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        char
        if char in _KEPT or unicodedata.category(char) not in _CONTROL
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
