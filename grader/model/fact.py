"""What the judge found, as data; sentences are made from it at the end, in `judge/words`.

A fact is staff's unless its class says what of it a student may see: `for_student` is the one gate
between the key and a student's eyes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any

__all__ = ["Fact", "Facts", "OpenFact"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fact:
    """One finding. `hidden`: it is about a hidden case."""

    hidden: bool = False

    def for_student(self) -> Fact | None:
        """What of it a student may know, or None."""
        return None

    def data(self) -> dict[str, Any]:
        """Its fields by name, in their order."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


class OpenFact(Fact):
    """A fact that holds nothing of the key: a student may know it, unless the case is hidden."""

    __slots__ = ()

    def for_student(self) -> Fact | None:
        return None if self.hidden else self


#: Equal where they are the same.
_PLAIN = frozenset({str, int, bool, NoneType, Fraction})


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The facts of a part or a question, in the order in which they are told."""

    items: tuple[Fact, ...] = ()
    staff_only: frozenset[int] = frozenset()  #: places of facts that a student is not told

    @classmethod
    def of(cls, *items: Fact) -> Facts:
        return cls(items=items)

    def __add__(self, other: Facts) -> Facts:
        moved = {place + len(self.items) for place in other.staff_only}
        return Facts(items=self.items + other.items, staff_only=self.staff_only | moved)

    def kept_from_student(self) -> Facts:
        """The same facts, none of which a student is told."""
        return replace(self, staff_only=frozenset(range(len(self.items))))

    def views(self) -> tuple[tuple[Fact | None, Fact], ...]:
        """Each fact as a student may see it, None where not at all, beside the whole of it."""
        return tuple(
            (None if place in self.staff_only else fact.for_student(), fact)
            for place, fact in enumerate(self.items)
        )

    def for_student(self) -> Facts:
        """What a student may know: the one gate between the key and a student's eyes."""
        return Facts(items=tuple(seen for seen, _ in self.views() if seen is not None))

    def without(self, others: Facts) -> Facts:
        """Those that are not among the others."""
        known = {_content(fact) for fact in others.items}
        kept = [n for n, fact in enumerate(self.items) if _content(fact) not in known]
        return Facts(
            items=tuple(self.items[n] for n in kept),
            staff_only=frozenset(new for new, old in enumerate(kept) if old in self.staff_only),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())

    def _compared(self) -> Hashable:
        return self.content(), tuple(fact.hidden for fact in self.items)

    def content(self) -> Hashable:
        """The same for facts that say the same, of a hidden case or not, and for no others."""
        return _content(self.items), self.staff_only


def _content(value: Any) -> Hashable:
    kind = type(value)
    if kind in _PLAIN:
        return kind.__name__, value
    names = _told_fields(kind)  # type: ignore[arg-type]  # classes can be hashed
    if names is not None:
        return kind.__name__, tuple(_content(getattr(value, name)) for name in names)
    if isinstance(value, Mapping):
        items = tuple((_content(key), _content(item)) for key, item in value.items())
        return kind.__name__, items
    if isinstance(value, list | tuple):
        return kind.__name__, tuple(map(_content, value))
    if hasattr(value, "tobytes"):  # an array or a number of numpy's
        return kind.__name__, str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, float | complex):
        return kind.__name__, repr(value)  # every nan is like every other, and 0.0 is not -0.0
    return kind.__name__, value


@cache
def _told_fields(kind: type) -> tuple[str, ...] | None:
    """Of a dataclass: all but whether it is hidden, which is not told."""
    if not is_dataclass(kind):
        return None
    return tuple(one.name for one in fields(kind) if one.name != "hidden")
