"""A signal stops a command wherever it is, and disturbs nothing that is being put away."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

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
