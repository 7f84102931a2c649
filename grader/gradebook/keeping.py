"""Keep what was marked, in whole transactions of so many submissions and so much time at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.gradebook.attempts import hand_in
from grader.gradebook.book import Gradebook
from grader.gradebook.jobs import Asked, JobToKeep, find_job, keep_job
from grader.gradebook.roster import keep_delivery
from grader.gradebook.runs import MarkedToKeep, keep_marked
from grader.gradebook.source import Source
from grader.submissions.submission import Delivery

__all__ = ["Done", "Keeper", "Moved", "now"]

_MOST_UNKEPT = 50  # submissions
_MOST_BYTES = 4 << 20
_SECONDS_UNKEPT = 0.5


def now() -> str:
    """The time as it is written down."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How far a class is: what is counted is kept."""

    total: int
    done: int
    held: int  #: of those done
    again: int  #: of those done, whose code was not run since what it gave was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One submission, collected and judged."""

    place: int
    name: str
    submission: int | None  #: None: it is not known yet which attempt it is
    source: Source | str  #: or only the digest of one that is kept
    asked: Asked
    job: JobToKeep | None  #: None: it is kept already, as `kept`
    kept: int | None
    marked: MarkedToKeep
    variant: str = ""  #: that it was judged by, where it was drawn for this run
    delivery: Delivery | None = None  #: what its download says of it

    @property
    def size(self) -> int:
        """About how many bytes wait with it."""
        archive = len(self.source.archive) if isinstance(self.source, Source) else 0
        return archive + self.marked.size + (self.job.size if self.job is not None else 0)

    @property
    def source_digest(self) -> str:
        return self.source if isinstance(self.source, str) else self.source.digest


class Keeper:
    """What writes one run. Used by the thread that has the gradebook."""

    def __init__(
        self,
        book: Gradebook,
        assignment: str,
        run: int,
        *,
        total: int,
        tell: Callable[[Moved], None],
        again: bool = False,
        correct: bool = False,
    ) -> None:
        """`again`: what is kept of a job is replaced. `correct`: changed files replace others."""
        self._book = book
        self._assignment = assignment
        self._run = run
        self._total = total
        self._tell = tell
        self._replace = again
        self._correct = correct
        self._count = self._held = self._again = 0
        self._unkept: list[Done] = []
        self._since = 0.0
        self._tell(self._moved())

    def expect(self, more: int) -> None:
        """There are more submissions than was thought."""
        self._total += more

    def skip(self) -> None:
        """One that this run has already."""
        self._count += 1
        self._again += 1

    def take(self, running: set[Future[Done]]) -> None:
        """Wait for one that is done, at most until what is done has to be kept; take it out."""
        left = self._since + _SECONDS_UNKEPT - time.monotonic() if self._unkept else None
        done, _ = wait(running, None if left is None else max(left, 0), FIRST_COMPLETED)
        running -= done
        failed = self._append(done)
        if failed is not None:
            raise failed
        self.keep_if_due()

    def end(self, running: set[Future[Done]]) -> None:
        """Keep what is done by now, whatever becomes of the others."""
        self._append({future for future in running if future.done()})
        self.keep()

    def _append(self, done: set[Future[Done]]) -> BaseException | None:
        """Those that were done, and why one of them was not."""
        failed = None
        for future in done:
            error = future.exception()
            if error is not None:
                failed = error
                continue
            if not self._unkept:
                self._since = time.monotonic()
            self._unkept.append(future.result())
        return failed

    def keep_if_due(self) -> None:
        """Keep what is done, where it is much or has waited for long."""
        if self._unkept and (
            len(self._unkept) >= _MOST_UNKEPT
            or time.monotonic() - self._since >= _SECONDS_UNKEPT
            or sum(one.size for one in self._unkept) >= _MOST_BYTES
        ):
            self.keep()

    def keep(self) -> None:
        """Keep what is done, and tell how far it is. Raises GradebookFault."""
        if self._unkept:
            with self._book.writing():
                for one in self._unkept:
                    self._keep_one(one)
        for one in self._unkept:
            self._count += 1
            self._held += one.marked.held
            self._again += one.kept is not None
        self._unkept.clear()
        self._tell(self._moved())

    def _keep_one(self, one: Done) -> None:
        submission = one.submission
        if submission is None:
            assert isinstance(one.source, Source)
            submission = hand_in(
                self._book,
                self._assignment,
                one.name,
                one.source,
                now=now(),
                correct=self._correct,
            )
        if one.variant:
            self._book.run(
                "UPDATE submission SET variant = ? WHERE id = ?", one.variant, submission
            )
        keep_delivery(self._book, submission, one.delivery)
        job = one.kept
        if one.job is not None and not self._replace:  # somebody may have handed in the same
            job = find_job(self._book, one.source_digest, one.asked)
        # Without a setting nothing was asked of any code: there were no files.
        if one.job is not None and job is None and one.asked.setting:
            job = keep_job(self._book, one.source_digest, one.asked, one.job)
        keep_marked(
            self._book,
            self._run,
            submission,
            one.marked,
            place=one.place,
            source=one.source_digest,
            job=job,
        )

    def _moved(self) -> Moved:
        return Moved(total=self._total, done=self._count, held=self._held, again=self._again)
