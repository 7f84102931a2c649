"""`grader show`: the key of an assignment, for its author."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.assignments import assignment_path
from grader.cli.courses import course_of, note_printed, refuse_course
from grader.cli.exits import bad_spec, usage_error
from grader.cli.screen import fitted
from grader.cli.variant import given_to
from grader.cli.walls import load_options

if TYPE_CHECKING:
    from grader.model.assignment import Assignment

__all__ = ["show"]


def show(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    mistake: Annotated[
        list[str] | None,
        typer.Option("--mistake", metavar="ID", help="With this mistake in the reference."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--given", metavar="NAME=VALUE", help="At another value of a given."),
    ] = None,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="KEY", help="At the givens of this student's variant."),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option("--question", "-q", metavar="ID", help="Of this question only."),
    ] = None,
    examples: Annotated[
        bool,
        typer.Option("--examples", help="Write expected.yaml instead, as verify --examples does."),
    ] = False,
) -> None:
    """Print the key: every step, part, row and case. It is for authors and staff.

    \b
    grader show ecs289-homework
    grader show ecs289-homework --mistake heavy-ball -q nesterov_points
    grader show ecs289-homework --given learning_rate=0.1
    """
    if examples:
        from grader.cli.verify import verify

        verify([assignment], examples=True)
        return
    from grader.course.asked import shown_of
    from grader.course.watched import CourseFault
    from grader.report.key_text import key_page
    from grader.spec.load import SpecFault

    with course_of(assignment_path(assignment), load_options(None, None)) as course:
        made = course.assignment
        if student is not None and made.variants is None:
            usage_error(f"{made.slug} has no `variants:`, so --student says nothing")
        mistakes, questions = mistake or [], question or []
        _expect("mistake", mistakes, [one.id for one in made.mistakes])
        _expect("question", questions, [one.id for one in made.questions])
        givens = dict(given_to(course, [student])[student]) if student is not None else {}
        givens |= dict(_given(text, made) for text in given or [])
        try:
            shown = shown_of(course, mistakes, givens)
        except SpecFault as fault:
            bad_spec(fault.diagnostics)
        except CourseFault as fault:
            refuse_course(fault)
        note_printed(course.printed.text)
    sys.stdout.write(fitted(key_page(shown, questions), sys.stdout))


def _expect(what: str, names: Iterable[str], known: list[str]) -> None:
    from grader.spec.problems import did_you_mean

    for name in names:
        if name not in known:
            near = did_you_mean(name, known) or (
                f"there are {', '.join(known)}" if known else "the assignment has none"
            )
            usage_error(f"there is no {what} {name!r}; {near}")


def _given(text: str, assignment: Assignment) -> tuple[str, Any]:
    """Name and value of `learning_rate=0.1`, the value as a spec would write it."""
    from grader.spec.values import input_value
    from grader.spec.yaml_reader import YamlFault, read_yaml_string

    name, sign, written = text.partition("=")
    name = name.strip()
    if not sign or not written.strip():
        usage_error(f"--given is NAME=VALUE, not {text!r}")
    _expect("given", [name], [*assignment.givens])
    try:
        document = read_yaml_string(written.strip(), name="--given")
    except YamlFault:
        usage_error(f"the value of {name} cannot be read: {written.strip()}")
    value = input_value(document.data)
    wanted = _kind(assignment.givens[name])
    if wanted and _kind(value) != wanted:
        usage_error(f"{name} is {wanted} in the spec, and {written.strip()} is none")
    return name, value


def _kind(value: Any) -> str:
    """In words, where it is made of numbers."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return "a list of numbers"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "a number" if is_number else ""
