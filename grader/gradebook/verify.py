"""Prove an assignment: its spec, its reference and its examples against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.audit.audit import audit as audit_assignment
from grader.audit.finding import Audit
from grader.checks.examples import check_examples, read_expectations
from grader.checks.prepare import Prepared, prepare
from grader.gradebook.grade import grade_class
from grader.model.diagnostic import Diagnostic, Place
from grader.sandbox.contract import Sandbox
from grader.spec.load import SpecFault
from grader.spec.sources import find_above
from grader.submissions.find import open_submission

__all__ = ["Verified", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verified:
    """What was checked, and what was found wrong."""

    slug: str
    questions: int = 0
    examples: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    audit: Audit | None = None  #: where it was asked for, and nothing was found wrong


def verify(
    path: Path,
    sandbox: Sandbox,
    *,
    workers: int | None = None,
    audit: bool = False,
    adjust: Callable[[Prepared], Prepared] | None = None,
) -> Verified:
    """Check one assignment; every problem found is among the diagnostics.

    With `audit` one without problems is measured as well. `adjust` may set limits otherwise before
    the examples are run.
    """
    try:
        prepared = prepare(path)
        if adjust is not None:
            prepared = adjust(prepared)
    except SpecFault as fault:
        return Verified(slug=_slug(path), diagnostics=fault.diagnostics)
    try:
        return _with_examples(prepared, sandbox, workers, audit=audit)
    except SpecFault as fault:
        return Verified(
            slug=prepared.assignment.slug,
            questions=len(prepared.assignment.questions),
            diagnostics=fault.diagnostics,
        )


def _with_examples(
    prepared: Prepared, sandbox: Sandbox, workers: int | None, *, audit: bool
) -> Verified:
    assignment = prepared.assignment
    relative = Path("examples") / "submissions" / assignment.slug
    folder = find_above(assignment.folder, relative)
    if folder is None:
        place = Place(file=str(assignment.folder / "assignment.yaml"))
        raise SpecFault(Diagnostic(code="S404", place=place, message=f"there is no {relative}"))
    expectations = read_expectations(folder / "expected.yaml", assignment)
    labels = sorted(item for item in folder.iterdir() if item.is_dir())
    submissions = [open_submission(label, assignment.files) for label in labels]
    graded = grade_class(prepared, submissions, sandbox, workers=workers)
    problems = check_examples(assignment, expectations, graded.submissions)
    measured = None
    if audit and not problems:
        measured = audit_assignment(prepared, graded.submissions)
    return Verified(
        audit=measured,
        slug=assignment.slug,
        questions=len(assignment.questions),
        examples=len(submissions),
        diagnostics=problems.found,
    )


def _slug(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.resolve().parent.name
