"""How wide pages and messages are, by the terminal they are written to."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Callable, Iterator
from typing import TextIO

import pytest

from grader.cli.exits import note
from grader.cli.screen import columns_of, fitted

MESSAGE = "error: there is no assignment 'week-7' here\n  help: name one of the folders"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], TextIO]]:
    """A real terminal with so many columns."""
    monkeypatch.delenv("COLUMNS", raising=False)
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor

        def resized(columns: int) -> TextIO:
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            return stream

        yield resized
    os.close(ours)


@pytest.mark.parametrize(
    ("columns", "page"), [(200, 80), (80, 80), (61, 61), (40, 40), (3, 20), (0, 80)]
)
def test_a_page_is_as_wide_as_the_terminal_and_at_most_80(
    terminal: Callable[[int], TextIO], columns: int, page: int
) -> None:
    assert columns_of(terminal(columns)) == page


def test_a_message_has_no_line_that_the_terminal_would_break(
    terminal: Callable[[int], TextIO],
) -> None:
    lines = fitted(MESSAGE, terminal(24)).split("\n")
    assert lines == [
        "error: there is no",
        "  assignment 'week-7'",
        "  here",
        "  help: name one of the",
        "    folders",
    ]
    assert fitted("a\n\nb", terminal(24)) == "a\n\nb"
    assert fitted(f"see {'x' * 99}", terminal(24)) == f"see\n  {'x' * 99}"


def test_elsewhere_pages_have_80_columns_and_messages_are_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    note("word " * 40)
    assert capsys.readouterr().err == f"note: {'word ' * 40}\n"
    with open(os.devnull, encoding="utf-8") as nowhere:  # noqa: PTH123 - no path of ours
        assert columns_of(nowhere) == 80
    assert columns_of(None) == 80


@pytest.mark.parametrize(
    ("said", "page"), [("40", 40), ("9999", 80), ("", 80), ("0", 80), ("wide", 80), ("-5", 80)]
)
def test_the_environment_says_it_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, said: str, page: int
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    assert columns_of(None) == page
    assert fitted("word " * 40, None) == "word " * 40


def test_a_terminal_that_is_narrower_than_the_environment_says_counts(
    terminal: Callable[[int], TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = terminal(60)
    monkeypatch.setenv("COLUMNS", "80")  # as it was before the window was made narrower
    assert columns_of(stream) == 60
    monkeypatch.setenv("COLUMNS", "40")
    assert columns_of(stream) == 40
