"""Make text that comes from a student's process fit to be shown and to be compared."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean_text"]

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_KEPT = "\n\t"
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_text(text: str, *, limit: int, scratch: str = "") -> str:
    """Without control and direction characters, memory addresses and our scratch folder's path.

    Addresses and the folder's name differ from run to run, and results must not.
    """
    text = text[: 4 * limit]
    if scratch:
        text = text.replace(scratch, ".")
    text = _ADDRESS.sub("0x…", text)
    kept = "".join(
        char
        if char in _KEPT or unicodedata.category(char) not in _CONTROL
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
