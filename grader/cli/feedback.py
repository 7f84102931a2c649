"""`grader export feedback`: what each student reads of their work."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import AnyBookOption
from grader.cli.exits import usage_error
from grader.cli.exporting import (
    ExportWanted,
    SlugArgument,
    content_of,
    export_marks,
)
from grader.cli.grades import CourseOption
from grader.cli.paths import given_path

if TYPE_CHECKING:
    from grader.course.handed_back import HandedBack
    from grader.report.exports.exported import Exported

__all__ = ["feedback"]


class Zip(StrEnum):
    """Whose form a zip of feedback has."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


def feedback(
    output: Annotated[
        Path,
        typer.Argument(
            help="The folder, or with --zip the file.", parser=given_path, metavar="output"
        ),
    ],
    assignment: SlugArgument = "",
    zip: Annotated[
        Zip | None, typer.Option("--zip", help="One zip, in the form that it is uploaded in.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="For --zip: Canvas' submissions, or Moodle's worksheet."),
    ] = None,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
) -> None:
    """What each student reads of their work: a page of Markdown each, or a zip to upload.

    \b
    grader export feedback pages/ hw1 -g course.db
    grader export feedback new.zip hw1 --zip moodle --into Grades.csv -g course.db
    grader export feedback new.zip hw1 --zip canvas --into subs.zip -g course.db
    grader export feedback autograder.zip hw1 --zip gradescope -g course.db
    """
    if into is not None and zip not in (Zip.CANVAS, Zip.MOODLE):
        usage_error("--into goes with --zip canvas or --zip moodle")
    if zip is Zip.CANVAS and into is None:
        usage_error("--zip canvas needs the download of the submissions: say where with --into")
    names = _names_in(into) if zip is Zip.CANVAS and into is not None else []
    content = content_of(into) if zip is Zip.MOODLE and into is not None else None

    def make(back: HandedBack, _file: str) -> Exported:
        return _feedback(back, output, zip, names, content, "" if into is None else into.name)

    wanted = ExportWanted(
        assignment, gradebook, course, output, is_folder=zip is None, into=into, what="feedback"
    )
    export_marks(wanted, make)


def _feedback(
    back: HandedBack,
    output: Path,
    zip: Zip | None,
    names: list[str],
    content: bytes | None,
    into: str,
) -> Exported:
    from grader.report.exports.feedback import feedback_pages
    from grader.report.exports.gradescope_zip import gradescope_zip
    from grader.report.exports.moodle import participants
    from grader.report.exports.upload_zips import canvas_zip, moodle_zip

    grades, title = back.grades, back.assignment.title
    if zip is None:
        return feedback_pages(grades, title)
    if zip is Zip.GRADESCOPE:
        return gradescope_zip(grades, output.name)
    if zip is Zip.CANVAS:
        return canvas_zip(grades, output.name, title=title, names=names, download=into)
    numbers = participants(content, into, grades)
    return moodle_zip(grades, output.name, title=title, numbers=numbers)


def _names_in(download: Path) -> list[str]:
    """The names of the files in a folder or a zip, of which nothing is unpacked."""
    import zipfile

    try:
        if download.is_dir():
            return sorted(path.name for path in download.iterdir())
        with zipfile.ZipFile(download) as archive:
            return archive.namelist()
    except OSError as error:
        return usage_error(f"{download} cannot be read: {error.strerror}")
    except (zipfile.BadZipFile, NotImplementedError):
        return usage_error(f"{download} is neither a folder nor a zip that can be read")
