"""Where code stood is told the same each time, though it goes round in a loop."""

from __future__ import annotations

import os

import pytest

from grader.sandbox.stood import read_stack, stood

LINES = """def outer(n):
    for step in range(3):
        inner(step)

def inner(n):
    # goes on
    while n:
        for k in range(3):

            n += k
    return n

def plain(n):
    return plain(n)
""".splitlines()
HEAD = b"Stack (most recent call first):\n"


def said(*lines: int, file: str = "a.py") -> bytes:
    frames = "".join(f'  File "{file}", line {line} in f\n' for line in lines)
    return b"\x00\x01half a reply" + HEAD + frames.encode() + b'  File "zygote.py", line 1 in x\n'


@pytest.mark.parametrize(
    ("lines", "line"),
    [((10, 3), 7), ((8, 3), 7), ((7, 3), 7), ((3,), 2), ((14, 14), 14), ((11,), 11), ((99,), 99)],
)
def test_the_loop_is_named_where_there_is_one(lines: tuple[int, ...], line: int) -> None:
    assert stood(said(*lines), {"a.py": LINES}) == ("a.py", line)


def test_what_is_no_file_of_theirs_is_nowhere() -> None:
    assert stood(said(3, file="/usr/lib/x.py"), {"a.py": LINES}) is None
    assert stood(b"anything", {"a.py": LINES}) is None


def test_names_are_those_of_the_files() -> None:
    written = HEAD + rb'  File "\xe4\u0151.py", line 14 in plain' + b"\n"
    assert stood(written, {"äő.py": LINES}) == ("äő.py", 14)


@pytest.mark.parametrize(("unknown", "asked"), [(0, 1), (1, 2), (2, 3), (9, 4)])
def test_a_line_that_is_not_known_is_asked_for_again(unknown: int, asked: int) -> None:
    known = said(10)[:-1].replace(b"line 1 in x", b"line 1 in <module>") + b"\n"
    between = known.replace(b"line 10 in", b"line ??? in")
    answers = [between] * unknown + [known]
    readable, writable = os.pipe()
    times: list[int] = []

    def ask() -> None:
        os.write(writable, answers[len(times)])
        times.append(1)

    try:
        told = read_stack(ask, readable, 1 << 16)
    finally:
        os.close(readable)
        os.close(writable)
    assert len(times) == asked
    assert told == answers[asked - 1]
