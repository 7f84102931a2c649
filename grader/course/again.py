"""Mark a class again from what is kept of it, and say who gains, who loses and why."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from grader.checks.prepare import Prepared
from grader.course.attribution import Attribution, attributed
from grader.course.keep import judging, planned, spec_file
from grader.course.options import LoadOptions, RunOptions
from grader.course.watched import WatchedCourse
from grader.gradebook.asking import Askings, kept_variants
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.changes import Changes, changes_of
from grader.gradebook.edition import Edition, edition_of, kept_edition
from grader.gradebook.edits import edits_between
from grader.gradebook.jobs import keep_asked
from grader.gradebook.keeping import Keeper, Moved, now
from grader.gradebook.kept import KeptSubmission, MarkKept, whole_class
from grader.gradebook.results import StoredOutcomes
from grader.gradebook.rules import Rules, rules_of, set_rule
from grader.gradebook.runs import begin_run, drop_run, finish_run
from grader.gradebook.setting import machine_of
from grader.model.assignment import Assignment
from grader.model.course_rules import Attempts
from grader.model.graded import Graded
from grader.plan import Plan
from grader.plan.variant import variant_from
from grader.sandbox.contract import NothingRuns, Sandbox

__all__ = ["AT_ONCE", "AgainOptions", "Regraded", "regrade"]

AT_ONCE = 2  #: submissions: one is judged while another one is read or written


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainOptions:
    """How a class is marked again."""

    dry_run: bool = False  #: only say what would change
    never_lower: bool | None = None  #: nobody gets less than now, from now on; None: as before
    attempts: Attempts | None = None  #: which counts, from now on; None: as before
    run: RunOptions = field(default_factory=RunOptions)  #: how the course's code is run
    load: LoadOptions = field(default_factory=LoadOptions)  #: as the assignment was loaded
    tell: Callable[[Moved], None] = lambda _moved: None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regraded:
    """What came of it. With a dry run nothing of it is kept, and there is no class to report."""

    changes: Changes
    graded: Graded | None
    attribution: Attribution
    run_code: int  #: submissions of which code was run, for calls that were never made
    new_calls: int
    rules: Rules = field(default_factory=Rules)


def regrade(
    book: Gradebook,
    path: Path,
    course: Prepared | WatchedCourse,
    sandbox: Callable[[], contextlib.AbstractContextManager[Sandbox]],
    options: AgainOptions,
) -> Regraded:
    """Judge every submission that is kept by the assignment as it is now.

    Students' code runs only for calls that were never made, with their whole group, in the sandbox
    that is asked for then. Raises GradebookFault, and SandboxFault where there is no sandbox.
    """
    assignment = course.assignment
    slug = assignment.slug
    plan = planned(course)
    edition = edition_of(spec_file(path), assignment, plan.setting.data)
    last, digest = _last_run(book, slug)
    before = kept_edition(book, digest)
    edits = edits_between(before, edition)
    if any(edit.name == "submission" for edit in edits):
        msg = "other files are to be handed in now: `grader grade` opens the students' folders anew"
        raise GradebookFault(msg)
    if not options.dry_run:
        _set_rules(book, slug, options, last=last)
    rules = rules_of(book, slug)
    if options.dry_run:  # as if they were set
        rules = Rules(
            attempts=options.attempts or rules.attempts,
            lowest_run=last if options.never_lower else rules.lowest_run,
        )
    todo = whole_class(book, slug, rules.attempts)
    askings = _askings(book, assignment, plan, None)
    with contextlib.ExitStack() as stack:
        calls = _marking(book, course, askings, NothingRuns()).calls_to_make(todo)
        behind: Sandbox = NothingRuns()
        if calls:
            behind = stack.enter_context(sandbox())
            machine = machine_of(behind.tier, assignment.python)
            askings = _askings(book, assignment, plan, machine)
            with book.writing():
                for planned_for, asked in askings.all_asked().values():
                    keep_asked(book, planned_for, asked)
        marker = stack.enter_context(judging(course, options.run))
        run_id = _run(book, edition, marker, _marking(book, marker, askings, behind), todo, options)
    try:
        changes = changes_of(book, run_id, rules)
        attribution = attributed(book, changes, run_id, edits, assignment, options.load)
    finally:
        if options.dry_run:
            with book.writing():
                drop_run(book, run_id)
    graded = None
    if not options.dry_run:
        outcomes = StoredOutcomes(book, run_id, rules)
        graded = Graded(assignment=assignment, submissions=outcomes, tier=behind.tier)
    return Regraded(
        changes=changes,
        graded=graded,
        attribution=attribution,
        run_code=len(calls),
        new_calls=max(calls.values(), default=0),
        rules=rules,
    )


def _marking(
    book: Gradebook,
    marker: Prepared | WatchedCourse,
    askings: Askings,
    sandbox: Sandbox,
) -> MarkKept:
    return MarkKept(book=book, marker=marker, askings=askings, sandbox=sandbox)


def _askings(
    book: Gradebook, assignment: Assignment, plan: Plan, machine: Mapping[str, str] | None
) -> Askings:
    """What is asked of everybody: of who answered a variant that one, whatever is drawn now."""
    kept = kept_variants(book, assignment.slug)
    drawn = {name: variant_from(text) for name, text in kept.items()}
    return Askings(assignment=assignment, plan=plan, machine=machine, drawn=drawn)


def _run(
    book: Gradebook,
    edition: Edition,
    marker: Prepared | WatchedCourse,
    marking: MarkKept,
    todo: Sequence[KeptSubmission],
    options: AgainOptions,
) -> int:
    """The id of a run with all of them in it."""
    kind = {"dry_run": options.dry_run, "submissions": len(todo)}
    with book.writing():
        run_id = begin_run(book, edition, "regrade", kind, now=now())
    keeper = Keeper(book, edition.assignment, run_id, total=len(todo), tell=options.tell)
    with _dropped_if_dry(book, run_id, options), ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            marking.mark(todo, pool, keeper, at_once=2 * AT_ONCE)
        except BaseException:
            marking.sandbox.stop()
            marker.stop()
            pool.shutdown(cancel_futures=True)
            raise
    if not options.dry_run:
        with book.writing():
            finish_run(book, run_id)
    return run_id


@contextlib.contextmanager
def _dropped_if_dry(book: Gradebook, run_id: int, options: AgainOptions) -> Iterator[None]:
    """A trial that is stopped leaves nothing."""
    try:
        yield
    except BaseException:
        if options.dry_run:
            with contextlib.suppress(GradebookFault), book.writing():
                drop_run(book, run_id)
        raise


def _last_run(book: Gradebook, slug: str) -> tuple[int, str]:
    row = book.row(
        "SELECT id, edition FROM run WHERE assignment = ? AND (complete OR kind = 'grade')"
        " ORDER BY id DESC LIMIT 1",
        slug,
    )
    if row is None:
        msg = (
            f"the gradebook {book.path} has no submission to {slug}: `grader grade` puts them there"
        )
        raise GradebookFault(msg)
    return int(row["id"]), str(row["edition"])


def _set_rules(book: Gradebook, slug: str, options: AgainOptions, *, last: int) -> None:
    with book.writing():
        if options.attempts is not None:
            set_rule(book, slug, "attempts", options.attempts.value, now=now())
        if options.never_lower is False:
            set_rule(book, slug, "never_lower", "", now=now())
        elif options.never_lower and rules_of(book, slug).lowest_run is None:
            set_rule(book, slug, "never_lower", str(last), now=now())
