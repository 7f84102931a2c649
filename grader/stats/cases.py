"""Which case of a function catches whom, and which catch nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.verdict import Verdict
from grader.stats.answers import PartSeen, Student

__all__ = ["CaseCatches", "case_catches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCatches:
    """One case: whom it catches, and whom no other case does."""

    label: str
    caught: tuple[str, ...]
    alone: tuple[str, ...]

    @property
    def adds_nothing(self) -> bool:
        """Whether all whom it catches are caught by others too; so where it catches nobody."""
        return not self.alone


def case_catches(students: Sequence[Student], question: str) -> tuple[CaseCatches, ...]:
    """In the order of the cases. Whoever defined no such function is caught by none, and so is
    whoever waits; a case where the code failed catches like any other."""
    labels: dict[str, None] = {}
    caught_by: dict[str, set[str]] = {}
    for student in students:
        answer = student.answers.get(question)
        if answer is None or answer.score is None:
            continue
        seen: dict[str, int] = {}
        for part in answer.parts:
            if not part.label:
                continue
            seen[part.label] = seen.get(part.label, 0) + 1
            number = seen[part.label]  # two cases may be called the same
            label = part.label if number == 1 else f"{part.label} ({number})"
            labels[label] = None
            if _catches(part):
                caught_by.setdefault(student.name, set()).add(label)
    return tuple(
        CaseCatches(
            label=label,
            caught=tuple(sorted(name for name, caught in caught_by.items() if label in caught)),
            alone=tuple(sorted(name for name, caught in caught_by.items() if caught == {label})),
        )
        for label in labels
    )


def _catches(part: PartSeen) -> bool:
    return part.verdict not in (Verdict.CORRECT, Verdict.MISSING, Verdict.SKIPPED)
