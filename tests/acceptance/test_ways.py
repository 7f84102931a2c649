"""One class in which everybody hands in the same homework in another way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.checks.prepare import Prepared
from grader.course.judge import grade
from grader.course.options import RunOptions
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.verdict import Audience
from grader.report.text import class_table, submission_page
from grader.submissions.each import find_each
from tests.handing_in import course_of, write
from tests.shared_sandbox import SANDBOX
from tests.ways import REFERENCE, SHEET, SPEC, WAYS, Way

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("course"), SPEC, REFERENCE)


def class_of(folder: Path, ways: Mapping[str, Way]) -> Path:
    """A folder with what everybody handed in: folders, archives and notebooks."""
    for name, way in ways.items():
        if way.files is None:
            write(folder, {name + way.suffix: way.packed})
        else:
            (folder / name).mkdir(parents=True)
            write(folder / name, way.files)
    return folder


def graded_in(course: Prepared, folder: Path) -> Graded:
    told: list[str] = []
    found = find_each([folder], course.assignment.files, tell=told.append)
    assert told == []
    return grade(course, found, SANDBOX, RunOptions(watched=False, workers=2))


def marks(submission: SubmissionOutcome) -> str:
    def of(score: object, most: object) -> str:
        return "?" if score is None else "1" if score == most else "h" if score else "0"

    return "".join(of(one.score, one.max_score) for one in submission.outcomes)


def test_every_way_gets_its_marks_and_its_words(course: Prepared, tmp_path: Path) -> None:
    assert len(WAYS) >= 80
    graded = graded_in(course, class_of(tmp_path / "class", WAYS))
    seen = {one.submission: one for one in graded.submissions}
    assert len(graded.submissions) == len(WAYS)
    assert seen.keys() == WAYS.keys()
    wrong = []
    for name, way in WAYS.items():
        notes = [note.text for note in seen[name].notes]
        read = [note for note in notes if note.startswith(("answers from", "code from"))]
        page = submission_page(graded.assignment, seen[name], Audience.STUDENT, tier=graded.tier)
        flat = " ".join(page.split())
        unsaid = [one for one in way.says if " ".join(one.split()) not in flat]
        loud = way.quiet and len(notes) > 1
        leaks = [word for word in ("Traceback", "grader/", "worker", str(tmp_path)) if word in page]
        if marks(seen[name]) != way.marks or unsaid or loud or leaks or len(read) > 1:
            told = f"{name}: {marks(seen[name])}, not {way.marks}; {unsaid=} {loud=} {leaks=}"
            wrong.append(f"{told}\n{page}")
        # Nobody is given nothing without a word.
        assert read or len(notes) > 0 or marks(seen[name]) == "1111", page
    assert not wrong, "\n".join(wrong)


def test_a_class_of_many_kinds_loses_nobody(course: Prepared, tmp_path: Path) -> None:
    """200 folders, archives and notebooks, some of each kind that cannot be read."""
    kinds = [name for name in WAYS if name not in TAKE_LONG]
    chosen = [kinds[number % len(kinds)] for number in range(200)]
    ways = {f"{number:03}-{kind}": WAYS[kind] for number, kind in enumerate(chosen)}
    graded = graded_in(course, class_of(tmp_path / "class", ways))
    assert [one.submission for one in graded.submissions] == [*ways]
    assert {one.submission: marks(one) for one in graded.submissions} == {
        name: way.marks for name, way in ways.items()
    }
    # Who waits for a person, or has nothing at all, is named below the table with the reason.
    table, _, look = class_table(graded).partition("need a look:")
    for name, way in ways.items():
        assert f"  {name[:4]}" in table  # long names are cut
        if "?" in way.marks or way.marks == "0000":
            assert f"  {name[:4]}" in look, look


def test_a_class_of_single_files_is_one_submission_a_file(course: Prepared, tmp_path: Path) -> None:
    """Modules, sheets, notebooks and archives in one folder, without a folder for each student."""
    wanted: dict[str, str] = {}
    files: dict[str, str | bytes] = {}
    for name, way in WAYS.items():
        if name in TAKE_LONG:
            continue
        if way.files is None and way.suffix != ".rar":
            files[name + way.suffix], wanted[name] = way.packed, way.marks
        elif way.files is not None and way.files.keys() == {"answers.yaml", "optim.py"}:
            files[f"{name}-code.py"] = way.files["optim.py"]
            wanted[f"{name}-code"] = f"00{way.marks[2:]}"
    files |= {"only-a-sheet.yaml": SHEET, "only-a-photo.jpg": b"\xff\xd8\xff"}
    wanted |= {"only-a-sheet": "1100", "only-a-photo": "????"}
    wanted["module-that-is-no-text-code"] = "????"  # alone it may hold all answers
    del wanted["answers-in-both-code"], files["answers-in-both-code.py"]
    graded = graded_in(course, write(tmp_path, files))
    assert {one.submission: marks(one) for one in graded.submissions} == wanted


#: Each of these uses up a limit.
TAKE_LONG = (
    "notebook-that-trains",
    "training-at-the-end",
    "loop-in-the-middle",
    "loop-at-the-end",
)
