"""Do the texts of an assignment with variants name givens that there are?"""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.plan.placeholders import unknown_placeholders
from grader.spec.problems import did_you_mean

__all__ = ["FILLED", "check_placeholders"]

#: Files beside the spec into which a student's givens are written.
FILLED = ("handout.md", "starter.py", "starter.yaml", "starter.json", "starter.ipynb")


def check_placeholders(assignment: Assignment) -> Iterator[Diagnostic]:
    """S231 for each place such as `{{ learning_rat }}` that names no given."""
    if assignment.variants is None:
        return
    for question in assignment.questions:
        for _, _, name in unknown_placeholders(question.prompt, assignment.givens):
            place = Place(file=str(assignment.folder / "assignment.yaml"))
            yield _problem(assignment, place, name, f"the prompt of {question.id!r}")
    for file in FILLED:
        path = assignment.folder / file
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for line, column, name in unknown_placeholders(text, assignment.givens):
            place = Place(file=str(path), line=line, column=column)
            yield _problem(assignment, place, name, "the text")


def _problem(assignment: Assignment, place: Place, name: str, where: str) -> Diagnostic:
    message = f"{where} has a place for {name!r}, which is neither a given nor an entry of one"
    near = did_you_mean(name.partition("[")[0], assignment.givens)
    return Diagnostic(code="S231", place=place, message=message, help=near)
