"""An assignment as one student has it, with the givens of their variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from grader.checks.variants import VariantFault
from grader.course.watched import WatchedCourse
from grader.gradebook.asking import Others
from grader.judge.other_variants import RightElsewhere
from grader.judge.submission import SubmissionJudged
from grader.model.response import Response
from grader.model.value import Value
from grader.plan.variant import with_givens

__all__ = ["CourseOfStudent", "expect_fair"]

Given = TypeVar("Given")
Made = TypeVar("Made")
#: What is asked of a variant → how many arguments come before its givens.
_OF_A_VARIANT = {"wanted": 0, "release": 0, "replays": 0, "gives_again": 1}


class CourseOfStudent(WatchedCourse):
    """A watched course that asks and judges one variant only. Closing it closes nothing: it goes
    with the course that it is made of."""

    def __init__(self, course: WatchedCourse, givens: Mapping[str, Value]) -> None:
        self._course = course
        self.givens = givens
        self.assignment = with_givens(course.assignment, givens)
        self.warnings = course.warnings
        self.printed = course.printed

    def judge(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value] | None = None
    ) -> SubmissionJudged:
        return self._course.judge(responses, self.givens if givens is None else givens)

    def judge_as(
        self,
        given: Given,
        opened: Callable[[Given], Mapping[str, Response]],
        made: Callable[[SubmissionJudged], Made],
        givens: Mapping[str, Value] | None = None,
    ) -> Made:
        return self._course.judge_as(given, opened, made, self.givens if givens is None else givens)

    def elsewhere(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value], others: Others
    ) -> RightElsewhere | None:
        return self._course.elsewhere(responses, givens, others)

    def ask(self, what: str, *arguments: Any) -> Any:
        if _OF_A_VARIANT.get(what) == len(arguments):
            arguments = (*arguments, self.givens)
        return self._course.ask(what, *arguments)

    def stop(self) -> None:
        self._course.stop()

    def close(self) -> None:
        """Nothing was opened."""


def expect_fair(course: WatchedCourse, student: str, givens: Mapping[str, Value]) -> None:
    """Raise VariantFault where a variant may not be handed out: it has no right answers, or does
    not tell mistakes apart that the assignment's own givens do."""
    faults: tuple[str, ...] = course.ask("variant_faults", givens)
    if faults:
        msg = f"the variant of {student} may not be handed out: {faults[0]}"
        raise VariantFault(msg)
