"""`grader export`: final marks and feedback in the form that a platform takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import AnyBookOption
from grader.cli.exits import usage_error
from grader.cli.exporting import (
    SEPARATORS,
    ExportWanted,
    OutputOption,
    Separator,
    SeparatorOption,
    SlugArgument,
    content_of,
    export_marks,
)
from grader.cli.feedback import feedback
from grader.cli.grades import CourseOption
from grader.cli.paths import given_path
from grader.report.exports.exported import WriteFeedback

if TYPE_CHECKING:
    from grader.course.handed_back import HandedBack
    from grader.report.exports.exported import Exported

__all__ = ["export"]

export = typer.Typer(
    name="export",
    help="Write final marks and feedback in the form that a platform takes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
export.command()(feedback)


Scale = Annotated[bool, typer.Option("--scale", help="Scale the points to the platform's maximum.")]


@export.command()
def canvas(
    into: Annotated[Path, typer.Option("--into", help="The gradebook downloaded from Canvas.")],
    assignment: SlugArgument = "",
    column: Annotated[
        str, typer.Option("--column", help="The column: its title, or the number in its brackets.")
    ] = "",
    scale: Scale = False,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
    output: OutputOption = None,
) -> None:
    """Canvas: put marks into a downloaded gradebook, and change nothing else in it.

    \b
    grader export canvas hw1 --into G.csv --column "HW 1" -o new.csv -g course.db
    """
    from grader.report.exports.canvas import canvas_csv

    content = content_of(into)

    def make(back: HandedBack, file: str) -> Exported:
        titles = (back.assignment.title, back.assignment.slug)
        return canvas_csv(content, file, back.grades, column=column, titles=titles, scale=scale)

    wanted = ExportWanted(
        assignment, gradebook, course, output, into=into, deducts="Canvas, with a late policy,"
    )
    export_marks(wanted, make)


@export.command()
def moodle(
    into: Annotated[Path, typer.Option("--into", help="The grading worksheet from Moodle.")],
    assignment: SlugArgument = "",
    column: Annotated[
        str, typer.Option("--column", help="The column of marks, where its name is not known here.")
    ] = "",
    marker_column: Annotated[
        str,
        typer.Option(
            "--marker-column", help="Your column where several people mark, such as Marker 1."
        ),
    ] = "",
    feedback: Annotated[
        WriteFeedback,
        typer.Option("--feedback", help="Write feedback into cells that are empty, all, or none."),
    ] = WriteFeedback.EMPTY,
    scale: Scale = False,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
    output: OutputOption = None,
) -> None:
    """Moodle: put marks and feedback into a grading worksheet, and change nothing else in it.

    \b
    grader export moodle hw1 --into Grades.csv -o upload.csv -g course.db
    """
    from grader.report.exports.moodle import moodle_csv

    if column and marker_column:
        usage_error("--column and --marker-column both name the column of marks: give one")
    content = content_of(into)

    def make(back: HandedBack, file: str) -> Exported:
        return moodle_csv(
            content,
            file,
            back.grades,
            column=column,
            marker_column=marker_column,
            feedback=feedback,
            scale=scale,
        )

    wanted = ExportWanted(
        assignment, gradebook, course, output, into=into, deducts="Moodle, from version 5 on,"
    )
    export_marks(wanted, make)


@export.command()
def csv(
    assignment: SlugArgument = "",
    separator: SeparatorOption = None,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
    output: OutputOption = None,
) -> None:
    """A table for people, which a spreadsheet opens: who, each question, and what came of it.

    \b
    grader export csv hw1 -o marks.csv -g course.db
    """
    from grader.report.exports.spreadsheet import spreadsheet_csv

    def make(back: HandedBack, file: str) -> Exported:
        return spreadsheet_csv(back.grades, file, SEPARATORS[separator or Separator.COMMA])

    wanted = ExportWanted(assignment, gradebook, course, output)
    export_marks(wanted, make)


@export.command()
def prairielearn(
    assignment: SlugArgument = "",
    qid: Annotated[
        str, typer.Option("--qid", help="As scores of this question, with feedback.")
    ] = "",
    instance: Annotated[
        int, typer.Option("--instance", min=1, help="Which instance of the assessment.")
    ] = 1,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
    output: OutputOption = None,
) -> None:
    """PrairieLearn: scores of an assessment, or of one question of it, to upload.

    \b
    grader export prairielearn hw1 -o scores.csv -g course.db
    """
    from grader.report.exports.prairielearn import prairielearn_csv

    def make(back: HandedBack, file: str) -> Exported:
        title = back.assignment.title
        return prairielearn_csv(back.grades, file, title=title, qid=qid, instance=instance)

    wanted = ExportWanted(assignment, gradebook, course, output)
    export_marks(wanted, make)


@export.command()
def gradescope(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="The folder to write to.", parser=given_path, metavar="<path>"
        ),
    ],
    assignment: SlugArgument = "",
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
) -> None:
    """Gradescope: a results.json for each student, in a folder of their own.

    \b
    grader export gradescope hw1 -o results/ -g course.db
    """
    from grader.report.exports.gradescope import gradescope_results

    def make(back: HandedBack, _file: str) -> Exported:
        return gradescope_results(back.grades)

    wanted = ExportWanted(assignment, gradebook, course, output, is_folder=True)
    export_marks(wanted, make)
