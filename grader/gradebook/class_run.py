"""Mark a class into a gradebook: what is kept already is not done again, and nothing is lost.

One thread reads and writes the gradebook; others collect and judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from grader.gradebook.asking import Asking, Askings
from grader.gradebook.attempts import last_attempt
from grader.gradebook.book import Gradebook
from grader.gradebook.edition import Edition
from grader.gradebook.jobs import Asked, JobToKeep, find_job, find_known, keep_asked, kept_job
from grader.gradebook.keeping import Done, Keeper, Moved, now
from grader.gradebook.kept import MarkKept, other_attempts
from grader.gradebook.marker import Marker
from grader.gradebook.marking import collected_and_judged
from grader.gradebook.remembered import Remembered
from grader.gradebook.runs import begin_run, finish_run, unfinished_run
from grader.gradebook.source import Source, source_of
from grader.model.course_rules import Attempts
from grader.plan.fingerprint import digest
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission, group_of

__all__ = ["ClassRun"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassRun:
    """One run of a class, from its beginning or from where it was left."""

    book: Gradebook
    marker: Marker
    askings: Askings
    edition: Edition
    sandbox: Sandbox
    workers: int
    again: bool = False  #: run the code of those too whose responses are kept
    correct: bool = False  #: changed files take the place of the last attempt
    attempts: Attempts = Attempts.LAST  #: with any other, all attempts of those given are marked
    tell: Callable[[Moved], None] = field(default=lambda _moved: None)
    remembered: Remembered = field(default_factory=Remembered)

    def mark(self, submissions: Iterable[Submission], names: Sequence[str]) -> int:
        """Mark all of them; the id of the run. Raises GradebookFault; whatever else is raised, such
        as KeyboardInterrupt, what was marked until then is kept."""
        options = {
            "given": digest("given", list(names)),
            "submissions": len(names),
            "setting": self.askings.asked.setting,
            "again": self.again,
        }
        if self.askings.drawn:
            options["variants"] = self.askings.digest
        run = self._run(options)
        keeper = Keeper(
            self.book,
            self.edition.assignment,
            run,
            total=len(names),
            tell=self.tell,
            again=self.again,
            correct=self.correct,
        )
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            try:
                self._all(run, pool, keeper, submissions)
                if self.attempts is not Attempts.LAST:
                    self._others(run, pool, keeper)
            except BaseException:
                self.sandbox.stop()  # leaving the pool waits for its threads
                self.marker.stop()
                pool.shutdown(cancel_futures=True)
                raise
        with self.book.writing():
            finish_run(self.book, run)
        return run

    def _run(self, options: Mapping[str, object]) -> int:
        run = unfinished_run(self.book, self.edition, "grade", options)
        if run is not None:
            return run
        with self.book.writing():
            for plan, asked in self.askings.all_asked().values():
                keep_asked(self.book, plan, asked)
            return begin_run(self.book, self.edition, "grade", options, now=now())

    def _all(
        self,
        run: int,
        pool: ThreadPoolExecutor,
        keeper: Keeper,
        submissions: Iterable[Submission],
    ) -> None:
        figures = any(one.nature.file for one in self.askings.assignment.questions)
        running: set[Future[Done]] = set()
        group: tuple[str, Future[Done] | None] = ("", None)
        try:
            for place, submission in enumerate(submissions):
                source = source_of(submission, figures=figures)
                if self._is_marked(run, submission.id, source):
                    keeper.skip()
                    continue
                asking = self.askings.of(submission.id)
                # Where variants are drawn each of a group is marked by their own.
                together = "" if asking.variant else group_of(submission)
                if together and together == group[0] and group[1] is not None:
                    running.add(pool.submit(_like, group[1], place, submission))
                else:
                    kept, known = self._kept(source, asking.asked)
                    one = pool.submit(self._one, place, submission, source, asking, kept, known)
                    running.add(one)
                    group = (together, one)
                while len(running) >= 2 * self.workers:
                    keeper.take(running)
                keeper.keep_if_due()
            while running:
                keeper.take(running)
        finally:
            keeper.end(running)

    def _others(self, run: int, pool: ThreadPoolExecutor, keeper: Keeper) -> None:
        """Attempts before the last: a mark never mixes editions."""
        others = other_attempts(self.book, run)
        keeper.expect(len(others))
        MarkKept(
            book=self.book,
            marker=self.marker,
            askings=self.askings,
            sandbox=self.sandbox,
            remembered=self.remembered,
        ).mark(others, pool, keeper, at_once=2 * self.workers)

    def _kept(self, source: Source, asked: Asked) -> tuple[int | None, JobToKeep | None]:
        """The job that is kept, and what was collected; or only what an earlier one gave."""
        if self.again or source.unreadable:
            return None, None
        job = find_job(self.book, source.digest, asked)
        other = job if job is not None else find_known(self.book, source.digest, asked)
        return job, None if other is None else kept_job(self.book, other)

    def _one(
        self,
        place: int,
        submission: Submission,
        source: Source,
        asking: Asking,
        kept: int | None,
        known: JobToKeep | None,
    ) -> Done:
        """In a thread of the pool."""
        job, marked = collected_and_judged(
            self.marker,
            asking,
            submission,
            self.sandbox,
            known,
            is_kept=kept is not None,
            remembered=self.remembered,
        )
        return Done(
            place=place,
            name=submission.id,
            submission=None,
            source=source,
            asked=asking.asked,
            job=job,
            kept=kept,
            marked=marked,
            variant=asking.variant,
            delivery=submission.delivery,
        )

    def _is_marked(self, run: int, name: str, source: Source) -> bool:
        """Whether this run has marked just these files, and was not hindered."""
        last = last_attempt(self.book, self.edition.assignment, name)
        if last is None or last["source"] != source.digest:
            return False
        row = self.book.row(
            "SELECT 1 FROM marked WHERE run = ? AND submission = ? AND source = ? AND NOT held",
            run,
            last["id"],
            source.digest,
        )
        return row is not None


def _like(first: Future[Done], place: int, submission: Submission) -> Done:
    """What came of the work of a group, for another of those who handed it in together.

    In a thread of the pool: the first was put there before, so it is done or being done.
    """
    done = first.result()
    return replace(done, place=place, name=submission.id, delivery=submission.delivery)
