"""Where code stood is told the same each time, though it goes round in a loop."""

from __future__ import annotations

import pytest

from grader.sandbox.stood import is_between_lines, stood

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


def test_a_line_that_is_not_known_is_asked_for_again() -> None:
    between = said(10).replace(b"line 10 in", b"line ??? in")
    assert is_between_lines(between)
    assert not is_between_lines(between + said(10))  # what was said before does not count
    assert not is_between_lines(said(10))
