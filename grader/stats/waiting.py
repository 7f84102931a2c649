"""What keeps marks from being final: held through no fault of the student's, or for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.verdict import Verdict
from grader.stats.answers import Student

__all__ = ["Waiting", "waiting_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Students with such answers, by question, in the order of the assignment."""

    held: dict[str, tuple[str, ...]]  #: we could not mark or read them
    pending: dict[str, tuple[str, ...]]  #: are for a person by design

    @property
    def students(self) -> int:
        """How many have no final mark for one of these."""
        named = (*self.held.values(), *self.pending.values())
        return len({name for names in named for name in names})


def waiting_for(students: Sequence[Student]) -> Waiting:
    """Every answer without a score."""
    held: dict[str, list[str]] = {}
    pending: dict[str, list[str]] = {}
    for student in students:
        for question, answer in student.answers.items():
            if answer.score is None:
                ours = answer.verdict is Verdict.GRADER_ERROR or answer.unreadable
                (held if ours else pending).setdefault(question, []).append(student.name)
    order = {name: n for student in students for n, name in enumerate(student.answers)}
    return Waiting(held=_sorted(held, order), pending=_sorted(pending, order))


def _sorted(found: dict[str, list[str]], order: dict[str, int]) -> dict[str, tuple[str, ...]]:
    names = sorted(found, key=lambda name: order[name])
    return {name: tuple(sorted(found[name])) for name in names}
