"""One door: collect, judge, and keep nothing of what was collected."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.prepare import Prepared, prepare
from grader.collect.collect import Collected, collect
from grader.gradebook import marking
from grader.gradebook.batch import grade_class
from grader.judge.submission import SubmissionJudged
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.report.words import below
from grader.sandbox.contract import Job, JobResult
from grader.submissions.submission import Submission

CLASS = 10
WORKERS = 2
SPEC = """
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
data: [train.csv]
questions:
  - {id: twice, kind: function, call: twice(x), cases: [{x: [1, 2]}, {x: [3, 4]}]}
  - {id: start, kind: number}
  - {id: why, kind: text}
"""
REFERENCE = "def twice(x, /): return 2 * x\ndef start(): return 1.5\n"


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    folder = tmp_path / "assignments" / "small"
    folder.mkdir(parents=True)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "small.py").write_text(REFERENCE, encoding="utf-8")
    (folder / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "train.csv").write_text("1,2\n", encoding="utf-8")
    return prepare(folder)


class Nothing:
    """A sandbox that runs nothing: every call gives two ones."""

    tier = "none"

    def run(self, job: Job) -> JobResult:
        return JobResult(responses={call.id: Response(value=np.ones(2)) for call in job.calls})

    def stop(self) -> None: ...

    def close(self) -> None: ...


class Kept(dict[str, Response]):
    """Responses of which can be told whether they are still there."""


class Watch:
    """Collects as ever, and counts the submissions whose responses are there."""

    def __init__(self) -> None:
        self.most = 0
        self._kept: list[weakref.ref[Kept]] = []
        self._lock = threading.Lock()

    def collect(self, *arguments: Any) -> Collected:
        found = collect(*arguments)
        kept = Kept(found.responses)
        with self._lock:
            self._kept.append(weakref.ref(kept))
            self.most = max(self.most, self.alive())
        return replace(found, responses=kept)

    def alive(self) -> int:
        gc.collect()
        return sum(one() is not None for one in self._kept)


def handed_in(number: int) -> Submission:
    sheet = f"why: because {number}\n".encode()
    return Submission(
        id=f"s{number}", modules={"code.py": b"x = 1\n"}, sheets={"answers.yaml": sheet}
    )


@pytest.mark.slow
def test_what_was_collected_of_a_class_is_not_kept(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(marking, "collect", watch.collect)
    graded = grade_class(prepared, [*map(handed_in, range(CLASS))], Nothing(), workers=WORKERS)
    assert len(graded.submissions) == CLASS
    assert watch.alive() == 0
    assert 1 <= watch.most <= WORKERS


def test_every_submission_gets_its_own(prepared: Prepared) -> None:
    graded = grade_class(prepared, [*map(handed_in, range(4))], Nothing(), workers=WORKERS)
    assert [one.submission for one in graded.submissions] == ["s0", "s1", "s2", "s3"]
    outcomes = [[outcome.verdict for outcome in one.outcomes] for one in graded.submissions]
    expected = [Verdict.INCORRECT, Verdict.INVALID, Verdict.PENDING]
    assert outcomes == [expected] * 4


def test_what_cannot_be_read_is_held_and_counted(prepared: Prepared) -> None:
    """With 4 points of 4 by right for what is marked, nobody gains by being held."""
    closed = replace(handed_in(0), unreadable="code.py (Permission denied) cannot be read")
    graded = grade_class(prepared, [closed, handed_in(1)], Nothing(), workers=1)
    held, other = graded.submissions
    assert {one.reason for one in held.outcomes} == {Reason.FILES_UNREADABLE}
    assert [int(n) for n in (held.score, held.max_score, held.counted)] == [0, 0, 3]
    assert "Permission denied" in " ".join(held.outcomes[0].feedback.staff)
    assert other.outcomes[0].verdict is Verdict.INCORRECT
    assert below(held, 1)


def test_a_submission_that_cannot_be_judged_is_held_alone(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Prepared.judge

    def judging(self: Prepared, responses: Mapping[str, Response]) -> SubmissionJudged:
        if "because 1" in str(responses["why"].value):
            raise RuntimeError("broken")
        return judge(self, responses)

    monkeypatch.setattr(Prepared, "judge", judging)
    graded = grade_class(prepared, [*map(handed_in, range(3))], Nothing(), workers=WORKERS)
    reasons = [one.outcomes[0].reason for one in graded.submissions]
    assert reasons == [Reason.WRONG_VALUE, Reason.JUDGE_FAULT, Reason.WRONG_VALUE]


def test_data_that_are_gone_hold_everybody(prepared: Prepared) -> None:
    (prepared.assignment.folder / "train.csv").unlink()
    graded = grade_class(prepared, [*map(handed_in, range(2))], Nothing(), workers=1)
    reasons = Counter(outcome.reason for one in graded.submissions for outcome in one.outcomes)
    assert reasons == {Reason.SANDBOX_FAULT: 6}
