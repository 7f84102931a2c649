"""Zips of feedback: whose each page is, by the rules of the platform that takes them."""

from __future__ import annotations

import io
import json
import runpy
import zipfile
from pathlib import Path

import pytest

from grader.report.exports.exported import Exported
from grader.report.exports.gradescope_zip import gradescope_zip
from grader.report.exports.upload_zips import canvas_zip, moodle_zip
from tests.grades import grade_of

DOWNLOAD = [
    "lovelaceada_101_9001_answers.yaml",
    "lovelaceada_101_9002_code.py",
    "konigben_LATE_102_9003_answers-1.yaml",
    "8ball_103_9004_answers.yaml",
    "typed_104_text.html",
    "._lovelaceada_101_9001_answers.yaml",
]


def opened(made: Exported) -> dict[str, bytes]:
    (content,) = made.files.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(made: Exported) -> dict[str, list[str]]:
    return {one.what: [*one.who] for one in made.left_out}


def whose_in_canvas(name: str) -> tuple[str, str]:
    """Student and attachment, as Canvas finds them: the first two parts that are numbers."""
    user, attachment, *_ = [part for part in name.split("_") if part.isdigit()]
    return user, attachment


def whose_in_moodle(name: str) -> tuple[str, str]:
    """Participant and file name, as Moodle's importer finds them in the parts of a path."""
    assert not name.startswith((".", "~"))
    for part in name.split("/"):
        words = part.split("_", 4)
        if len(words) >= 4 and words[1].isdigit() and words[2:4] == ["assignsubmission", "file"]:
            return words[1], words[4]
    raise AssertionError(name)


def test_canvas_knows_whose_each_page_is_by_a_file_that_is_there() -> None:
    made = canvas_zip(
        [
            grade_of("ada", 1, ids={"canvas": "101"}),
            grade_of("ben", 2, ids={"canvas": "102"}),
            grade_of("cy", 3, ids={"canvas": "103"}),
            grade_of("dee", 4, ids={"canvas": "104"}),
        ],
        "up.zip",
        title="A",
        names=DOWNLOAD,
        download="submissions.zip",
    )
    found = {whose_in_canvas(name): page for name, page in opened(made).items()}
    assert sorted(found) == [("101", "9001"), ("102", "9003"), ("103", "9004")]
    assert b"**Points: 2 / 10**" in found["102", "9003"]
    assert said(made) == {"not in submissions.zip": ["dee"]}


def test_a_name_that_is_a_number_is_not_taken_for_a_student() -> None:
    grade = grade_of("x", 1, ids={"canvas": "101"})
    made = canvas_zip([grade], "up.zip", title="A", names=["7_101_9_a.py"], download="s.zip")
    assert {*map(whose_in_canvas, opened(made))} == {("101", "9")}


@pytest.mark.parametrize("name", ["Ada Lovelace", "a_b_c", "x/../y", ".hidden", "~tmp", "", "Zoë"])
def test_moodle_knows_whose_each_page_is(name: str) -> None:
    made = moodle_zip([grade_of("k", 1, name=name)], "up.zip", title="A", numbers={"k": "12"})
    (file,) = opened(made)
    assert whose_in_moodle(file) == ("12", "feedback.md")
    assert "/" not in file


def test_who_has_no_number_there_is_listed() -> None:
    grades = [grade_of("ada", 1), grade_of("ben", None), grade_of("cy", 0, attempt=None)]
    made = moodle_zip(grades, "up.zip", title="A", numbers={"ada": "12", "ben": "x1"})
    assert made.written == 1
    assert said(made) == {
        "no final mark yet": ["ben: q1"],
        "nothing handed in, so no feedback": ["cy"],
        "without a participant's number: give the worksheet with --into": ["ben"],
    }


def test_the_same_marks_give_the_same_bytes() -> None:
    grades = [grade_of("k", 1)]
    made = [moodle_zip(grades, "z", title="A", numbers={"k": "1"}).files["z"] for _ in range(2)]
    assert made[0] == made[1]


def autograder(made: Exported, root: Path) -> None:
    """Unpacked as Gradescope does: run_autograder a level above the rest."""
    (root / "results").mkdir(parents=True)
    for name, content in opened(made).items():
        path = root / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "source" / "run_autograder").rename(root / "run_autograder")


def run_for(root: Path, *addresses: str) -> dict[str, object]:
    users = [{"email": address, "id": 1, "name": "x"} for address in addresses]
    (root / "submission_metadata.json").write_text(json.dumps({"users": users}))
    runpy.run_path(str(root / "run_autograder"), run_name="__main__")
    found: dict[str, object] = json.loads((root / "results" / "results.json").read_text())
    return found


def test_gradescope_hands_out_the_results_that_are_there(tmp_path: Path) -> None:
    made = gradescope_zip(
        [
            grade_of("ada", "7.5", email="Ada@X.edu"),
            grade_of("ben@x.edu", 3),
            grade_of("cy", None, email="cy@x.edu"),
            grade_of("dee", 2),
            grade_of("e1", 2, email="e@x.edu"),
            grade_of("e2", 2, email="E@x.edu"),
        ],
        "up.zip",
    )
    autograder(made, tmp_path)
    assert run_for(tmp_path, "ada@x.edu")["score"] == 7.5
    assert run_for(tmp_path, "nobody@x.edu", "BEN@x.edu")["score"] == 3
    for unknown in ("cy@x.edu", "e@x.edu", "dee"):  # no results, and so no mark of 0
        with pytest.raises(SystemExit, match="no results"):
            run_for(tmp_path, unknown)
    assert said(made) == {
        "no final mark yet": ["cy: q1"],
        "no e-mail address of their own, by which results are found": ["dee", "e1", "e2"],
    }


def test_what_gradescope_starts_may_be_started() -> None:
    (content,) = gradescope_zip([], "up.zip").files.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
            assert archive.read(name).startswith(b"#!")
