"""Who gets a variant: everybody on a roster, by their keys."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from grader.cli.variant import expect_students, keys_of
from tests.build import assignment_of


def test_everybody_on_a_roster_is_meant(tmp_path: Path) -> None:
    text = "\ufeffname;key;section\r\nA;ada;1\r\nJ;jörg;1\r\nB;007;2\r\n"
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8", newline="")
    assert keys_of(tmp_path / "roster.csv", tmp_path) == ["ada", "jörg", "007"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key\n", "nobody"),
        ("", "roster.csv cannot be used"),
        ("key\n../ada\n", "cannot be the name of a folder"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(
    text: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(typer.Exit) as ended:
        keys_of(tmp_path / "roster.csv", tmp_path)
    assert ended.value.exit_code == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_called_as_everybody_s_is_no_student(
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_students(assignment_of(), ["ada", "answers.yaml.old"])
    with pytest.raises(typer.Exit):
        expect_students(assignment_of(), ["ada", "answers"])
    assert "answers is not a student" in capsys.readouterr().err
