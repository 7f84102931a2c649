"""What can be found out by asking `grader check` again and again, for each `policy: self_check`."""

from __future__ import annotations

from collections.abc import Iterator

from grader.audit.finding import Finding, listed
from grader.checks.public_checks import relations_of
from grader.checks.relation import Relation
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion, Question

__all__ = ["tries"]

_LEVELS = ("full", "public", "format")


def tries(assignment: Assignment) -> Iterator[Finding]:
    """A line for each level, the assignment's own one first. None of it is a hole: it is what the
    author lets students know."""
    own = assignment.self_check
    for level in (own, *(level for level in _LEVELS if level != own)):
        told = {"full": _in_full, "public": _in_public, "format": _of_form}[level](assignment)
        here = " (as it is set)" if level == own else ""
        words = "; ".join(told) or "nothing of the answers"
        yield Finding(check="tries", words=f"self_check: {level}{here} tells {words}")


def _in_full(assignment: Assignment) -> Iterator[str]:
    asked = [one for one in assignment.questions if not one.nature.by_person]
    choices = [one for one in asked if one.nature.option]
    by_digit = [one for one in asked if _digits_are_told(one)]
    others = [one for one in asked if one not in choices and one not in by_digit]
    if choices:
        each = [f"{one.id} in at most {_most(one)}" for one in choices]
        yield f"choices by trying: {listed(each)}"
    if by_digit:
        yield f"digit by digit, in at most 9 tries a digit: {listed([one.id for one in by_digit])}"
    if others:
        yield f"right or not at each try: {listed([one.id for one in others])}"


def _most(question: Question) -> str:
    """How many tries give a choice away: every part is told of at each."""
    assert isinstance(question, AnswerQuestion)
    most = max(len(part.options) for part in question.parts) - 1
    return f"{most} {'try' if most == 1 else 'tries'}"


def _digits_are_told(question: Question) -> bool:
    """Whether an answer with too few digits is told to be right as far as it goes."""
    return isinstance(question, AnswerQuestion) and any(
        part.tolerance.judges_digits for part in question.parts
    )


def _in_public(assignment: Assignment) -> Iterator[str]:
    functions = [one for one in assignment.questions if isinstance(one, FunctionQuestion)]
    public = sum(case.public for one in functions for case in one.cases)
    if public:
        yield f"the results of {public} public case{'s' * (public != 1)}, which a release holds"
    relations = relations_of(assignment)
    stated = [name for one in relations for name in _stated(one)]
    if relations:
        what = "relation holds" if len(relations) == 1 else "relations hold"
        yield f"at which rows {len(relations)} {what}, right or not, at each try"
    if stated:
        yield f"by its relations how to compute {listed([*dict.fromkeys(stated)])} from the givens"


def _stated(relation: Relation) -> Iterator[str]:
    """Answers that stand alone on one side, with nothing of a student's on the other."""
    if relation.functions or relation.sign != "==":
        return
    for one, other in (relation.left, relation.right), (relation.right, relation.left):
        alone = one.head == "symbol" and one.name in relation.answers
        if alone and not other.symbols & set(relation.answers):
            yield relation.answers[one.name].question


def _of_form(_assignment: Assignment) -> Iterator[str]:
    return iter(())
