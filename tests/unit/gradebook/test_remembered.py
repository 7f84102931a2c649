"""The same responses are judged once in a run, and whoever gave them gets the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.gradebook import remembered
from grader.gradebook.batch import grade_class
from grader.gradebook.book import open_gradebook
from grader.gradebook.remembered import Remembered
from grader.gradebook.runs import JudgedToKeep
from grader.judge.submission import SubmissionJudged
from grader.model.assignment import Assignment
from grader.sandbox.contract import Job, JobResult
from tests.unit.gradebook.small import Reads, course, handed_in, mark


class Counting:
    """Judges nothing: what it makes says how often it was asked."""

    def __init__(self, *, held: bool = False, diagnosis: str = "[]") -> None:
        self.asked = 0
        self._held = held
        self._diagnosis = diagnosis

    @property
    def assignment(self) -> Assignment:
        raise NotImplementedError

    def judge(self, *_given: Any, **_more: Any) -> SubmissionJudged:
        raise NotImplementedError

    def judge_as(self, *_given: Any, **_more: Any) -> Any:
        self.asked += 1
        outcomes = [(self.asked, "detail")]
        return JudgedToKeep(diagnosis=self._diagnosis, held=self._held, outcomes=outcomes)

    def elsewhere(self, *_given: Any, **_more: Any) -> None:
        raise NotImplementedError

    def stop(self) -> None: ...


ONE = [("call", b"1"), ("asked", b"2")]


def test_the_same_responses_are_judged_once() -> None:
    marker, known = Counting(), Remembered()
    first = known.judged(marker, ONE)
    assert known.judged(marker, [*reversed(ONE)]) == first
    assert marker.asked == 1


@pytest.mark.parametrize(
    "other",
    [
        [("call", b"1")],
        [("call", b"2"), ("asked", b"1")],
        [("call", b"12"), ("asked", b"")],
        [("cal", b"l1"), ("asked", b"2")],
        [("call", b"1"), ("asked", b"2"), ("more", b"")],
        [],
    ],
)
def test_other_responses_are_judged(other: list[tuple[str, bytes]]) -> None:
    marker, known = Counting(), Remembered()
    assert known.judged(marker, ONE) != known.judged(marker, other)


def test_what_was_held_is_judged_again() -> None:
    marker, known = Counting(held=True), Remembered()
    known.judged(marker, ONE)
    known.judged(marker, ONE)
    assert marker.asked == 2


def test_what_was_not_used_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_MOST_BYTES", 1000)
    marker, known = Counting(diagnosis="x" * 300), Remembered()
    for number in range(3):
        known.judged(marker, [("call", b"%d" % number)])
    known.judged(marker, [("call", b"0")])  # used again
    known.judged(marker, [("call", b"3")])
    assert marker.asked == 4
    known.judged(marker, [("call", b"0")])
    assert marker.asked == 4
    known.judged(marker, [("call", b"1")])
    assert marker.asked == 5


def test_in_a_class_each_keeps_what_they_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = course(tmp_path)
    asked = 0

    def judge_as(self: Prepared, given: Any, opened: Any, made: Any, givens: Any = None) -> Any:
        nonlocal asked
        asked += 1
        return made(self.judge(opened(given), givens))

    class Prints(Reads):
        def run(self, job: Job) -> JobResult:
            return replace(super().run(job), printed=job.files["code.py"].decode())

    monkeypatch.setattr(Prepared, "judge_as", judge_as)
    same = [handed_in(name, code=f"2 * x  # {name}") for name in ("ann", "ben")]
    submissions = [*same, handed_in("cy", start=7)]
    with open_gradebook(tmp_path / "book.db") as book:
        graded = list(mark(book, folder, submissions, Prints(), workers=1).submissions)
    assert asked == 2
    assert [one.score for one in graded] == [7, 7, 5]
    assert [one.printed for one in graded] == ["2 * x  # ann", "2 * x  # ben", "2 * x"]
    plain = grade_class(prepare(folder), submissions, Prints(), workers=1).submissions
    assert [one.outcomes for one in graded] == [one.outcomes for one in plain]
