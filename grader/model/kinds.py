"""What the nine kinds of question are like: the one table in which to look facts up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The facts about one kind of question."""

    name: str
    numbers: bool = False  #: an answer is made of numbers, judged with the digits they were typed
    listed: bool = False  #: of its numbers there is a list, never a single one
    rows: bool = False  #: its list has rows, each of which comes out of the one before
    table: bool = False  #: an answer is a table of numbers, its columns by name
    formula: bool = False  #: an answer is a formula, held against the key at sampled points
    option: bool = False  #: an answer is one of the options
    text: bool = False  #: an answer is the text as it was typed, whatever it looks like
    file: bool = False  #: an answer is the name of a file that is handed in with it
    parts: bool = False  #: it may have labelled parts
    carried: bool = False  #: its answers may follow from earlier ones, and later ones from them
    by_code: bool = False  #: nothing but code answers it
    by_person: bool = False  #: it is answered in a sheet only, and marked by a person


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(name="number", numbers=True, parts=True, carried=True),
            Kind(name="array", numbers=True, listed=True, parts=True, carried=True),
            Kind(name="iterates", numbers=True, listed=True, rows=True, carried=True),
            Kind(name="function", by_code=True),
            Kind(name="expression", formula=True, parts=True, carried=True),
            Kind(name="choice", option=True, parts=True, carried=True),
            Kind(name="series", table=True),
            Kind(name="text", text=True, by_person=True),
            Kind(name="figure", file=True, by_person=True),
        )
    }
)
"""Each kind by its name, in the order of the schema."""
