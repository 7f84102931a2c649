"""Text that was typed, or an address that was given, on the platform itself: an HTML file."""

from __future__ import annotations

import html
import re

from grader.submissions.submission import NotRead

__all__ = ["MOST_BYTES", "not_read"]

MOST_BYTES = 1 << 16  #: of it are looked at
_TAG = re.compile(rb"<(?!img|a\b|iframe|object|embed)[^>]*>", re.IGNORECASE)


def not_read(name: str, content: bytes, what: str) -> list[NotRead]:
    """That a person has to read it; nothing where nothing stands in it."""
    text = _TAG.sub(b"", content).decode("utf-8", "replace")
    if not html.unescape(text).strip():
        return []
    return [NotRead(why=f"{name} ({what})")]
