"""Each student's variant: its secret, its givens, and what is handed out of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.checks.placeholders import FILLED
from grader.checks.prepare import Prepared
from grader.checks.variants import Drawn, VariantFault, draw_all
from grader.checks.wanted import WantedQuestion
from grader.course.of_student import expect_fair
from grader.course.watched import WatchedCourse
from grader.model.assignment import Assignment
from grader.model.value import Value
from grader.plan.placeholders import filled_file
from grader.plan.variant import with_givens
from grader.report.answer_sheet import answer_sheet
from grader.submissions.each import EachOpened
from grader.submissions.submission import Submission

__all__ = [
    "SECRET_FILE",
    "VARIABLE",
    "HandedOut",
    "SecretFault",
    "drawn_givens",
    "handed_out",
    "make_secret",
    "names_of",
    "read_secret",
]

SECRET_FILE = "variants.secret"  # noqa: S105 - its name
VARIABLE = "GRADER_VARIANT_SECRET"
_SHEETS = (".yaml", ".yml", ".json")
_LEAST = 16  # characters: fewer can be guessed


class SecretFault(Exception):
    """There is no secret to draw variants from, or it cannot be used; says what to do."""


# -- the secret ----------------------------------------------------------------------------------


def read_secret(assignment: Assignment) -> bytes:
    """The secret: of the environment, else of the file beside the spec. Raises SecretFault."""
    path = assignment.folder / SECRET_FILE
    text = os.environ.get(VARIABLE, "").strip()
    where = VARIABLE
    if not text:
        where = str(path)
        try:
            text = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            msg = (
                f"there is no {path}, from which each student's variant is drawn: `grader variant "
                f"{assignment.slug} --init` makes one; or set {VARIABLE}"
            )
            raise SecretFault(msg) from None
        except (OSError, UnicodeDecodeError) as error:
            msg = f"{path} cannot be read: {error}"
            raise SecretFault(msg) from None
    if len(text) < _LEAST:
        msg = f"{where} has fewer than {_LEAST} characters, so it can be guessed"
        raise SecretFault(msg)
    return text.encode()


def make_secret(assignment: Assignment) -> Path:
    """Write a new secret beside the spec, for its owner alone. Raises SecretFault where there is
    one already: with another one everybody would have another variant."""
    path = assignment.folder / SECRET_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        msg = f"{path} is there already; with another one everybody would have another variant"
        raise SecretFault(msg) from None
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise SecretFault(msg) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secrets.token_urlsafe(32) + "\n")
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        msg = f"{path} cannot be written: {error.strerror}"
        raise SecretFault(msg) from None
    return path


# -- draws ---------------------------------------------------------------------------------------


def names_of(submissions: Sequence[Submission]) -> Sequence[str]:
    """Whose they are; those of a large class are not opened for it."""
    if isinstance(submissions, EachOpened):
        return submissions.names
    return [one.id for one in submissions]


def drawn_givens(
    course: Prepared | WatchedCourse, secret: bytes, students: Sequence[str]
) -> Mapping[str, Mapping[str, Value]]:
    """By student the givens that are drawn; nothing where there are no variants, or no secret.

    Raises VariantFault where somebody has none.
    """
    if course.assignment.variants is None or not secret:
        return {}
    names = tuple(dict.fromkeys(students))
    drawn: Drawn
    if isinstance(course, WatchedCourse):
        drawn = course.ask("drawn", secret, names)
    else:
        assert course.reference is not None
        drawn = draw_all(course.assignment, course.reference, secret, names)
    if drawn.fault:
        raise VariantFault(drawn.fault)
    return dict(zip(names, drawn.givens, strict=True))


# -- what is handed out --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HandedOut:
    """What one student gets of their variant."""

    student: str
    givens: Mapping[str, Value]
    sheet: str  #: to fill in; empty where all is answered by code
    files: Mapping[str, bytes]  #: sheet, handout and starter, with the givens in them


def handed_out(course: WatchedCourse, student: str, givens: Mapping[str, Value]) -> HandedOut:
    """The files of a variant. Raises OSError, CourseFault, and VariantFault where it may not be
    handed out: it has no right answers, or does not tell mistakes apart that the assignment's own
    givens do."""
    expect_fair(course, student, givens)
    wanted: tuple[WantedQuestion, ...] = course.ask("wanted", givens)
    assignment = with_givens(course.assignment, givens)
    paths = [path for name in FILLED if (path := assignment.folder / name).is_file()]
    files = {path.name: filled_file(path.read_bytes(), assignment.givens) for path in paths}
    name = next((name for name in assignment.files if name.endswith(_SHEETS)), "")
    sheet = ""
    if any(one.answers for one in wanted):
        sheet = answer_sheet(assignment, wanted, "json" if name.endswith(".json") else "yaml")
        files[name or "answers.yaml"] = sheet.encode()
    return HandedOut(student=student, givens=givens, sheet=sheet, files=files)
