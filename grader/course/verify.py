"""Prove an assignment: its spec, its reference and its examples against each other."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.audit.finding import Audit
from grader.audit.variants import sampled
from grader.checks.examples import check_examples, read_expectations
from grader.checks.handout import check_handout
from grader.checks.placeholders import check_placeholders
from grader.checks.prepare import Prepared
from grader.checks.readings import Readings, read_formulas
from grader.checks.starter import check_starters
from grader.checks.typed_out import check_typed_out
from grader.checks.written_examples import expected_text
from grader.course.audit import audit as audit_assignment
from grader.course.drivers import expect_drivers_work
from grader.course.judge import grade
from grader.course.load import load
from grader.course.options import VerifyOptions
from grader.course.sandbox import expect_fit
from grader.course.watch import open_course
from grader.course.watched import WatchedCourse
from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.model.outcome import SubmissionOutcome
from grader.sandbox.contract import Sandbox
from grader.spec.load import SpecFault
from grader.spec.sources import find_above
from grader.submissions.find import open_submission

__all__ = ["Verified", "verify"]

_NOTHING_READ = Readings()
_EXPECTED = "expected.yaml"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verified:
    """What was checked, and what was found wrong."""

    slug: str
    questions: int = 0
    examples: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()  #: that stop nobody from marking with it
    printed: str = ""  #: by the course's own code
    readings: Readings = _NOTHING_READ
    audit: Audit | None = None  #: where it was asked for, and nothing was found wrong
    wrote: Path | None = None  #: the expected.yaml that was written, where that was asked for


def verify(path: Path | str, sandbox: Sandbox, options: VerifyOptions | None = None) -> Verified:
    """Check one assignment; every problem found is among the diagnostics.

    Where there are no examples yet, everything else is checked, and a warning says what comes
    next. Raises SandboxFault where its code cannot be run in this sandbox, and CourseFault where
    the course's own ends the process that it runs in.
    """
    options = options or VerifyOptions()
    path = Path(path)
    try:
        with contextlib.ExitStack() as stack:
            course: Prepared | WatchedCourse
            if options.run.watched:
                course = stack.enter_context(open_course(path, options.load))
            else:
                course = load(path, options.load)
            return _opened(course, sandbox, options)
    except SpecFault as fault:
        slug = path.resolve().name if path.is_dir() else path.resolve().parent.name
        return Verified(slug=slug, diagnostics=fault.diagnostics)


def _opened(course: Prepared | WatchedCourse, sandbox: Sandbox, options: VerifyOptions) -> Verified:
    expect_fit(course.assignment, sandbox.tier)
    try:
        verified = _with_examples(course, sandbox, options)
    except SpecFault as fault:
        verified = Verified(
            slug=course.assignment.slug,
            questions=len(course.assignment.questions),
            diagnostics=fault.diagnostics,
        )
    printed = course.printed.text if isinstance(course, WatchedCourse) else ""
    typed_out = check_typed_out(course.assignment)
    warnings = (*course.warnings, *typed_out, *verified.warnings)
    return replace(verified, printed=printed, warnings=warnings)


def _with_examples(
    course: Prepared | WatchedCourse, sandbox: Sandbox, options: VerifyOptions
) -> Verified:
    assignment = course.assignment
    if isinstance(course, WatchedCourse):
        expect_drivers_work(course, sandbox)
    if assignment.variants is not None:
        unfit = (*check_placeholders(assignment), *_sampled(course))
        if unfit:
            raise SpecFault(*unfit)
    folder = find_above(assignment.folder, _examples_of(assignment))
    labels = sorted(item for item in folder.iterdir() if item.is_dir()) if folder else []
    has_expected = folder is not None and (folder / _EXPECTED).exists()
    graded: Sequence[SubmissionOutcome] = ()
    problems: tuple[Diagnostic, ...] = ()
    wrote = None
    if folder is not None and (has_expected or (labels and options.examples)):
        if not options.examples:
            expectations = read_expectations(folder / _EXPECTED, assignment)
        submissions = [open_submission(label, assignment.files) for label in labels]
        graded = grade(course, submissions, sandbox, options.run).submissions
        if options.examples:
            wrote = _write(folder / _EXPECTED, assignment, graded)
            expectations = read_expectations(folder / _EXPECTED, assignment)
        problems = check_examples(assignment, expectations, graded).found
    missing = () if graded or problems else (_missing(assignment, labels),)
    return Verified(
        audit=_measured(course, graded) if options.audit and not problems else None,
        readings=(
            course.ask("readings")
            if isinstance(course, WatchedCourse)
            else read_formulas(assignment, course.key)
        ),
        slug=assignment.slug,
        questions=len(assignment.questions),
        examples=len(graded),
        diagnostics=problems,
        warnings=(*check_handout(assignment), *check_starters(assignment), *missing),
        wrote=wrote,
    )


def _examples_of(assignment: Assignment) -> Path:
    return Path("examples") / "submissions" / assignment.slug


def _measured(course: Prepared | WatchedCourse, graded: Sequence[SubmissionOutcome]) -> Audit:
    if isinstance(course, WatchedCourse):
        measured: Audit = course.ask("audit", graded)
        return measured
    return audit_assignment(course, graded)


def _sampled(course: Prepared | WatchedCourse) -> tuple[Diagnostic, ...]:
    """What is wrong with variants of a sample."""
    if isinstance(course, WatchedCourse):
        found: tuple[Diagnostic, ...] = course.ask("sampled")
        return found
    return sampled(course)


def _missing(assignment: Assignment, labels: Sequence[Path]) -> Diagnostic:
    """What comes next where there are no examples, or nothing says what they must get."""
    folder = _examples_of(assignment)
    if labels:
        message = f"there is no {folder / _EXPECTED}, so nothing says what the examples must get"
        help_text = "next: `grader verify --examples` writes it from what they get now"
    else:
        message = f"there is no {folder}, so nothing shows that right is told from wrong"
        help_text = (
            "next: put a right submission into a folder in there and one for each mistake beside "
            "it; `grader verify --examples` then writes what they get, for you to look at"
        )
    place = Place(file=str(assignment.folder / "assignment.yaml"))
    return Diagnostic(code="S404", place=place, message=message, help=help_text, stops=False)


def _write(path: Path, assignment: Assignment, graded: Sequence[SubmissionOutcome]) -> Path:
    """Write what the examples get now. Raises SpecFault where the file cannot be written."""
    text = expected_text(path, assignment, graded)
    unfinished = path.with_name(f".{path.name}.new")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        message = f"it cannot be written: {error.strerror}"
        place = Place(file=str(path))
        raise SpecFault(Diagnostic(code="S401", place=place, message=message)) from None
    return path
