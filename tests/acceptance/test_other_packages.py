"""A report and an importer of another package, installed from a folder and found by their names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUG = "sigmoid-chain-exercise-3"
EXAMPLE = ROOT / "examples" / "submissions" / SLUG / "all-correct"

PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "marks-for-us"
version = "1"

[project.entry-points."grader.reports"]
marks = "marks_for_us:REPORT"
both = "marks_for_us:BOTH"
broken = "marks_for_us:NOTHING"
odd = "marks_for_us:render"

[project.entry-points."grader.importers"]
ours = "marks_for_us:IMPORTER"

[tool.setuptools]
py-modules = ["marks_for_us"]
"""
MODULE = """
from pathlib import Path

from dataclasses import replace

from grader import Audience, Importer, Report, open_submission


def render(graded, options):
    lines = [f"{one.submission};{float(one.score):g}" for one in graded.submissions]
    return {"marks.csv": ("\\n".join(lines) + "\\n").encode()}


def both(graded, options):
    return {**render(graded, options), "empty.txt": b""}


def open_listed(path, declared):
    folders = [path.parent / line for line in path.read_text().split()]
    return [(one, replace(open_submission(one, declared), id="listed")) for one in folders]


REPORT = Report(name="marks", audience=Audience.STAFF, render=render)
BOTH = Report(name="both", audience=Audience.STAFF, render=both)
IMPORTER = Importer(name="ours", recognise=lambda path: path.suffix == ".list", open=open_listed)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    (source / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (source / "marks_for_us.py").write_text(MODULE, encoding="utf-8")
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(target), str(source)], check=True, timeout=300)
    return target


def grade(installed: Path, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "grade", str(ROOT / "assignments" / SLUG)]
    return subprocess.run(
        [*command, "--sandbox", "basic", *map(str, words)],
        env={**os.environ, "PYTHONPATH": f"{installed}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_a_report_of_another_package_is_printed(installed: Path) -> None:
    done = grade(installed, EXAMPLE, "--format", "marks")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("all-correct;")


@pytest.mark.slow
def test_several_files_go_into_a_folder(installed: Path, tmp_path: Path) -> None:
    done = grade(installed, EXAMPLE, "--format", "both", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"marks.csv", "empty.txt"}
    done = grade(installed, EXAMPLE, "--format", "both")
    assert done.returncode == 2
    assert "this report is 2 files: say where with --output FOLDER" in done.stderr


@pytest.mark.slow
def test_an_importer_of_another_package_is_asked_first(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "class.list").write_text("ann\n", encoding="utf-8")
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "answers.yaml").write_bytes((EXAMPLE / "answers.yaml").read_bytes())
    done = grade(installed, tmp_path / "class.list", "--format", "marks")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("listed;")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "nothing",
            "no report 'nothing'; the reports are text, json, junit, gradescope, both, broken",
        ),
        ("broken", "the report 'broken' of another package cannot be loaded"),
        ("odd", "the report 'odd' of another package is not a Report"),
    ],
)
def test_a_report_that_cannot_be_had_is_a_wrong_call(
    installed: Path, name: str, words: str
) -> None:
    done = grade(installed, EXAMPLE, "--format", name)
    assert done.returncode == 2
    assert words in done.stderr
