"""Check a student's work without the key: collect it, and look at what came."""

from __future__ import annotations

from grader.checks.released import Released
from grader.checks.self_check import self_check
from grader.collect.collect import Collected
from grader.collect.collect import collect as collect_planned
from grader.model.verdict import Audience
from grader.plan import make_plan
from grader.report.self_check_text import self_check_page
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission

__all__ = ["self_check_text"]


def self_check_text(
    released: Released,
    submission: Submission,
    sandbox: Sandbox,
    *,
    form_only: bool = False,
    question: str = "",
) -> str:
    """The page for a student, of one question if it is named. Raises SandboxFault."""
    assignment = released.assignment
    collected: Collected = collect_planned(
        make_plan(assignment), submission, sandbox, assignment.data
    )
    checked = self_check(released, collected.responses, form_only=form_only)
    if question:
        checked = tuple(one for one in checked if one.question == question)
    return self_check_page(
        assignment,
        checked,
        [note.text for note in collected.notes if note.audience is Audience.STUDENT],
        name=submission.id,
        edition=released.edition,
        tier=sandbox.tier,
    )
