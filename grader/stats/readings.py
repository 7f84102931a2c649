"""Which lenient readings a class needed: what was typed otherwise than the plain way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.stats.answers import Student

__all__ = ["ReadingNeeded", "readings_needed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingNeeded:
    """One kind of them, such as "LaTeX"."""

    kind: str
    students: tuple[str, ...]
    questions: tuple[str, ...]
    answers: int  #: each question of each student once


def readings_needed(students: Sequence[Student]) -> tuple[ReadingNeeded, ...]:
    """Those that most students needed first."""
    who: dict[str, list[tuple[str, str]]] = {}
    for student in students:
        for answer in student.answers.values():
            for kind in answer.lenient:
                who.setdefault(kind, []).append((student.name, answer.question))
    found = [
        ReadingNeeded(
            kind=kind,
            students=tuple(sorted({student for student, _ in needed})),
            questions=tuple(sorted({question for _, question in needed})),
            answers=len(needed),
        )
        for kind, needed in who.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.students), one.kind)))
