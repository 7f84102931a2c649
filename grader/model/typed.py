"""What stands in an answer sheet, before anything is read from it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.value import Value, map_leaves

__all__ = ["Typed", "texts_of"]


@dataclass(frozen=True, slots=True)
class Typed:
    """One scalar of a sheet as it was typed. Lists of them are tuples, mappings dicts."""

    text: str  #: in YAML or JSON quotes and escapes are resolved, nothing else
    quoted: bool  #: whether it is a text for certain, whatever it looks like
    line: int = 0


def texts_of(value: Value) -> Value:
    """The texts alone, in the same lists and mappings."""
    return map_leaves(value, lambda item: item.text if isinstance(item, Typed) else item)
