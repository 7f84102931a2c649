"""Prove an assignment: its spec, its reference and its examples against each other."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from grader.audit.finding import Audit
from grader.checks.examples import check_examples, read_expectations
from grader.checks.prepare import Prepared
from grader.checks.readings import Readings, read_formulas
from grader.course.audit import audit as audit_assignment
from grader.course.judge import grade
from grader.course.load import load
from grader.course.options import VerifyOptions
from grader.course.sandbox import expect_fit
from grader.course.watch import open_course
from grader.course.watched import WatchedCourse
from grader.model.diagnostic import Diagnostic, Place
from grader.sandbox.contract import Sandbox
from grader.spec.load import SpecFault
from grader.spec.sources import find_above
from grader.submissions.find import open_submission

__all__ = ["Verified", "verify"]

_NOTHING_READ = Readings()


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


def verify(path: Path | str, sandbox: Sandbox, options: VerifyOptions | None = None) -> Verified:
    """Check one assignment; every problem found is among the diagnostics.

    Raises SandboxFault where its code cannot be run in this sandbox, and CourseFault where the
    course's own ends the process that it runs in.
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
    return replace(verified, printed=printed, warnings=course.warnings)


def _with_examples(
    course: Prepared | WatchedCourse, sandbox: Sandbox, options: VerifyOptions
) -> Verified:
    assignment = course.assignment
    relative = Path("examples") / "submissions" / assignment.slug
    folder = find_above(assignment.folder, relative)
    if folder is None:
        place = Place(file=str(assignment.folder / "assignment.yaml"))
        raise SpecFault(Diagnostic(code="S404", place=place, message=f"there is no {relative}"))
    expectations = read_expectations(folder / "expected.yaml", assignment)
    labels = sorted(item for item in folder.iterdir() if item.is_dir())
    submissions = [open_submission(label, assignment.files) for label in labels]
    graded = grade(course, submissions, sandbox, options.run)
    problems = check_examples(assignment, expectations, graded.submissions)
    measured = None
    if options.audit and not problems:
        measured = (
            course.audit(graded.submissions)
            if isinstance(course, WatchedCourse)
            else audit_assignment(course, graded.submissions)
        )
    return Verified(
        audit=measured,
        readings=(
            course.readings()
            if isinstance(course, WatchedCourse)
            else read_formulas(assignment, course.key)
        ),
        slug=assignment.slug,
        questions=len(assignment.questions),
        examples=len(submissions),
        diagnostics=problems.found,
    )
