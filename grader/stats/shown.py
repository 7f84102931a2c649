"""All that a class shows, in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.outcome import SubmissionOutcome
from grader.solver.needs import Needs
from grader.stats.answers import read_class
from grader.stats.asked import asked_before
from grader.stats.cases import CaseCatches, case_catches
from grader.stats.clusters import Cluster, clusters
from grader.stats.discrimination import QuestionFigures, figures_of
from grader.stats.distribution import Distribution, distribution
from grader.stats.divergence import FirstWrong, first_wrong
from grader.stats.edge import Edge, edge_of
from grader.stats.lost import LostPoints, lost_points
from grader.stats.mistakes import MistakeMade, mistakes_made
from grader.stats.readings import ReadingNeeded, readings_needed
from grader.stats.reliability import Reliability, reliability
from grader.stats.waiting import Waiting, waiting_for

__all__ = ["ClassShown", "FirstAt", "QuestionShown", "class_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAt:
    """The first wrong answers to one question, by the row, part or case that shows them."""

    students: tuple[str, ...]
    labels: tuple[tuple[str, int], ...]  #: with how many students, the most first
    mistakes: tuple[tuple[str, int], ...]  #: that explain them, the same


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """What one question shows."""

    figures: QuestionFigures
    first: FirstAt
    edge: Edge | None
    cases: tuple[CaseCatches, ...]  #: of a function


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassShown:
    """Everything. The words and the JSON are made from it elsewhere."""

    slug: str
    title: str
    students: int
    waiting: Waiting
    distribution: Distribution
    reliability: Reliability | None
    questions: tuple[QuestionShown, ...]
    lost: LostPoints
    mistakes: tuple[MistakeMade, ...]
    clusters: tuple[Cluster, ...]
    readings: tuple[ReadingNeeded, ...]

    @property
    def worst(self) -> QuestionShown | None:
        """Where most first go wrong; of several the one that is asked first."""
        found = max(self.questions, key=lambda one: len(one.first.students), default=None)
        return found if found is not None and found.first.students else None


def class_shown(
    assignment: Assignment, needs: Needs, submissions: Iterable[SubmissionOutcome]
) -> ClassShown:
    """`needs`: what each step of the reference is computed from. One outcome a student."""
    students = read_class(submissions)
    firsts = first_wrong(students, asked_before(assignment, needs))
    functions = [one.id for one in assignment.questions if isinstance(one, FunctionQuestion)]
    return ClassShown(
        slug=assignment.slug,
        title=assignment.title,
        students=len(students),
        waiting=waiting_for(students),
        distribution=distribution(students),
        reliability=reliability(students),
        questions=tuple(
            QuestionShown(
                figures=figures_of(students, question),
                first=_first_at([one for one in firsts if one.question == question.id]),
                edge=edge_of(students, question.id),
                cases=case_catches(students, question.id) if question.id in functions else (),
            )
            for question in assignment.questions
        ),
        lost=lost_points(students),
        mistakes=mistakes_made(students),
        clusters=clusters(firsts, len(students), functions),
        readings=readings_needed(students),
    )


def _first_at(firsts: Sequence[FirstWrong]) -> FirstAt:
    labels = Counter(
        (one.place[1] or (one.part.label if one.part is not None else "")) for one in firsts
    )
    made = {
        (one.student, mistake)
        for one in firsts
        if one.part is not None
        for mistake in one.part.mistakes
    }
    return FirstAt(
        students=tuple(sorted({one.student for one in firsts})),
        labels=_ordered(labels),
        mistakes=_ordered(Counter(mistake for _, mistake in made)),
    )


def _ordered(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
