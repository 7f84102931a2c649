"""What an export gives: files, how many marks are in them, and who is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from grader.model.grade import Grade

__all__ = [
    "ExportFault",
    "Exported",
    "LeftOut",
    "WriteFeedback",
    "decimal_text",
    "not_final",
    "title_of",
]

_PLACES = 5


class ExportFault(Exception):
    """An export cannot be made, and nothing was; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Somebody or something that should not be overlooked: what of it, and whom it concerns."""

    what: str
    who: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The bytes of each file by its name, and what is to be said of them."""

    files: Mapping[str, bytes]
    written: int  #: people whose mark stands in them
    where: str = ""  #: the column that they were written to
    left_out: Sequence[LeftOut] = ()
    warnings: Sequence[str] = ()


class WriteFeedback(StrEnum):
    """Which cells for feedback are written."""

    NONE = "none"
    EMPTY = "empty"  #: what a person wrote there stays
    ALL = "all"


def title_of(grade: Grade) -> str:
    """How somebody is called in a list: the key, and the name where that is another."""
    person = grade.person
    return f"{person.key} ({person.name})" if person.name not in ("", person.key) else person.key


def not_final(grades: Iterable[Grade]) -> Sequence[LeftOut]:
    """Who has no mark to export: who waits, with the questions, and who is excused."""
    waiting, excused = [], []
    for grade in grades:
        if grade.excused:
            excused.append(title_of(grade))
        elif grade.points is None:
            questions = f": {', '.join(grade.waiting)}" if grade.waiting else ""
            waiting.append(f"{title_of(grade)}{questions}")
    found = (("no final mark yet", waiting), ("excused", excused))
    return tuple(LeftOut(what=what, who=tuple(who)) for what, who in found if who)


def decimal_text(number: Fraction, *, mark: str = ".") -> str:
    """A number with as many decimals as it needs, five at most, halves rounded up; never `1e-5`."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-_PLACES), rounding=ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace(".", mark)
