"""Check a student's work without the key: collect it, and look at what came."""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks.own_relations import OwnRelations, RelationChecked
from grader.checks.released import Released
from grader.checks.self_check import self_check
from grader.collect.collect import Collected, calls_alone
from grader.collect.collect import collect as collect_planned
from grader.model.response import Response
from grader.model.verdict import Audience
from grader.plan import Plan, make_plan
from grader.report.columns import WIDTH
from grader.report.self_check_text import self_check_page
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission

__all__ = ["self_check_text"]

_MOST_ROUNDS = 8  # of calls at results of calls


def self_check_text(
    released: Released,
    submission: Submission,
    sandbox: Sandbox,
    *,
    form_only: bool = False,
    question: str = "",
    width: int = WIDTH,
) -> str:
    """The page for a student in lines of `width` columns, of one question if it is named.

    Raises SandboxFault.
    """
    assignment = released.assignment
    plan = make_plan(assignment)
    collected: Collected = collect_planned(plan, submission, sandbox, assignment.data)
    checked = self_check(released, collected.responses, form_only=form_only)
    relations: tuple[RelationChecked, ...] = ()
    if assignment.public_checks and not form_only:
        relations = _relations(released, plan, submission, sandbox, collected.responses)
    if question:
        checked = tuple(one for one in checked if one.question == question)
        relations = tuple(one for one in relations if question in one.questions)
    return self_check_page(
        assignment,
        checked,
        [note.text for note in collected.notes if note.audience is Audience.STUDENT],
        relations=relations,
        name=submission.id,
        edition=released.edition,
        tier=sandbox.tier,
        width=width,
    )


def _relations(
    released: Released,
    plan: Plan,
    submission: Submission,
    sandbox: Sandbox,
    responses: Mapping[str, Response],
) -> tuple[RelationChecked, ...]:
    own = OwnRelations(released, responses)
    for _ in range(_MOST_ROUNDS):
        if not (calls := own.calls()):
            break
        own.give(calls_alone(plan, submission, sandbox, released.assignment.data, calls))
    return own.checked()
