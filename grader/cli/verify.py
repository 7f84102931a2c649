"""`grader verify`: prove assignments before students see them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.exits import Exit, print_diagnostics

__all__ = ["verify"]


def verify(
    assignments: Annotated[list[str], typer.Argument(help="Folders or slugs of assignments.")],
    workers: Annotated[
        int | None, typer.Option("--workers", "-j", min=1, max=256, help="Examples at a time.")
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Also measure whether right is told from wrong.")
    ] = False,
) -> None:
    """Check specs, references against stated numbers, and examples against expected.yaml.

    \b
    grader verify assignments/ecs289-homework
    grader verify assignments/*
    grader verify --audit assignments/*
    """
    from grader.gradebook.verify import verify as verify_one
    from grader.report.audit_text import audit_page
    from grader.sandbox.plain import PlainSandbox

    sound, holes = True, 0
    for given in assignments:
        verified = verify_one(assignment_path(given), PlainSandbox(), workers=workers, audit=audit)
        print_diagnostics(verified.diagnostics)
        if verified.diagnostics:
            sound = False
            count = len(verified.diagnostics)
            sys.stdout.write(f"✗ {verified.slug}: {count} problem{'s' * (count != 1)}\n")
        else:
            sys.stdout.write(
                f"✓ {verified.slug}: {verified.questions} questions, {verified.examples} examples\n"
            )
        if verified.audit is not None:
            sys.stdout.write(audit_page(verified.audit))
            holes += len(verified.audit.holes)
        sys.stdout.flush()
    if not sound:
        raise typer.Exit(Exit.BAD_SPEC)
    if holes:
        raise typer.Exit(Exit.HOLE)
