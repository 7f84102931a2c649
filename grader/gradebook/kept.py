"""Mark what is kept: from stored responses, without the files that were handed in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from grader.collect.collect import calls_to_make
from grader.gradebook.asking import Asking, Askings
from grader.gradebook.book import Gradebook
from grader.gradebook.jobs import (
    Asked,
    JobToKeep,
    find_job,
    find_known,
    kept_job,
    setting_of,
)
from grader.gradebook.keeping import Done, Keeper
from grader.gradebook.marker import Marker
from grader.gradebook.marking import collected_and_judged
from grader.gradebook.remembered import Remembered
from grader.gradebook.source import opened
from grader.model.course_rules import Attempts
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission

__all__ = ["KeptSubmission", "MarkKept", "other_attempts", "whole_class"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSubmission:
    """One attempt, as the gradebook knows it."""

    place: int  #: in the run that marked it last
    submission: int
    name: str
    source: str
    variant: str = ""  #: that it answered; "": the assignment's own givens


def whole_class(book: Gradebook, assignment: str, attempts: Attempts) -> Sequence[KeptSubmission]:
    """Every attempt that counts, in the order in which the class was marked last."""
    rows = book.rows(
        "SELECT found.id, found.source, found.variant, key, (SELECT place FROM marked"
        " WHERE marked.submission = found.id ORDER BY run DESC LIMIT 1) AS place FROM"
        " (SELECT * FROM submission WHERE assignment = ?) AS found"
        " JOIN student ON student.id = found.student"
        " WHERE ? OR NOT EXISTS (SELECT 1 FROM submission AS later"
        " WHERE later.student = found.student"
        " AND later.assignment = found.assignment AND later.attempt > found.attempt)"
        " ORDER BY place, key, attempt",
        assignment,
        attempts is not Attempts.LAST,
    )
    return [_kept(row["place"] or 0, row) for row in rows]


def other_attempts(book: Gradebook, run: int) -> Sequence[KeptSubmission]:
    """The attempts of those in a run that are not in it."""
    rows = book.rows(
        "SELECT DISTINCT other.id, other.source, other.variant, key, place FROM marked"
        " JOIN submission AS shown ON shown.id = marked.submission"
        " JOIN submission AS other ON other.student = shown.student"
        " AND other.assignment = shown.assignment"
        " JOIN student ON student.id = other.student"
        " WHERE marked.run = ? AND other.id NOT IN (SELECT submission FROM marked WHERE run = ?)"
        " ORDER BY place, other.attempt",
        run,
        run,
    )
    return [_kept(row["place"], row) for row in rows]


def _kept(place: int, row: sqlite3.Row) -> KeptSubmission:
    found: dict[str, object] = dict(row)
    return KeptSubmission(
        place=place,
        submission=int(str(found["id"])),
        name=str(found["key"]),
        source=str(found["source"]),
        variant=str(found["variant"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkKept:
    """Judge what was collected before; what was never asked is asked of the kept files."""

    book: Gradebook
    marker: Marker
    askings: Askings
    sandbox: Sandbox
    remembered: Remembered = field(default_factory=Remembered)

    def calls_to_make(self, todo: Iterable[KeptSubmission]) -> dict[int, int]:
        """How many calls have to be made, by the id of the submission, where there are any."""
        found: dict[int, int] = {}
        for one in todo:
            asking = self._asking(one)
            if find_job(self.book, one.source, asking.asked) is None:
                known = self._known(one, asking)[1]
                calls = calls_to_make(
                    asking.plan, self._opened(one), None if known is None else known.opened()
                )
                if calls:
                    found[one.submission] = len(calls)
        return found

    def mark(
        self,
        todo: Iterable[KeptSubmission],
        pool: ThreadPoolExecutor,
        keeper: Keeper,
        *,
        at_once: int,
    ) -> None:
        """Mark all of these. Raises GradebookFault; what was marked until then is kept."""
        running: set[Future[Done]] = set()
        try:
            for one in todo:
                running.add(self._begun(one, pool))
                while len(running) >= at_once:
                    keeper.take(running)
                keeper.keep_if_due()
            while running:
                keeper.take(running)
        finally:
            keeper.end(running)

    def _begun(self, one: KeptSubmission, pool: ThreadPoolExecutor) -> Future[Done]:
        asking = self._asking(one)
        job = find_job(self.book, one.source, asking.asked)
        if job is not None:
            known = kept_job(self.book, job)
            return pool.submit(self._one, one, None, job, known, asking)
        asked, some = self._known(one, asking)
        asking = replace(asking, told=lambda: asked)
        return pool.submit(self._one, one, self._opened(one), None, some, asking)

    def _asking(self, one: KeptSubmission) -> Asking:
        return self.askings.of(one.name, one.variant)

    def _known(self, one: KeptSubmission, asking: Asking) -> tuple[Asked, JobToKeep | None]:
        """What the same files gave in the same setting; as which job the rest of it is kept."""
        job = find_known(self.book, one.source, asking.asked)
        if job is None:
            return asking.asked, None
        setting = asking.asked.setting or setting_of(self.book, job)
        return replace(asking.asked, setting=setting), kept_job(self.book, job)

    def _opened(self, one: KeptSubmission) -> Submission:
        row = self.book.row("SELECT archive FROM source WHERE digest = ?", one.source)
        assert row is not None
        return opened(row["archive"], one.name)

    def _one(
        self,
        one: KeptSubmission,
        submission: Submission | None,
        kept: int | None,
        known: JobToKeep | None,
        asking: Asking,
    ) -> Done:
        """In a thread of the pool."""
        job, marked = collected_and_judged(
            self.marker,
            asking,
            submission or Submission(id=one.name),
            self.sandbox,
            known,
            is_kept=kept is not None,
            remembered=self.remembered,
        )
        return Done(
            place=one.place,
            name=one.name,
            submission=one.submission,
            source=one.source,
            asked=asking.asked,
            job=job,
            kept=kept,
            marked=marked,
        )
