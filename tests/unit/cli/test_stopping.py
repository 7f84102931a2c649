"""A signal stops a command wherever it is, and disturbs nothing that is being put away."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from grader.cli import main as program
from grader.cli import outputs
from grader.cli.exits import note
from grader.cli.stopping import stopped_by_signals

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _usual_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (*SIGNALS, signal.SIGALRM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Dropping:
    """Where it is freed a signal comes, and what that raises is dropped."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


@pytest.mark.lengthy
@pytest.mark.parametrize("number", SIGNALS)
def test_what_was_dropped_is_raised_again(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = []
    monkeypatch.setattr("sys.unraisablehook", lambda told: dropped.append(told.exc_type))

    def command() -> None:
        Dropping(number)
        assert dropped == [KeyboardInterrupt]
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt), stopped_by_signals():
        command()


@pytest.mark.lengthy
def test_it_does_not_come_again_while_things_are_put_away() -> None:
    put_away = []

    def command() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            time.sleep(0.5)  # longer than until it would be raised again
            signal.raise_signal(signal.SIGTERM)
            put_away.append("all")

    with pytest.raises(KeyboardInterrupt), stopped_by_signals():
        command()
    assert put_away == ["all"]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_was_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stopped_by_signals():
        signal.raise_signal(signal.SIGHUP)


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], int]:
    """Run this in the place of a command, as a process would; gives the exit code."""
    monkeypatch.setattr(outputs, "_written", [])
    for name in program._THREADS_OF_NUMPY:
        monkeypatch.setenv(name, "1")

    def main(command: Callable[[], None]) -> int:
        app = typer.Typer()
        app.command()(command)
        monkeypatch.setattr(program, "_run", lambda _arguments: app([]))
        with pytest.raises(SystemExit) as end:
            program.main()
        return int(end.value.code or 0)

    return main


@pytest.mark.parametrize("number", SIGNALS)
def test_a_command_that_was_stopped_says_so(
    number: signal.Signals,
    main: Callable[[Callable[[], None]], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(lambda: signal.raise_signal(number)) == 130
    assert capsys.readouterr() == ("", "note: stopped before the end: nothing was written\n")


def test_it_says_so_before_typer_is_there_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outputs, "_written", [])
    monkeypatch.setattr(program, "_run", lambda _arguments: signal.raise_signal(signal.SIGINT))
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 130
    assert capsys.readouterr().err == "note: stopped before the end: nothing was written\n"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.csv"], "only a.csv was written"),
        (["a.csv", "ü.csv"], "only 2 files or folders were written, the last of them ü.csv"),
    ],
)
def test_what_was_written_before_is_told(
    names: list[str],
    said: str,
    main: Callable[[Callable[[], None]], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    def command() -> None:
        for name in names:
            outputs.write_output(Path(name), b"whole")
        outputs.write_output(Path("late.csv"), parts())

    def parts() -> Iterator[bytes]:
        yield b"half"
        signal.raise_signal(signal.SIGTERM)
        yield b"never"

    assert main(command) == 130
    assert capsys.readouterr().err == f"note: stopped before the end: {said}\n"
    assert sorted(item.name for item in tmp_path.iterdir()) == names


def test_who_has_told_it_is_not_told_again(
    main: Callable[[Callable[[], None]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            note("stopped: 3 of 9 are marked")
            raise typer.Exit(130) from None

    assert main(command) == 130
    assert capsys.readouterr().err == "note: stopped: 3 of 9 are marked\n"


def test_a_command_that_ends_by_itself_says_nothing_of_it(
    main: Callable[[Callable[[], None]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise typer.Exit(1)

    assert main(command) == 1
    assert capsys.readouterr() == ("", "")
