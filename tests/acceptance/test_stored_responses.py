"""What is judged is what was kept: over every labelled example of every assignment."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.collect.collect import collect
from grader.collect.encoded import decode, encode
from grader.judge.submission import judge
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.plan import make_plan
from grader.report.results_json import results_json
from grader.submissions.find import open_submission
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "submissions"
SLUGS = sorted(item.name for item in (ROOT / "assignments").iterdir() if item.is_dir())
#: One of them is enough for every run.
FEW = [
    pytest.param(slug, marks=[pytest.mark.slow] if slug != "sigmoid-chain-exercise-3" else [])
    for slug in SLUGS
]
COLLECTED_TWICE = 4  #: of each class; what runs code takes its time


@pytest.mark.parametrize("slug", FEW)
def test_judging_what_was_kept_gives_the_same_bytes(slug: str) -> None:
    prepared = prepare(ROOT / "assignments" / slug)
    assignment, plan = prepared.assignment, make_plan(prepared.assignment)
    at_once: list[SubmissionOutcome] = []
    kept: list[SubmissionOutcome] = []
    for folder in sorted(path for path in (EXAMPLES / slug).iterdir() if path.is_dir()):
        submission = open_submission(folder, assignment.files)
        responses = collect(plan, submission, SANDBOX, assignment.data).responses
        content = encode(responses)
        back = decode(content)
        assert encode(back) == content
        for found, given in ((at_once, responses), (kept, back)):
            judged = judge(assignment, prepared.key, given)
            found.append(
                SubmissionOutcome(
                    submission=folder.name, outcomes=judged.outcomes, diagnosis=judged.diagnosis
                )
            )
    assert at_once == kept
    first, second = (
        results_json(Graded(assignment=assignment, submissions=tuple(found)))
        for found in (at_once, kept)
    )
    assert first == second
    assert len(at_once) > COLLECTED_TWICE


@pytest.mark.parametrize("slug", FEW)
def test_a_plan_that_was_sent_collects_the_same(slug: str) -> None:
    assignment = prepare(ROOT / "assignments" / slug).assignment
    plan = make_plan(assignment)
    sent = pickle.loads(pickle.dumps(plan))
    folders = sorted(path for path in (EXAMPLES / slug).iterdir() if path.is_dir())
    for folder in folders[:COLLECTED_TWICE]:
        submission = open_submission(folder, assignment.files)
        here, there = (collect(one, submission, SANDBOX, assignment.data) for one in (plan, sent))
        assert encode(here.responses) == encode(there.responses)
        assert (here.notes, here.printed) == (there.notes, there.printed)
