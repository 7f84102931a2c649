"""Know the course's data by their content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from grader.plan.fingerprint import digest

__all__ = ["digest_of"]


def digest_of(path: Path) -> str:
    """The digest of a file's bytes, or of the names and contents below a folder.

    Where it lies, what it is called itself, and when it was changed do not count. A link counts as
    what it leads to. Raises OSError.
    """
    if not path.is_dir():
        return digest("file", _content(path))
    names: list[tuple[str, bytes | None]] = []
    for place, folders, files in os.walk(path, followlinks=True, onerror=_raise):
        here = Path(place)
        names += [((here / name).relative_to(path).as_posix(), None) for name in folders]
        names += [
            ((here / name).relative_to(path).as_posix(), _content(here / name)) for name in files
        ]
    return digest("folder", [(os.fsencode(name), content) for name, content in sorted(names)])


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").digest()


def _raise(error: OSError) -> None:
    raise error
