"""Where students first go wrong: all else may be a consequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.model.verdict import Verdict
from grader.stats.answers import AnswerSeen, PartSeen, Student, is_right
from grader.stats.asked import AskedBefore, Place

__all__ = ["FirstWrong", "first_wrong"]

_NOT_JUDGED = (Verdict.MISSING, Verdict.PENDING, Verdict.GRADER_ERROR, Verdict.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWrong:
    """A student's answer that is not right, where all that it builds on is."""

    student: str
    place: Place
    #: that shows it: the first row, case or part that is not right; None: the answer has none
    part: PartSeen | None

    @property
    def question(self) -> str:
        return self.place[0]


def first_wrong(students: Sequence[Student], asked: AskedBefore) -> tuple[FirstWrong, ...]:
    """Of each student, in the order of the assignment; there may be none, or several.

    An answer that was not given, is held or waits for a person says nothing: the judge goes on
    from the reference there. Of lists that come out of each other row by row the one counts that
    goes wrong in the earlier row, and in the same row the one that stands first in the state.
    """
    return tuple(one for student in students for one in _of_student(student, asked))


def _of_student(student: Student, asked: AskedBefore) -> Iterator[FirstWrong]:
    wrong: dict[Place, PartSeen | None] = {}
    rows: dict[Place, int] = {}
    for place in asked.places:
        answer = student.answers.get(place[0])
        if answer is None or answer.score is None:
            continue
        seen = answer.part(place[1]) if place[1] else None
        verdict = answer.verdict if seen is None else seen.verdict
        if place[1] and seen is None and not _stands_for_all(answer, place, asked):
            continue
        if verdict in _NOT_JUDGED or is_right(verdict):
            continue
        shown, row = (seen, 0) if seen is not None else _shown(answer)
        if shown is not None and shown.verdict is Verdict.MISSING:
            continue  # what is there is right
        wrong[place], rows[place] = shown, row
    for place, shown in wrong.items():
        together = asked.rows.get(place, {})
        others = (asked.before[place] & wrong.keys()) - together.keys()
        earlier = any(
            (rows[other], order) < (rows[place], together.get(place, 0))
            for other, order in together.items()
            if other in wrong and other != place
        )
        if not others and not earlier:
            yield FirstWrong(student=student.name, place=place, part=shown)


def _stands_for_all(answer: AnswerSeen, place: Place, asked: AskedBefore) -> bool:
    """Whether the question was not judged by its parts, and this is its first."""
    first = next(one for one in asked.places if one[0] == place[0])
    return place == first and not answer.parts[0].label


def _shown(answer: AnswerSeen) -> tuple[PartSeen | None, int]:
    """The first part, row or case that is not right, and its number."""
    wrong = [(n, one) for n, one in enumerate(answer.parts) if not is_right(one.verdict)]
    if not wrong:
        return None, 0
    number, first = min(wrong, key=lambda item: (item[1].verdict is Verdict.MISSING, item[0]))
    return first, number
