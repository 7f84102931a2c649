"""What is said where a command finds no assignment."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer import Exit

from grader.cli.assignments import assignment_path


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (".", "in this folder there is neither an assignment.yaml nor a release.json: name"),
        ("work", "in 'work' there is neither an assignment.yaml nor a release.json: name"),
        ("week-2", "there is no assignment 'week-2': neither a folder with an assignment.yaml"),
    ],
)
def test_a_folder_without_an_assignment_is_not_called_an_assignment(
    given: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exit):
        assignment_path(given)
    assert words in capsys.readouterr().err


def test_a_slug_is_found_though_a_folder_of_that_name_lies_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "assignments" / "week-1" / "assignment.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text("", encoding="utf-8")
    (tmp_path / "week-1").mkdir()
    monkeypatch.chdir(tmp_path)
    assert assignment_path("week-1").resolve() == spec.parent.resolve()


def test_a_release_is_an_assignment_only_where_one_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "release.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert assignment_path("given", release=True) == Path("given")
    with pytest.raises(Exit):
        assignment_path("given")
    assert "'given' is a release, which holds no key: `grader check given`" in (
        capsys.readouterr().err
    )
