"""What an author says about the findings of an audit: which of them are not holes, and why."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EXCUSABLE", "AuditNotes", "Equivalent", "Excused"]

#: the checks of a question that an author may excuse it from
EXCUSABLE = ("rounding", "mistakes", "shift", "zero", "copy", "told", "examples")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A change of the reference that changes no value that anybody can be asked for."""

    step: str  #: the function, also a private one, or the constant in which the change lies
    change: str  #: as the audit words it, such as "`<` → `<=`"
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """A question whose hole, found by one check, is meant to be there."""

    question: str
    check: str  #: one of EXCUSABLE
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditNotes:
    equivalent: tuple[Equivalent, ...] = ()
    excused: tuple[Excused, ...] = ()
