"""`grader doctor`: which walls this machine gives."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader.cli.code_options import PythonOption
from grader.cli.exits import Exit, refuse
from grader.cli.walls import python_path

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    python: PythonOption = None,
) -> None:
    """Say what this machine's walls keep students' code from, and why there are no better ones.

    Ends with 0 if the tier full or container works, else with 1.

    \b
    grader doctor
    grader doctor --json
    """
    from grader.gradebook.book import why_no_gradebook
    from grader.report.doctor import doctor_json, doctor_page
    from grader.sandbox.choose import survey
    from grader.sandbox.contract import SandboxFault

    try:
        probes = survey(python_path(python))
    except SandboxFault as fault:
        refuse(str(fault))
    why = why_no_gradebook()
    sys.stdout.write(doctor_json(probes, why) if as_json else doctor_page(probes, why))
    if not any(probe.works and probe.tier != "basic" for probe in probes):
        raise typer.Exit(Exit.NO_WALLS)
