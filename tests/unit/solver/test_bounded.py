"""Trusted code that is fed strangers' numbers ends, after the same number of lines everywhere."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from grader.solver.bounded import OutOfBounds, bounded
from tests.some import first_few


def endless() -> None:
    while True:
        pass


def endless_on_one_line() -> None:
    _ = [n for n in range(10**12)]  # noqa: C416 - a turn on one line is what is counted


def endless_in_calls() -> None:
    def inner(n: int) -> int:
        return n + 1

    n = 0
    while n >= 0:
        n = inner(n)


def endless_generator() -> None:
    _ = sum(n for n in range(10**12))


@pytest.mark.parametrize(
    "code", [endless, endless_on_one_line, endless_in_calls, endless_generator]
)
def test_what_never_ends_is_stopped(code: Callable[[], None]) -> None:
    with pytest.raises(OutOfBounds), bounded(1000):
        code()


def some_lines(count: int) -> int:
    total = 0
    for n in range(count):
        total += n
    return total


def test_what_ends_in_time_is_left_alone() -> None:
    with bounded(1000):
        assert some_lines(100) == 4950


def test_the_bound_is_the_same_every_time() -> None:
    def least() -> int:
        for lines in range(1, 200):
            try:
                with bounded(lines):
                    some_lines(20)
            except OutOfBounds:
                continue
            return lines
        raise AssertionError

    assert least() == least() > 20


def test_a_trace_function_that_was_set_is_put_back() -> None:
    def own(_frame: FrameType, _event: str, _argument: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(own)
    try:
        with bounded(10):
            pass
        during = sys.gettrace()
        with pytest.raises(OutOfBounds), bounded(10):
            some_lines(100)
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert during is own
    assert after is own


SEVERAL = """
import sys, threading, time
from grader.solver.bounded import bounded, called

sys.addaudithook(lambda event, arguments: time.sleep(1e-5 * (event == "sys.settrace")))
failed = []

def work():
    try:
        for _ in range(50):
            with bounded():
                called(sum, [1, 2])
    except RuntimeError as error:
        failed.append(error)

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(repr(failed[:1]) if failed else 0)
"""


@pytest.mark.processes
def test_several_threads_may_begin_to_count_at_once() -> None:
    """Python refuses to set a trace function while another thread sets one. An audit hook, as here,
    gives the other threads their turn in the middle of it."""
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


class Left:
    """What somebody left in a cycle, and that says something when it is freed."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        some_lines(3)


def frees_memory() -> None:
    gc.collect()


def used_by(code: Callable[[], None]) -> int:
    with bounded(None) as block:
        code()
    return block.used


@pytest.mark.lengthy
@pytest.mark.parametrize(
    "left", first_few(["a weak dictionary's key", "an object with its own end"], 1)
)
def test_what_runs_where_memory_is_freed_does_not_count(left: str) -> None:
    frees_memory()
    alone = used_by(frees_memory)
    known: weakref.WeakKeyDictionary[Left, int] = weakref.WeakKeyDictionary()
    one = Left()
    if left == "a weak dictionary's key":
        known[one] = 1
    del one
    assert used_by(frees_memory) == alone
    assert not known


@pytest.mark.lengthy
def test_who_watches_the_collector_does_not_count() -> None:
    alone = used_by(frees_memory)

    def watches(_phase: str, _found: dict[str, int]) -> None:
        some_lines(3)

    gc.callbacks.append(watches)
    try:
        assert used_by(frees_memory) == alone
    finally:
        gc.callbacks.remove(watches)
