"""A fault of ours in words, for staff."""

from __future__ import annotations

__all__ = ["said"]


def said(error: Exception) -> str:
    """The kind of the exception and what it says."""
    return f"{type(error).__name__}: {error}"
