"""`grader verify`: prove assignments before students see them."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.assignments import assignment_paths
from grader.cli.code_options import LimitOption, PythonOption, SandboxOption
from grader.cli.courses import note_printed, refuse_course
from grader.cli.exits import Exit, print_diagnostics
from grader.cli.screen import fitted
from grader.cli.walls import Wanted, load_options, open_sandbox, refuse_unfit

if TYPE_CHECKING:
    from grader.course.verify import Verified

__all__ = ["verify"]


def verify(
    assignments: Annotated[list[str], typer.Argument(help="Folders or slugs of assignments.")],
    workers: Annotated[
        int | None, typer.Option("--workers", "-j", min=1, max=256, help="Examples at a time.")
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Also measure whether right is told from wrong.")
    ] = False,
    examples: Annotated[
        bool,
        typer.Option(
            "--examples",
            help="Write expected.yaml from what the examples get now, for you to look at.",
        ),
    ] = False,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """Check specs, references against stated numbers, and examples against expected.yaml.

    \b
    grader verify assignments/ecs289-homework
    grader verify assignments/*
    grader verify --audit assignments
    grader verify --examples ecs289-homework
    """
    from grader.course.options import RunOptions, VerifyOptions
    from grader.course.verify import verify as verify_one
    from grader.course.watched import CourseFault
    from grader.sandbox.contract import SandboxFault

    options = VerifyOptions(
        load=load_options(limit, python),
        run=RunOptions(workers=workers),
        audit=audit,
        examples=examples,
    )
    paths = [path for given in assignments for path in assignment_paths(given)]
    sound, holes = True, 0
    behind = open_sandbox(sandbox, options.load.python, python_given=bool(python), must=False)
    with contextlib.closing(behind):
        for path in paths:
            try:
                verified = verify_one(path, behind, options)
            except SandboxFault as fault:
                refuse_unfit(fault)
            except CourseFault as fault:
                refuse_course(fault)
            note_printed(verified.printed)
            _print(verified)
            sound = sound and not verified.diagnostics
            holes += len(verified.audit.holes) if verified.audit is not None else 0
    if not sound:
        raise typer.Exit(Exit.BAD_SPEC)
    if holes:
        raise typer.Exit(Exit.HOLE)


def _print(verified: Verified) -> None:
    from grader.report.audit_text import audit_page

    print_diagnostics((*verified.warnings, *verified.diagnostics))
    if verified.wrote is not None:
        wrote = os.path.relpath(verified.wrote)
        said = f"wrote {wrote}: see whether each line is what the example should get\n"
        sys.stdout.write(fitted(said, sys.stdout))
    if verified.diagnostics:
        count = len(verified.diagnostics)
        sys.stdout.write(f"✗ {verified.slug}: {count} problem{'s' * (count != 1)}\n")
    else:
        counted = ((verified.questions, "question"), (verified.examples, "example"))
        said = ", ".join(f"{count or 'no'} {what}{'s' * (count != 1)}" for count, what in counted)
        sys.stdout.write(f"✓ {verified.slug}: {said}\n")
    for line in verified.readings.read_as:
        sys.stdout.write(fitted(f"  note: {line}\n", sys.stdout))
    for line in verified.readings.doubts:
        sys.stdout.write(fitted(f"  warning: {line}\n", sys.stdout))
    if verified.audit is not None:
        sys.stdout.write(fitted(audit_page(verified.audit), sys.stdout))
    sys.stdout.flush()
