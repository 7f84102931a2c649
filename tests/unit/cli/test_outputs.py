"""Files that a command writes: all of one or nothing, and one that fails stops no other."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path

import pytest
import typer

from grader.cli.exits import Exit
from grader.cli.outputs import OutputFault, write_all, write_output


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for what is written, as many file systems tell when it is to be kept."""

    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(b"old")
    with pytest.raises(OutputFault, match=r"results.json cannot be written: No space left"):
        write_output(path, b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.usefixtures("full_disk")
def test_what_cannot_be_written_is_the_machines_fault_and_all_else_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[int] = []
    with pytest.raises(typer.Exit) as caught:
        write_all(
            partial(write_output, tmp_path / "a.json", b"new"),
            partial(done.append, 1),
            partial(write_output, tmp_path / "b.json", b"new"),
        )
    assert caught.value.exit_code == Exit.OUR_FAULT
    assert done == [1]
    said = capsys.readouterr().err
    assert "a.json cannot be written" in said
    assert "b.json cannot be written" in said


def test_what_can_be_written_is(tmp_path: Path) -> None:
    write_all(partial(write_output, tmp_path / "new" / "a.json", b"new"))
    assert (tmp_path / "new" / "a.json").read_bytes() == b"new"
