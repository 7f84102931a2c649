"""`python:` and `preload:`: which interpreter is found, and what is said where there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.model.assignment import Assignment
from grader.spec.interpreter import find_python, near_python
from grader.spec.load import SpecFault, load_assignment

HEAD = "schema: 1\nslug: homework\ntitle: X\nsubmission: {files: [a.yaml]}\n"
QUESTION = "questions: [{id: a, kind: number, expected: 1}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An assignment's folder with an environment beside it."""
    programs = tmp_path / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python3.12").symlink_to(sys.executable)
    (programs / "python").symlink_to("python3.12")
    (programs / "activate").write_text("", encoding="utf-8")
    assignment = tmp_path / "homework"
    assignment.mkdir()
    return assignment


def load(folder: Path, line: str) -> Assignment:
    (folder / "assignment.yaml").write_text(HEAD + line + "\n" + QUESTION, encoding="utf-8")
    return load_assignment(folder).assignment


def told(folder: Path, line: str) -> str:
    with pytest.raises(SpecFault) as fault:
        load(folder, line)
    return str(fault.value)


def test_a_path_is_one_from_the_assignments_folder_and_links_stay(folder: Path) -> None:
    own = str(folder.parent / "venv" / "bin" / "python")
    assert find_python("../venv/bin/python", folder) == own
    assert find_python(own, Path("/")) == own
    assert os.path.realpath(own) != own  # an environment is known by the link in its folder
    assert getattr(load(folder, "python: ../venv/bin/python"), "python", "") == own


def test_a_word_is_a_command_on_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = folder.parent / "venv" / "bin"
    monkeypatch.setenv("PATH", f"{programs}:/nowhere")
    assert find_python("python3.12", folder) == str(programs / "python3.12")
    assert find_python("python3.13", folder) == ""
    assert find_python("activate", folder) == ""
    assert near_python("python3.13", folder) == "did you mean 'python3.12' or 'python'?"


@pytest.mark.parametrize(
    "name",
    [
        "../venv/bin/activate",
        "../venv/bin",
        "../venv/bin/",
        "../venv/bin/pyton",
        "./python",
        "/",
        "/dev/null",
        "~nobody-of-this-name/python",
        "./" + "x" * 900,
        "../" * 300 + "python",
    ],
)
def test_what_is_no_program_is_none(folder: Path, name: str) -> None:
    assert find_python(name, folder) == ""
    assert "\n" not in near_python(name, folder)
    assert "assignment.yaml:5:9: error[S220]: there is no program" in told(
        folder, f"python: {name}"
    )


def test_a_misspelt_program_is_answered_with_the_near_one(folder: Path) -> None:
    assert "did you mean '../venv/bin/python'" in told(folder, "python: ../venv/bin/pyton")
    assert "there is no folder ../env/bin" in told(folder, "python: ../env/bin/python")


def test_without_the_key_there_is_none(folder: Path) -> None:
    assignment = load(folder, "seed: 1")
    assert (getattr(assignment, "python", None), getattr(assignment, "preload", None)) == ("", ())


def test_modules_to_preload_keep_their_order(folder: Path) -> None:
    assignment = load(folder, "preload: [torch, scipy.linalg, _private.x1]")
    assert getattr(assignment, "preload", ()) == ("torch", "scipy.linalg", "_private.x1")


@pytest.mark.parametrize(
    "line",
    [
        "preload: torch",
        "preload: [scipy.]",
        "preload: [.scipy]",
        "preload: [scipy linalg]",
        "preload: [1st]",
        "preload: ['os; import sys']",
        "preload: [torch, torch]",
        "preload: [3]",
        'preload: ["torch\\n"]',
        'python: "py\\tthon"',
        "python: ''",
        "python: 3.12",
        "limits: {processes: 0}",
        "limits: {processes: 257}",
        "limits: {threads: 0}",
        "limits: {threads: 1.5}",
    ],
)
def test_what_departs_from_the_schema_is_told(folder: Path, line: str) -> None:
    assert "error[S10" in told(folder, line)


def test_processes_and_threads_are_limits(folder: Path) -> None:
    assignment = load(folder, "limits: {processes: 4, threads: 2}")
    limits = assignment.limits
    assert (limits.processes, limits.threads) == (4, 2)
    plain = load(folder, "seed: 1").limits
    assert (plain.processes, plain.threads) == (1, 16)
