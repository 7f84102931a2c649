"""Does some example answer every question wrongly, and break each of its promises?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.audit.finding import Finding
from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["never_broken", "never_wrong"]

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


def never_broken(assignment: Assignment, graded: Sequence[SubmissionOutcome]) -> Iterator[Finding]:
    """A hole for everything that a function is asked to keep to and no example breaks."""
    broken = {
        (outcome.question, reason)
        for example in graded
        for outcome in example.outcomes
        for reason in (outcome.reason, *(part.reason for part in outcome.parts))
    }
    for question in assignment.questions:
        if not isinstance(question, FunctionQuestion):
            continue
        for reason, words in _promises(question):
            if (question.id, reason) not in broken:
                yield Finding(
                    check="examples",
                    question=question.id,
                    hole=f"no example {words}",
                    remedy="add one that does, so that it is seen to be refused",
                )


def _promises(question: FunctionQuestion) -> Iterator[tuple[Reason, str]]:
    if question.inputs_unchanged:
        yield Reason.INPUTS_CHANGED, "changes its inputs"
    if question.earlier_outputs_unchanged:
        yield Reason.EARLIER_CHANGED, "changes an earlier result"
    if question.deterministic:
        yield Reason.NOT_DETERMINISTIC, "gives another result for the same call"
    if question.dtype:
        yield Reason.WRONG_DTYPE, f"has another dtype than {question.dtype}"
    if question.differences is not None:
        yield (
            Reason.DIFFERENCES_DISAGREE,
            f"disagrees with finite differences of {question.differences.of}",
        )


def _is_answered_wrongly(outcome: Outcome) -> bool:
    return not outcome.parts or any(part.verdict in _WRONG for part in outcome.parts)
