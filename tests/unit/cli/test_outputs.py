"""Files that a command writes: all of one or nothing, and one that fails stops no other."""

from __future__ import annotations

import errno
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import typer

from grader.cli.exits import Exit
from grader.cli.outputs import (
    OutputFault,
    check_outputs,
    is_printed,
    record_path,
    write_all,
    write_output,
)


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


# -- what is no file of its own, and links -----------------------------------------------------


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    content = bytes(300_000)  # more than a pipe holds
    with ThreadPoolExecutor() as pool:
        read = pool.submit(path.read_bytes)
        write_output(path, content)
        assert read.result(timeout=20) == content
    assert path.is_fifo()
    assert [item.name for item in tmp_path.iterdir()] == ["pipe"]


def test_a_device_is_written_to_and_says_that_it_is_full() -> None:
    write_output(Path("/dev/null"), b"new")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(OutputFault, match="/dev/full cannot be written: No space left"):
        write_output(Path("/dev/full"), b"new")


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_standard_output_is_written_to_where_it_stands(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("/dev/stdout")
    sys.stdout.write("before\n")
    write_output(Path(name), b"new\n")
    assert capfd.readouterr().out == "before\nnew\n"
    assert is_printed(Path(name))
    assert record_path(Path(name)) is None
    assert [item.name for item in tmp_path.iterdir()] == ["link"]


@pytest.mark.parametrize("old", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, old: bool) -> None:
    kept, link = tmp_path / "kept" / "results.json", tmp_path / "results.json"
    kept.parent.mkdir()
    if old:
        kept.write_bytes(b"old")
    link.symlink_to("kept/results.json")
    check_outputs([link])
    write_output(link, b"new")
    assert link.is_symlink()
    assert kept.read_bytes() == b"new"


def _refused(paths: list[Path], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as caught:
        check_outputs(paths)
    assert caught.value.exit_code == Exit.USAGE
    return capsys.readouterr().err


def test_a_read_only_target_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(b"old")
    path.chmod(0o444)
    assert "results.json cannot be written: it is read-only" in _refused([path], capsys)
    path.chmod(0o644)
    check_outputs([path])  # the honest cousin
    tmp_path.chmod(0o555)
    try:
        assert "is read-only" in _refused([tmp_path / "new.json"], capsys)
    finally:
        tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"


def test_what_cannot_be_written_to_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "it is a folder" in _refused([tmp_path], capsys)
    assert "there is no folder" in _refused([tmp_path / "a" / "b" / "c.json"], capsys)
    assert "it is not open" in _refused([Path("/dev/fd/987654")], capsys)
    (tmp_path / "file").write_bytes(b"")
    assert "there is no folder" in _refused([tmp_path / "file" / "a.json"], capsys)
    (tmp_path / "round").symlink_to("round")
    assert "cannot be written" in _refused([tmp_path / "round"], capsys)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert "it is a socket" in _refused([tmp_path / "s"], capsys)


def test_two_outputs_go_into_one_place_only_where_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to("a")
    for pair in ([tmp_path / "a", tmp_path / "link"], [Path("-"), Path("/dev/stdout")]):
        assert "two outputs would go into one file" in _refused(pair, capsys)
    check_outputs([Path("/dev/null"), Path("/dev/null")])
    check_outputs([Path("-"), tmp_path / "a"])
