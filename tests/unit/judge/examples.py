"""The labelled examples of all assignments, their code run once; to be judged in many ways."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from grader.collect.collect import Collected, collect
from grader.judge.submission import SubmissionJudged, judge
from grader.plan import make_plan
from grader.submissions.importers import find_submissions
from tests.homeworks import prepared
from tests.shared_sandbox import SANDBOX

__all__ = ["collected", "examples_judged"]

ROOT = Path(__file__).resolve().parents[3]


@cache
def collected(slug: str) -> Mapping[str, Collected]:
    """Label of an example → what it answers. Endless code is stopped after a second."""
    made = prepared(slug).adjusted(limits={"wall_seconds": 1.0, "submission_seconds": 3.0})
    plan, data = make_plan(made.assignment), made.assignment.data
    places = [ROOT / "examples" / "submissions" / slug]
    return MappingProxyType(
        {
            one.id: collect(plan, one, SANDBOX, data)
            for one in find_submissions(places, made.assignment.files)
        }
    )


@cache
def examples_judged(slug: str) -> Mapping[str, SubmissionJudged]:
    made = prepared(slug)
    return MappingProxyType(
        {
            label: judge(made.assignment, made.key, found.responses)
            for label, found in collected(slug).items()
        }
    )
