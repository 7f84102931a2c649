"""What is installed: the toolkit with its schemas, and nothing of the course's."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, timeout=300)
    return next(folder.glob("numgrader-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_toolkit_and_no_key(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "grader",
        f"{'-'.join(wheel.stem.split('-')[:2])}.dist-info",
    }
    for needed in (
        "grader/py.typed",
        "grader/spec/assignment.schema.json",
        "grader/report/results.schema.json",
        "grader/sandbox/child/worker.py",
        "grader/course/templates/course/verify.yml.in",
        "grader/course/templates/optimizer/examples/right/answers.yaml.in",
    ):
        assert needed in names


@pytest.mark.slow
def test_what_was_installed_marks_an_assignment(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grader",
            "verify",
            ROOT / "assignments" / "sigmoid-chain-exercise-3",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("✓ sigmoid-chain-exercise-3")
