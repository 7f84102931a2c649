"""What every `grader export …` does: marks are read, files written, and all of it is said."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import book_to_read, book_to_write, faults_of_books, the_gradebook
from grader.cli.exits import usage_error, warn
from grader.cli.grades import rules_of_course, tell_lateness
from grader.cli.outputs import check_outputs, is_printed, make_folder, write_all, write_output
from grader.cli.paths import given_path
from grader.sandbox.text import clean_text

if TYPE_CHECKING:
    from grader.course.handed_back import HandedBack
    from grader.report.exports.exported import Exported

__all__ = [
    "SEPARATORS",
    "ExportWanted",
    "OutputOption",
    "Separator",
    "SeparatorOption",
    "SlugArgument",
    "content_of",
    "export_marks",
]

_WIDTH = 80
_MOST_BYTES = 64 << 20
_LONGEST = 2000


SlugArgument = Annotated[str, typer.Argument(help="The assignment (default: the only one).")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write there instead of printing (-: print).",
        parser=given_path,
        metavar="<path>",
    ),
]


class Separator(StrEnum):
    """What stands between the cells of a table: the one that the spreadsheet here expects."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


SEPARATORS = {Separator.COMMA: ",", Separator.SEMICOLON: ";", Separator.TAB: "\t"}

SeparatorOption = Annotated[
    Separator | None,
    typer.Option("--separator", help="Between the cells of the table (default: comma)."),
]


@dataclass(frozen=True, slots=True)
class ExportWanted:
    """What was asked for on the command line, whatever the platform."""

    assignment: str
    gradebook: Path | None  #: None: the only one here
    course: Path | None
    output: Path | None  #: None: printed
    _: KW_ONLY
    is_folder: bool = False
    into: Path | None = None  #: a file of the platform's, which is only read
    what: str = "marks"
    deducts: str = ""  #: one that may deduct for lateness itself


Make = Callable[["HandedBack", str], "Exported"]
"""An export of these marks, its file under this name."""


def content_of(path: Path) -> bytes:
    """A file that was downloaded; the command ends where it cannot be read."""
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            usage_error(f"{path} has more than {_MOST_BYTES >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        return usage_error(f"{path} cannot be read: {error.strerror}")


def export_marks(wanted: ExportWanted, make: Make) -> None:
    """Make it, write it, note it in the gradebook, and say what is in it and what is not."""
    from grader.course.handed_back import handed_back
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export
    from grader.report.exports.exported import ExportFault
    from grader.spec.load import SpecFault

    _check(wanted)
    output = wanted.output
    file = output is not None and not is_printed(output)
    opening = partial(book_to_write, make=False) if file else book_to_read
    with opening(the_gradebook(wanted.gradebook)) as book, faults_of_books():
        rules = rules_of_course(book, wanted.course)
        try:
            back = handed_back(book, rules, _slug(wanted.assignment))
        except SpecFault as fault:
            usage_error(f"the assignment of the last run cannot be read any more: {fault}")
        shown = wanted.into or output
        try:
            exported = make(back, "marks" if shown is None else shown.name)
        except ExportFault as fault:
            usage_error(str(fault))
        _write(exported, output, is_folder=wanted.is_folder)
        if output is not None and file:
            note_export(book, back.assignment.slug, output, now=now())
    if wanted.deducts and rules.late is not None:
        warn(
            f"the rules of the course deduct for lateness; {wanted.deducts} may do so once more",
            "`late: lms` in course.yaml leaves it to the platform",
        )
    tell_lateness(back.grades, rules)
    _say(exported, wanted, back.assignment.slug)


def _slug(given: str) -> str:
    """A folder of an assignment stands for its slug, as everywhere."""
    return given.rstrip("/").rpartition("/")[2]


def _check(wanted: ExportWanted) -> None:
    output = wanted.output
    if output is None:
        return
    file = not is_printed(output) and output.exists()
    if wanted.into is not None and file and output.samefile(wanted.into):
        usage_error(f"{output} is what was downloaded: write the marks somewhere else")
    if not wanted.is_folder:
        check_outputs([output])
    elif output.exists() and not output.is_dir():
        usage_error(f"{output} is not a folder, and several files have to be written")
    elif not output.absolute().parent.is_dir():
        usage_error(f"{output} cannot be made: there is no folder {output.parent}")


def _write(exported: Exported, output: Path | None, *, is_folder: bool) -> None:
    if output is None:
        for content in exported.files.values():
            sys.stdout.write(content.decode("utf-8-sig", "replace"))
    elif not is_folder:
        write_all(*(partial(write_output, output, one) for one in exported.files.values()))
    else:
        make_folder(output)
        files = exported.files.items()
        write_all(*(partial(write_output, output / name, content) for name, content in files))


def _say(exported: Exported, wanted: ExportWanted, slug: str) -> None:
    """On the standard error, so that what is printed is the file alone."""
    printed = wanted.output is None or is_printed(wanted.output)
    where = "printed" if printed else f"in {wanted.output}"
    column = f", column {exported.where!r}" if exported.where else ""
    print(f"{slug}: {wanted.what} of {_count(exported.written)} {where}{column}", file=sys.stderr)
    for one in exported.left_out:
        names = [clean_text(name, limit=_LONGEST).replace("\n", " ") for name in one.who]
        print(f"note: {one.what}: {_count(len(names))}", file=sys.stderr)
        print(_listed(names), file=sys.stderr)
    for warning in exported.warnings:
        warn(clean_text(warning, limit=_LONGEST).replace("\n", " "))


def _count(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _listed(names: Sequence[str]) -> str:
    return textwrap.fill(
        "; ".join(names),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
