"""Mark a class into a gradebook, and read from it what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.checks.prepare import Prepared
from grader.course.options import RunOptions
from grader.course.variants import drawn_givens, names_of
from grader.course.watch import watch
from grader.course.watched import WatchedCourse
from grader.gradebook.asking import Askings, ClassGivens, kept_variants
from grader.gradebook.batch import default_workers
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.class_run import ClassRun
from grader.gradebook.edition import edition_of
from grader.gradebook.keeping import Moved, now
from grader.gradebook.results import StoredOutcomes
from grader.gradebook.rules import rules_of, set_rule
from grader.gradebook.setting import machine_of
from grader.model.course_rules import Attempts
from grader.model.graded import Graded
from grader.plan import Plan, make_plan
from grader.plan.variant import variant_from, variant_text
from grader.report.words import has_faults
from grader.sandbox.contract import Sandbox
from grader.sandbox.ulimits import expect_ulimits
from grader.submissions.submission import Submission

__all__ = ["KeepOptions", "faulty", "grade_into", "judging", "planned", "spec_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOptions:
    """How a class is marked into a gradebook."""

    again: bool = False  #: run the code of those too whose responses are kept
    correct: bool = False  #: changed files take the place of the last attempt
    new_variants: bool = False  #: who was marked by another variant is marked by the one drawn now
    attempts: Attempts | None = None  #: which of them counts, from now on; None: as before
    tell: Callable[[Moved], None] = lambda _moved: None  #: how far it is


def grade_into(
    book: Gradebook,
    path: Path,
    course: Prepared | WatchedCourse,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    *,
    run: RunOptions | None = None,
    keep: KeepOptions | None = None,
) -> Graded:
    """Collect and judge what is not kept yet; the outcomes are read from the gradebook.

    `path` is the assignment's folder or file. Raises GradebookFault, and UlimitsTooLow and
    VariantFault as `grade`.
    """
    assignment = course.assignment
    expect_ulimits(assignment.limits)
    keep = keep or KeepOptions()
    run = run or RunOptions()
    plan = planned(course)
    with judging(course, run) as marker:
        if keep.attempts is not None:
            with book.writing():
                set_rule(book, assignment.slug, "attempts", keep.attempts.value, now=now())
        names = names_of(submissions)
        class_run = ClassRun(
            book=book,
            marker=marker,
            askings=Askings(
                assignment=assignment,
                plan=plan,
                machine=machine_of(sandbox.tier, assignment.python),
                drawn=_drawn(book, marker, run.secret, names, keep),
            ),
            edition=edition_of(spec_file(path), assignment, plan.setting.data),
            sandbox=sandbox,
            workers=run.workers or default_workers(),
            again=keep.again,
            correct=keep.correct,
            attempts=rules_of(book, assignment.slug).attempts,
            tell=keep.tell,
        )
        number = class_run.mark(submissions, names)
    outcomes = StoredOutcomes(book, number, rules_of(book, assignment.slug))
    return Graded(assignment=assignment, submissions=outcomes, tier=sandbox.tier)


def faulty(graded: Graded) -> list[str]:
    """Whose submissions could not be marked wholly, through no fault of theirs."""
    submissions = graded.submissions
    if isinstance(submissions, StoredOutcomes):
        return submissions.held()
    return [one.submission for one in submissions if has_faults(one)]


def _drawn(
    book: Gradebook,
    marker: Prepared | WatchedCourse,
    secret: bytes,
    names: Sequence[str],
    options: KeepOptions,
) -> ClassGivens:
    """The variants of those who are given, and of the others in the gradebook.

    Raises GradebookFault where somebody was marked by another variant than the one drawn now.
    """
    drawn = dict(drawn_givens(marker, secret, names))
    if not drawn:
        return {}
    kept = kept_variants(book, marker.assignment.slug)
    others = [name for name in kept if name in drawn and variant_text(drawn[name]) != kept[name]]
    if others and not options.new_variants:
        msg = (
            f"{len(others)} {'were' if len(others) > 1 else 'was'} marked by another variant than "
            f"the one that is drawn now ({', '.join(others[:3])}): is the secret another one, or "
            "was `variants:` changed? `--new-variants` marks by those that are drawn now"
        )
        raise GradebookFault(msg)
    return {**{name: variant_from(text) for name, text in kept.items()}, **drawn}


def spec_file(path: Path) -> Path:
    """The file of an assignment that is given by its folder or its file."""
    return path / "assignment.yaml" if path.is_dir() else path


def planned(course: Prepared | WatchedCourse) -> Plan:
    """What is asked. Raises GradebookFault where the data of the assignment are gone."""
    try:
        return make_plan(course.assignment)
    except OSError as error:
        msg = f"the data of the assignment cannot be read: {error.strerror}"
        raise GradebookFault(msg) from error


@contextlib.contextmanager
def judging(
    course: Prepared | WatchedCourse, options: RunOptions
) -> Iterator[Prepared | WatchedCourse]:
    """What judges: the course's code in a process of its own, unless the options say otherwise."""
    if isinstance(course, WatchedCourse) or not options.watched:
        yield course
        return
    with watch(course) as watched:
        yield watched
