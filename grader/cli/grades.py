"""`grader grades`: final marks, and how each came about."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import (
    AnyBookOption,
    book_to_read,
    book_to_write,
    faults_of_books,
    the_gradebook,
)
from grader.cli.exits import bad_spec, note, print_diagnostics, usage_error, warn
from grader.cli.outputs import check_outputs, write_all, write_output
from grader.cli.paths import given_path

if TYPE_CHECKING:
    from grader.course.final import FinalMarks
    from grader.gradebook.book import Gradebook
    from grader.model.course_rules import CourseRules
    from grader.model.grade import Grade

__all__ = ["CourseOption", "GradesFormat", "grades", "rules_of_course", "tell_lateness"]

_MOST_NAMED = 20

CourseOption = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The rules of the course (default: the course.yaml here or above).",
        parser=given_path,
        metavar="<path>",
    ),
]


class GradesFormat(StrEnum):
    """How they are shown."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def grades(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Slugs of assignments, or students (default: all)."),
    ] = None,
    gradebook: AnyBookOption = None,
    course: CourseOption = None,
    student: Annotated[
        list[str] | None,
        typer.Option("--student", metavar="KEY", help="A student who is called like a slug."),
    ] = None,
    format: Annotated[
        GradesFormat, typer.Option("--format", "-f", help="How to show them.")
    ] = GradesFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write there.", parser=given_path, metavar="<path>"),
    ] = None,
) -> None:
    """Final marks, by the rules of the course; for a student how each came about.

    \b
    grader grades -g course.db
    grader grades ecs289-homework -g course.db
    grader grades ecs289-homework amber -g course.db
    grader grades -g course.db --format csv --output marks.csv
    """
    from grader.course.final import final_marks
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export

    path = the_gradebook(gradebook)
    check_outputs([output] if output else [])
    opening = partial(book_to_write, make=False) if output else book_to_read
    with opening(path) as book, faults_of_books():
        rules = rules_of_course(book, course)
        slugs, people = _meant(book, names or [], student or [])
        marks = final_marks(book, rules, slugs)
        _tell(marks, people, rules)
        text = _shown(marks, people, format)
        if output is None:
            sys.stdout.write(text)
            return
        write_all(partial(write_output, output, text.encode("utf-8", "replace")))
        for slug in sorted({one.assignment for one in marks.grades}):
            note_export(book, slug, output, now=now())


def rules_of_course(book: Gradebook, given: Path | None) -> CourseRules:
    """The rules in the file that is named or found; the command ends where they are wrong."""
    from grader.course.final import find_course_file, rules_for
    from grader.spec.course_file import COURSE_FILE
    from grader.spec.load import SpecFault

    path = given or find_course_file(Path.cwd())
    if path is not None and path.is_dir():
        path = path / COURSE_FILE
    try:
        loaded = rules_for(path, book)
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    print_diagnostics(loaded.warnings)
    if path is None:
        note("there is no course.yaml here or above: nothing is deducted, dropped or rounded")
    elif given is None:
        note(f"by the rules of {os.path.relpath(path)}")
    return loaded.rules


def _meant(
    book: Gradebook, names: Sequence[str], students: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """Which of the names are assignments, and which are people."""
    from grader.gradebook.grades import assignments_in
    from grader.gradebook.people import expect_student
    from grader.spec.problems import did_you_mean

    marked = assignments_in(book)
    keys = {row["key"] for row in book.rows("SELECT key FROM student")}
    slugs, people = [], [*students]
    for key in students:
        expect_student(book, key)
    for name in names:
        slug = Path(name).name if Path(name).is_dir() else name
        if slug in marked:
            slugs.append(slug)
        elif name in keys:
            people.append(name)
        else:
            near = did_you_mean(name, {*marked, *keys})
            there = f"marked are {', '.join(marked)}" if marked else "nothing is marked yet"
            usage_error(f"{name!r} is neither an assignment nor a student; {near or there}")
    return list(dict.fromkeys(slugs)), list(dict.fromkeys(people))


def _tell(marks: FinalMarks, people: Sequence[str], rules: CourseRules) -> None:
    if marks.not_marked and marks.totals:
        names = ", ".join(marks.not_marked)
        note(f"not marked yet, so not in the total: {names}")
    if marks.not_counted and marks.totals:
        note(f"not in course.yaml, so not in the total: {', '.join(marks.not_counted)}")
    found = [one for one in marks.grades if not people or one.person.key in people]
    tell_lateness(found, rules)


def tell_lateness(grades: Sequence[Grade], rules: CourseRules) -> None:
    """Warn where the rules deduct for lateness, and it is not known when somebody handed in."""
    from grader.model.grade import WHEN_HANDED_IN

    due = [one for one in grades if rules.of(one.assignment).due]
    late = [one for one in due if any(what.startswith(WHEN_HANDED_IN) for what in one.waiting)]
    others = [one for one in due if one.time_unknown and one not in late]
    if rules.late is None:
        return
    how = (
        "`grader gradebook times TABLE` takes when they did: Moodle's worksheet, or a CSV",
        "with key and handed_in; `late: lms` in course.yaml leaves lateness to the platform",
    )
    if late:
        told = "late, as the platform says, and not known by how much, so there is no final mark: "
        warn(f"{told}{_some(late)}", *how)
    if others:
        warn(
            f"when {_people(others)} handed in is not known, so nothing is deducted: "
            f"{_some(others)}",
            *(() if late else how),
        )


def _people(grades: Sequence[Grade]) -> str:
    count = len(_keys(grades))
    return "1 person" if count == 1 else f"{count} people"


def _keys(grades: Sequence[Grade]) -> list[str]:
    return sorted({one.person.key for one in grades})


def _some(grades: Sequence[Grade]) -> str:
    """Who it is; of which assignment, where it is not the same for all."""
    slugs = sorted({one.assignment for one in grades})
    told = []
    for slug in slugs:
        keys = _keys([one for one in grades if one.assignment == slug])
        some = ", ".join(keys[:_MOST_NAMED]) + ", …" * (len(keys) > _MOST_NAMED)
        told.append(f"{slug}: {some}" if len(slugs) > 1 else some)
    return "; ".join(told)


def _shown(marks: FinalMarks, people: Sequence[str], form: GradesFormat) -> str:
    from grader.report.grades_json import grades_csv, grades_json
    from grader.report.grades_text import grades_page, person_page

    found = [one for one in marks.grades if not people or one.person.key in people]
    totals = [one for one in marks.totals if not people or one.person.key in people]
    if form is GradesFormat.JSON:
        return grades_json(found, totals)
    if form is GradesFormat.CSV:
        return grades_csv(found)
    if not people:
        return grades_page(found, totals)
    return "\n".join(
        person_page(
            [one for one in found if one.person.key == key],
            [one for one in totals if one.person.key == key],
        )
        for key in people
    )
