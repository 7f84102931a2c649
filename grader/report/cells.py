"""Cells of a spreadsheet: no text of a student's is a formula there, and none is lost.

A text that a spreadsheet might compute begins with an apostrophe, which is taken off again when
the file comes back. One that begins with an apostrophe gets another.
"""

from __future__ import annotations

__all__ = ["guarded", "unguarded"]

#: The last four are what keyboards for Chinese and Japanese type.
_STARTS = tuple("=+-@\t\r\n\0'\uff1d\uff0b\uff0d\uff20")


def guarded(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def unguarded(cell: str) -> str:
    """The text that was guarded, or the cell as it is where none was."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
