"""The mistakes of a class: who makes them, how many answers they explain, what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.model.verdict import Verdict
from grader.stats.answers import Student
from grader.stats.lost import losses

__all__ = ["MistakeMade", "mistakes_made"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeMade:
    """One mistake of the assignment."""

    mistake: str
    students: tuple[str, ...]
    answers: int  #: parts, rows and cases that it gives, alone or with others
    points: Fraction  #: lost by it; of several at once each has an equal share


def mistakes_made(students: Sequence[Student]) -> tuple[MistakeMade, ...]:
    """By points lost, the most first; then by students, then by name."""
    who: dict[str, set[str]] = {}
    answers: dict[str, int] = {}
    points: dict[str, Fraction] = {}
    for student in students:
        for answer in student.answers.values():
            for part in answer.parts:
                if part.verdict is Verdict.MISSING:
                    continue
                for mistake in part.mistakes:
                    who.setdefault(mistake, set()).add(student.name)
                    answers[mistake] = answers.get(mistake, 0) + 1
            for lost in losses(student.name, answer):
                for mistake in lost.part.mistakes:
                    share = lost.points / len(lost.part.mistakes)
                    points[mistake] = points.get(mistake, Fraction(0)) + share
    found = [
        MistakeMade(
            mistake=mistake,
            students=tuple(sorted(names)),
            answers=answers[mistake],
            points=points.get(mistake, Fraction(0)),
        )
        for mistake, names in who.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.points, -len(one.students), one.mistake)))
