"""The gradebook that a command uses, and what is said where it cannot be used."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.exits import note, refuse, usage_error

if TYPE_CHECKING:
    from grader.gradebook.book import Gradebook

__all__ = [
    "AnyBookOption",
    "BookOption",
    "book_to_read",
    "book_to_write",
    "faults_of_books",
    "gradebook_path",
    "note_results",
    "the_gradebook",
]

AnyBookOption = Annotated[
    Path | None,
    typer.Option("--gradebook", "-g", help="The gradebook (default: the only one here)."),
]
BookOption = Annotated[
    Path, typer.Option("--gradebook", "-g", help="The gradebook that `grade` keeps.")
]


def gradebook_path(results: Path | None, given: Path | None, *, none: bool = False) -> Path | None:
    """Where it is: the one that is named, else beside the results; None where neither is, or
    there is to be `none`."""
    if none and given is not None:
        usage_error("--gradebook names one, and --no-gradebook wants none")
    if none or given is not None or results is None:
        return given
    return results.with_name(results.name.removesuffix(".json") + ".db")


def the_gradebook(given: Path | None) -> Path:
    """The one that is named, else the only one here or in `results/`; it is said which."""
    if given is not None:
        return given
    found = sorted({*Path().glob("*.db"), *Path("results").glob("*.db")})
    if len(found) != 1:
        there = ", ".join(map(str, found)) or "none here or in results/"
        usage_error(f"say which gradebook with --gradebook FILE: there is {there}")
    note(f"from the gradebook {found[0]}")
    return found[0]


@contextlib.contextmanager
def faults_of_books() -> Iterator[None]:
    """End the command where the gradebook cannot be used."""
    from grader.gradebook.book import GradebookFault

    try:
        yield
    except GradebookFault as fault:
        refuse(str(fault))


@contextlib.contextmanager
def book_to_write(path: Path, *, make: bool) -> Iterator[Gradebook]:
    """A gradebook, closed at the end; the command ends where it cannot be used."""
    from grader.gradebook.book import open_gradebook

    with faults_of_books(), open_gradebook(path, make=make) as book:
        if book.on_network:
            note(f"{path} lies on another machine: let one command at a time use it")
        yield book


@contextlib.contextmanager
def book_to_read(path: Path) -> Iterator[Gradebook]:
    """The same, only to look into it."""
    from grader.gradebook.book import read_gradebook

    with faults_of_books(), read_gradebook(path) as book:
        yield book


def note_results(book: Gradebook | None, slug: str, results: Path) -> None:
    """Remember the file that was written: somebody may have to be taken out of it one day."""
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export

    if book is not None:
        note_export(book, slug, results, now=now())
