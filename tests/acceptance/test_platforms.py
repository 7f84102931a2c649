"""The pages about platforms: their commands are run on downloads of the shape they tell of."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import downloads
from tests.archives import zipped
from tests.downloads import Files
from tests.handing_in import write

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "staff" / "platforms"
Grader = Callable[..., subprocess.CompletedProcess[str]]
_RUN = re.compile(r"```console\n\$ grader (grade .*?)\n(.*?)```", re.DOTALL)

COURSE: Files = {
    "assignments/homework/assignment.yaml": """\
schema: 1
slug: homework
title: Homework
reference: homework
submission: {files: [answers.yaml]}
questions: [{id: start, kind: number, points: 2, tolerance: {atol: 0.1}}]
""",
    "reference/homework.py": "def start(): return 1.5\n",
    "roster.csv": (
        "login;name;email;canvas;moodle;github\n"
        "ada;Ada Lovelace;ada@x.edu;123;Participant 12;ada\n"
        "bob;Müller, Bob;bob@x.edu;;;bob\n"
        "zoe;Zoë Zander;zoe@x.edu;;;\n"
    ),
}
RIGHT, WRONG = {"answers.yaml": "start: 1.5\n"}, {"answers.yaml": "start: 2\n"}
_NAMED = {"ada": RIGHT, "bob": WRONG, "eve": RIGHT}
DOWNLOADS: dict[str, tuple[str, Files]] = {
    "canvas": (
        "submissions.zip",
        downloads.canvas(
            [("lovelaceada", 123, RIGHT), ("müllerbob", 45, WRONG), ("", 7, RIGHT)], late=[45]
        ),
    ),
    "moodle": (
        "HW1.zip",
        downloads.moodle(
            [("Ada Lovelace", 12, RIGHT), ("Bob Müller", 34, WRONG), ("Participant", 56, RIGHT)]
        ),
    ),
    "gradescope": (
        "assignment_777_export.zip",
        downloads.gradescope(
            [
                (101, [{"name": "Ada L", "email": "ada@x.edu"}], RIGHT),
                (102, [{"name": "Bob", "email": "bob@x.edu"}], WRONG),
                (103, [{"name": "Eve", "email": "eve@x.edu"}], RIGHT),
            ]
        ),
    ),
    "nbgrader": ("", downloads.nbgrader(_NAMED)),
    "github": ("", downloads.classroom50(_NAMED, late=["eve"])),
}


#: What all have in common is seen with one of them.
_EACH = [
    pytest.param(path.stem, marks=() if path.stem == "canvas" else pytest.mark.slow)
    for path in sorted(PAGES.glob("*.md"))
]


@pytest.mark.parametrize("platform", _EACH)
def test_the_command_of_a_page_says_what_the_page_says(
    platform: str, grader: Grader, tmp_path: Path
) -> None:
    text = (PAGES / f"{platform}.md").read_text(encoding="utf-8")
    if platform not in DOWNLOADS:
        pytest.skip("no download of it is read")
    command, said = _RUN.findall(text)[0]
    name, files = DOWNLOADS[platform]
    folder = write(tmp_path / "page", COURSE)
    if name:
        (folder / name).write_bytes(zipped(files))
    else:
        write(folder, {path.replace("_T_08_00_00", ""): text for path, text in files.items()})
    done = grader(*shlex.split(command), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == said
    rows = [line.split()[:2] for line in done.stdout.splitlines() if " / 2" in line]
    points = dict(rows)
    assert len(rows) == len(points) == 4
    assert (points.pop("ada"), points.pop("bob"), points.pop("zoe")) == ("2", "0", "0")
    assert [*points.values()] == ["2"]
