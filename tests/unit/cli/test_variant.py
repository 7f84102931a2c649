"""Who is on a roster, as far as variants need it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from grader.cli.variant import keys_of


@pytest.mark.parametrize(
    "text",
    [
        "key\nada\njörg\n007\n",
        "\ufeffname;key;section\r\nA;ada;1\r\nJ;jörg;1\r\nB;007;2\r\n",
        'Key,name\nada,"Byron, Ada"\n jörg ,J\n\n007,B\n,nobody\n',
        "name\tKEY\nA\tada\nJ\tjörg\nB\t007",
    ],
)
def test_keys_are_read_whatever_separates_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8", newline="")
    assert keys_of(tmp_path / "roster.csv") == ["ada", "jörg", "007"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"name\nada\n", "no column `key`"),
        (b"key\nada\nada\n", "has ada twice"),
        (b"key\n", "there is nobody"),
        (b"", "no column `key`"),
        (b"key\n../ada\n", "cannot be the name of a folder"),
        (b"key\n\xff\xfe\n", "is not a text in UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(
    text: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "roster.csv").write_bytes(text)
    with pytest.raises(typer.Exit) as ended:
        keys_of(tmp_path / "roster.csv")
    assert ended.value.exit_code == 2
    assert said in capsys.readouterr().err
