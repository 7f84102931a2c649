"""What another package adds by an entry point: a report, an importer."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import TypeVar

__all__ = ["DoorFault", "load_entry"]

_Added = TypeVar("_Added")


class DoorFault(Exception):
    """What another package adds cannot be used; the message says why."""


def load_entry(entry: EntryPoint, wanted: type[_Added], *, what: str) -> _Added:
    """The object of this type that an entry point names; `what` is the word for it.

    Raises DoorFault where importing it fails or gives something else.
    """
    try:
        found = entry.load()
    except Exception as error:
        msg = f"the {what} {entry.name!r} of another package cannot be loaded: {error}"
        raise DoorFault(msg) from error
    if not isinstance(found, wanted):
        article = "an" if wanted.__name__[0] in "AEIOU" else "a"
        msg = f"the {what} {entry.name!r} of another package is not {article} {wanted.__name__}"
        raise DoorFault(msg)
    return found
