"""Does some example answer every question wrongly?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.audit.finding import Finding
from grader.model.assignment import Assignment
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Verdict

__all__ = ["never_wrong"]

_WRONG = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.IMPRECISE, Verdict.INVALID)


def never_wrong(assignment: Assignment, graded: Sequence[SubmissionOutcome]) -> Iterator[Finding]:
    """A hole for every question that no example answers wrongly: to be missing, to raise or to run
    out of time shows nothing of how values are judged."""
    wrong = {
        outcome.question
        for example in graded
        for outcome in example.outcomes
        if outcome.verdict in _WRONG and _is_answered_wrongly(outcome)
    }
    for question in assignment.questions:
        if not question.nature.by_person and question.id not in wrong:
            yield Finding(
                check="examples",
                question=question.id,
                hole="no example gives a wrong answer here",
                remedy="add an example whose answer is incorrect, partial, imprecise or invalid",
            )


def _is_answered_wrongly(outcome: Outcome) -> bool:
    return not outcome.parts or any(part.verdict in _WRONG for part in outcome.parts)
