"""`grader variant`: what each student gets of an assignment with variants."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from grader.cli.assignments import assignment_path, slugs_beside
from grader.cli.courses import course_of, note_printed, refuse_course
from grader.cli.exits import note, refuse, usage_error
from grader.cli.outputs import wrote
from grader.cli.walls import load_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.variants import HandedOut
    from grader.course.watched import WatchedCourse
    from grader.model.assignment import Assignment
    from grader.model.value import Value

__all__ = [
    "expect_students",
    "given_to",
    "keys_of",
    "of_student",
    "refuse_variant",
    "secret_for",
    "variant",
]


def variant(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    student: Annotated[
        str | None, typer.Argument(help="Whose variant: the key, as `grade` names them.")
    ] = None,
    everybody: Annotated[
        Path | None,
        typer.Option("--all", metavar="DIR", help="Write those of everybody into a new folder."),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="Who they are: a CSV, as for `grade`."),
    ] = None,
    init: Annotated[
        bool, typer.Option("--init", help="Make the secret that variants are drawn from, once.")
    ] = False,
) -> None:
    """Print a student's givens and sheet, or write sheet and handout of everybody.

    \b
    grader variant ecs289-homework --init
    grader variant ecs289-homework ada
    grader variant ecs289-homework --all variants --roster roster.csv
    """
    path = assignment_path(assignment)
    if init + (student is not None) + (everybody is not None) != 1:
        usage_error("say one of: a STUDENT, --all DIR, or --init")
    if (everybody is None) != (roster is None):
        usage_error("--all DIR and --roster FILE go together")
    with course_of(path, load_options(None, None)) as course:
        if course.assignment.variants is None:
            usage_error(f"{course.assignment.slug} has no `variants:`: all are asked the same")
        if init:
            _init(course.assignment)
            return
        keys = [student or ""] if roster is None else keys_of(roster, path)
        texts = _handed_out(course, keys)
        note_printed(course.printed.text)
    if everybody is None:
        sys.stdout.write(_page(texts[0]))
    else:
        _write(everybody, texts)


def _init(assignment: Assignment) -> None:
    from grader.course.variants import SecretFault, make_secret

    try:
        made = make_secret(assignment)
    except SecretFault as fault:
        usage_error(str(fault))
    sys.stdout.write(f"wrote {made}, which only you can read\n")
    note("keep a copy of it, and keep it out of what students see; without it there is no variant")


def secret_for(assignment: Assignment) -> bytes:
    """The secret of the variants, or nothing where there are none; the command ends where it is
    missing."""
    from grader.course.variants import SecretFault, read_secret

    if assignment.variants is None:
        return b""
    try:
        return read_secret(assignment)
    except SecretFault as fault:
        usage_error(str(fault))


def expect_students(assignment: Assignment, names: Sequence[str]) -> None:
    """End the command where a file is called as every student's, which says not whose it is."""
    for name in names:
        if name in {Path(file).stem for file in assignment.files}:
            usage_error(
                f"{name} is not a student, and a variant is drawn for each: put the files into a "
                "folder that is called as the student"
            )


def given_to(course: WatchedCourse, students: Sequence[str]) -> Mapping[str, Mapping[str, Value]]:
    """The givens of each of these students; the command ends where somebody has none."""
    from grader.checks.variants import VariantFault
    from grader.course.variants import drawn_givens
    from grader.course.watched import CourseFault

    if not all(name.strip() for name in students):
        usage_error("the key of a student is empty")
    try:
        return drawn_givens(course, secret_for(course.assignment), students)
    except VariantFault as fault:
        _refuse(fault)
    except CourseFault as fault:
        refuse_course(fault)


def _handed_out(course: WatchedCourse, keys: Sequence[str]) -> list[HandedOut]:
    from grader.checks.variants import VariantFault
    from grader.course.variants import handed_out
    from grader.course.watched import CourseFault

    given = given_to(course, keys)
    try:
        return [handed_out(course, key, given[key]) for key in keys]
    except VariantFault as fault:
        _refuse(fault)
    except CourseFault as fault:
        refuse_course(fault)
    except OSError as error:
        refuse(f"{error.filename} cannot be read: {error.strerror}")


def of_student(course: WatchedCourse, student: str | None) -> WatchedCourse:
    """The course as a student has it: just as it is, where there are no variants. The command ends
    where it has to be said whose variant is meant."""
    from grader.course.of_student import CourseOfStudent
    from grader.plan.placeholders import given_text

    slug = course.assignment.slug
    if course.assignment.variants is None:
        if student is not None:
            usage_error(f"{slug} has no `variants:`, so --student says nothing")
        return course
    if student is None:
        usage_error(f"{slug} has variants: say whose is meant with --student KEY")
    givens = given_to(course, [student])[student]
    told = ", ".join(f"{name} = {given_text(value)}" for name, value in givens.items())
    note(f"the variant of {student}: {told}")
    return CourseOfStudent(course, givens)


@contextlib.contextmanager
def refuse_variant() -> Iterator[None]:
    """End the command where somebody has no variant."""
    from grader.checks.variants import VariantFault

    try:
        yield
    except VariantFault as fault:
        _refuse(fault)


def _refuse(fault: Exception) -> NoReturn:
    refuse(str(fault), "a step in `variants: where` can refuse such givens; or take other ranges")


def keys_of(roster: Path, assignment: Path) -> list[str]:
    """The keys of everybody on a roster; the command ends where it cannot be used.

    `assignment` is where the assignment lies: a roster may speak of others beside it.
    """
    from grader.gradebook.roster_csv import RosterFault, read_roster

    try:
        listed = read_roster(roster, slugs_beside(assignment))
    except RosterFault as fault:
        usage_error(str(fault))
    for text in listed.notes:
        note(f"roster: {text}")
    keys = [one.key for one in listed.people]
    if not keys:
        usage_error(f"there is nobody on the roster {roster}")
    unfit = [key for key in keys if key in (".", "..") or "/" in key]
    if unfit:
        usage_error(f"{unfit[0]!r} on the roster {roster} cannot be the name of a folder")
    return keys


def _page(text: HandedOut) -> str:
    from grader.plan.placeholders import given_text

    wide = max(map(len, text.givens))
    lines = [f"{text.student}:", ""]
    lines += [f"  {name:<{wide}}  {given_text(value)}" for name, value in text.givens.items()]
    return "\n".join([*lines, "", text.sheet])


def _write(folder: Path, texts: Sequence[HandedOut]) -> None:
    """A folder for each: all of them, or none."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        usage_error(f"{folder} is there already, and is not written over; name a new folder")
    try:
        for one in texts:
            own = folder / one.student
            own.mkdir(parents=True)
            for name, content in one.files.items():
                (own / name).parent.mkdir(parents=True, exist_ok=True)
                (own / name).write_bytes(content)
            wrote(own)
    except OSError as error:
        refuse(f"{error.filename or folder} cannot be written: {error.strerror}")
    sys.stdout.write(f"✓ {folder}: variants of {len(texts)} students, a folder for each\n")
