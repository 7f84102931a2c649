"""The course's own code, as commands run it: in a process that they watch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader.cli.exits import bad_spec, note, refuse

if TYPE_CHECKING:
    from grader.course.options import LoadOptions
    from grader.course.watched import WatchedCourse

__all__ = ["course_of", "note_printed", "refuse_course"]


@contextlib.contextmanager
def course_of(path: Path, options: LoadOptions) -> Iterator[WatchedCourse]:
    """An assignment that is ready to be marked with; the command ends where it is not."""
    from grader.course.watch import open_course
    from grader.course.watched import CourseFault
    from grader.spec.load import SpecFault

    try:
        course = open_course(path, options)
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    except CourseFault as fault:
        refuse_course(fault)
    with course:
        yield course


def refuse_course(fault: Exception) -> NoReturn:
    """End since the course's own code cannot be run."""
    refuse(str(fault), "the assignment's reference, its drivers and `provided` code run in it")


def note_printed(text: str) -> None:
    """Tell staff what the course's code printed; it may be of the key, and no report shows it."""
    if text:
        lines = "\n".join(f"  {line}" for line in text.splitlines())
        note(f"the course's own code printed, which stands in no report:\n{lines}")
