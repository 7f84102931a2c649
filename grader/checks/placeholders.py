"""Do the texts of an assignment with variants name givens that there are?"""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.plan.placeholders import unknown_placeholders
from grader.spec.problems import did_you_mean

__all__ = ["FILLED", "check_placeholders", "filled_texts"]

#: Files beside the spec into which a student's givens are written.
FILLED = ("handout.md", "starter.py", "starter.yaml", "starter.json", "starter.ipynb")


def check_placeholders(assignment: Assignment) -> Iterator[Diagnostic]:
    """S231 for each place such as `{{ learning_rat }}` that names no given."""
    if assignment.variants is None:
        return
    for question, file, text in filled_texts(assignment):
        for line, column, name in unknown_placeholders(text, assignment.givens):
            place = Place(file=file) if question else Place(file=file, line=line, column=column)
            where = f"the prompt of {question!r}" if question else "the text"
            yield _problem(assignment, place, name, where)


def filled_texts(assignment: Assignment) -> Iterator[tuple[str, str, str]]:
    """Each text into which a student's givens are written: the question whose prompt it is, or "",
    the file that it stands in, and the text."""
    for one in assignment.questions:
        yield one.id, str(assignment.folder / "assignment.yaml"), one.prompt
    for name in FILLED:
        path = assignment.folder / name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        yield "", str(path), text


def _problem(assignment: Assignment, place: Place, name: str, where: str) -> Diagnostic:
    message = f"{where} has a place for {name!r}, which is neither a given nor an entry of one"
    near = did_you_mean(name.partition("[")[0], assignment.givens)
    return Diagnostic(code="S231", place=place, message=message, help=near)
