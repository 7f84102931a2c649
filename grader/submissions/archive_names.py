"""Which files are archives, by their names.

Apart from what opens them: Python's modules for that take long to import, and few hand in archives.
"""

from __future__ import annotations

import re

__all__ = ["ArchiveFault", "archive_stem", "is_archive"]

_SUFFIX = re.compile(
    r"\.(?:zip|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst|z|lzma|7z)|rar|7z|gz|bz2|xz|zst)$",
    re.IGNORECASE,
)


class ArchiveFault(Exception):
    """The archive as a whole is not unpacked; says why, in a student's words."""


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive."""
    return _SUFFIX.search(name) is not None


def archive_stem(name: str) -> str:
    """The name without what makes it that of an archive."""
    return _SUFFIX.sub("", name) or name
