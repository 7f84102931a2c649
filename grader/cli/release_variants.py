"""Releases of an assignment with variants: of one student, or of everybody on a roster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.courses import refuse_course
from grader.cli.exits import refuse, usage_error
from grader.cli.outputs import wrote
from grader.cli.variant import given_to, keys_of, refuse_variant

if TYPE_CHECKING:
    from grader.course.watched import WatchedCourse

__all__ = ["release_variants"]


def release_variants(
    course: WatchedCourse,
    *,
    student: str | None,
    everybody: Path | None,
    roster: Path | None,
    to: Path | None,
) -> None:
    """Write the release of one student to a folder, or one for each into a folder of them."""
    slug = course.assignment.slug
    if (student is None) == (everybody is None):
        usage_error(f"{slug} has variants: say whose, with --student KEY or --all DIR")
    if everybody is None:
        keys = [student or ""]
        if roster is not None:
            usage_error("--roster goes with --all DIR")
        folder = to or Path("release") / slug
        folders = [folder]
    else:
        if roster is None or to is not None:
            usage_error("--all DIR needs --roster FILE, and no --to")
        keys = keys_of(roster, course.assignment.folder)
        folder = everybody
        folders = [folder / key for key in keys]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        usage_error(f"{folder} is there already, and is not written over; name a new folder")
    _write(course, keys, folders)
    count = f": {len(keys)} students, a folder for each" if everybody is not None else ""
    sys.stdout.write(f"✓ {folder}{count}\nstudents check their work with: grader check FOLDER\n")


def _write(course: WatchedCourse, keys: list[str], folders: list[Path]) -> None:
    from grader.course.asked import wanted_of
    from grader.course.of_student import CourseOfStudent, expect_fair
    from grader.course.release import write_release
    from grader.course.watched import CourseFault

    given = given_to(course, keys)
    try:
        with refuse_variant():
            for key in keys:  # all of them, before any is written
                expect_fair(course, key, given[key])
        for key, folder in zip(keys, folders, strict=True):
            own = CourseOfStudent(course, given[key])
            write_release(own, wanted_of(own), folder)
            wrote(folder)
    except CourseFault as fault:
        refuse_course(fault)
    except OSError as error:
        refuse(f"{error.filename or folders[0]} cannot be written: {error.strerror}")
