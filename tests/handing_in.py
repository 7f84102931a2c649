"""What comes of a tree of files that a student hands in, without the commands around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.checks.prepare import Prepared, prepare
from grader.course.judge import grade
from grader.course.options import RunOptions
from grader.model.outcome import SubmissionOutcome
from grader.model.verdict import Audience
from grader.report.text import submission_page
from grader.submissions.opened import open_submission
from tests.shared_sandbox import SANDBOX

__all__ = ["HandedIn", "course_of", "hand_in", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What was judged, and the page that a student and one that staff read."""

    outcome: SubmissionOutcome
    page: str
    for_staff: str

    @property
    def verdicts(self) -> dict[str, str]:
        return {one.question: str(one.verdict) for one in self.outcome.outcomes}

    @property
    def notes(self) -> list[str]:
        return [note.text for note in self.outcome.notes]

    def says(self, *words: str) -> bool:
        """Whether the student reads all of this, wherever lines are broken."""
        flat = " ".join(self.page.split())
        return all(" ".join(one.split()) in flat for one in words)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def course_of(folder: Path, spec: str, reference: str, **beside: str) -> Prepared:
    """An assignment called `homework` with this spec; `beside` are files by their names, `_py`
    for `.py`."""
    files = {name.replace("_py", ".py"): text for name, text in beside.items()}
    write(folder / "assignments" / "homework", {"assignment.yaml": spec, **files})
    write(folder / "reference", {"homework.py": reference})
    return prepare(folder / "assignments" / "homework")


def hand_in(
    course: Prepared, folder: Path, files: Mapping[str, str | bytes], empty: Iterable[str] = ()
) -> HandedIn:
    """Mark one submission. Its files are written below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in empty:
        (folder / name).mkdir(parents=True)
    submission = open_submission(write(folder, files), course.assignment.files)
    graded = grade(course, [submission], SANDBOX, RunOptions(watched=False, workers=1))
    (outcome,) = graded.submissions
    student, staff = (
        submission_page(graded.assignment, outcome, who, tier=graded.tier)
        for who in (Audience.STUDENT, Audience.STAFF)
    )
    return HandedIn(outcome=outcome, page=student, for_staff=staff)
