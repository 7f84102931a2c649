"""Answers at the edge of a tolerance: whose mark hangs on how wide it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.model.verdict import Verdict
from grader.stats.answers import PartSeen, Student

__all__ = ["Edge", "WhatIf", "edge_of"]

_INNER, _OUTER = 0.8, 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What another tolerance would do to how answers compare."""

    factor: float
    answers: int  #: parts, rows and cases that would be judged otherwise
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One question. An answer's distance is the largest of its numbers' from the right ones, or
    from those that follow from the student's own earlier answers, in tolerances: at most 1 is
    right."""

    question: str
    measured: int  #: parts, rows and cases whose distance is known
    just_right: tuple[str, ...]  #: students with one in (0.8, 1]
    just_wrong: tuple[str, ...]  #: with one in (1, 1.25] that lost points
    #: a tolerance multiplied by anything from the first up to, but without, the second judges
    #: every answer as it does now; None: no answer that was measured sets that limit
    unchanged_from: float | None
    unchanged_below: float | None
    halved: WhatIf
    doubled: WhatIf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    student: str
    distance: float
    right: bool


def edge_of(students: Sequence[Student], question: str) -> Edge | None:
    """None where no distance is known: of formulas and choices, or none was measured.

    It looks at what each answer was compared with: the key, or what follows from the student's own
    earlier answers. Which of these follow from a start that is judged otherwise then,
    `regrade --dry-run` says.
    """
    seen = [
        measured
        for student in students
        if (answer := student.answers.get(question)) is not None
        for part in answer.parts
        if (measured := _measured(student.name, part)) is not None
    ]
    if not seen:
        return None
    right = [one.distance for one in seen if one.right]
    wrong = [one.distance for one in seen if not one.right]
    return Edge(
        question=question,
        measured=len(seen),
        just_right=_names(one for one in seen if one.right and one.distance > _INNER),
        just_wrong=_names(one for one in seen if not one.right and one.distance <= _OUTER),
        unchanged_from=max(right) if right else None,
        unchanged_below=min(wrong) if wrong else None,
        halved=_what_if(seen, 0.5),
        doubled=_what_if(seen, 2.0),
    )


def _measured(student: str, part: PartSeen) -> _Measured | None:
    """None of those who have all points of a wrong answer by a mistake that costs none: no factor
    changes these. Nor of what follows only through digits that its start was not given with."""
    if part.distance is None:
        return None
    if part.verdict is Verdict.CORRECT and part.reason is None:
        return _Measured(student=student, distance=min(part.distance, 1.0), right=True)
    if part.verdict is Verdict.FOLLOWS:
        follows = _Measured(student=student, distance=part.distance, right=True)
        return follows if part.distance <= 1 else None
    if part.credit is None or part.credit >= 1 or part.distance <= 1:
        return None
    return _Measured(student=student, distance=part.distance, right=False)


def _what_if(seen: Sequence[_Measured], factor: float) -> WhatIf:
    other = [one for one in seen if (one.distance <= factor) is not one.right]
    return WhatIf(factor=factor, answers=len(other), students=_names(other))


def _names(seen: Iterable[_Measured]) -> tuple[str, ...]:
    return tuple(sorted({one.student for one in seen}))
