"""What code prints: kept up to a limit, harmless to whoever reads it, and cut where it says so."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest

from grader.model.call import Call
from grader.sandbox.contract import JobResult
from grader.sandbox.text import CUT

KEPT = 64 << 10


def _call(name: str = "f", *, hidden: bool = False) -> Call:
    return Call(id=name, group=name, entry=name, hidden=hidden)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("print('epoch', 1)", "epoch 1\n"),
        ("import sys; print('warned', file=sys.stderr)", "warned\n"),
        ("import os; os.write(1, b'raw')", "raw"),
        ("print('\\x1b[31mred\\x1b[2J\\x07')", "\ufffd[31mred\ufffd[2J\ufffd\n"),
        ("print('\\x1b]8;;http://x\\x1b\\\\link')", "\ufffd]8;;http://x\ufffd\\link\n"),
        ("print('50%\\r100%')", "50%\n100%\n"),
        ("print('a\\u202eb\\u2066c\\u200fd')", "a\ufffdb\ufffdc\ufffdd\n"),
        ("print('\\x00\\x9b1m\\u2028')", "\ufffd\ufffd1m\ufffd\n"),
        ("import os; os.write(1, b'\\xff\\xfeok\\xc3')", "\ufffd\ufffdok\ufffd"),
        ("import os; os.write(1, b'\\xed\\xa0\\x80')", "\ufffd\ufffd\ufffd"),
        ("print('größer\\t✓ 王')", "größer\t✓ 王\n"),
        ("print(object())", "<object object at 0x…>\n"),
    ],
    ids=[
        *("plain", "stderr", "descriptor", "colours", "a-link", "carriage-return", "directions"),
        *("control", "no-utf-8", "surrogate", "letters", "an-address"),
    ],
)
def test_printed_text_is_made_fit_to_be_shown(
    run: Callable[..., JobResult], body: str, shown: str
) -> None:
    result = run(f"def f():\n    {body}\n    return 1\n", _call())
    assert result.responses["f"].printed == shown


def test_what_is_printed_while_loading_is_kept_apart(run: Callable[..., JobResult]) -> None:
    result = run("print('hello')\ndef f():\n    print('called')\n", _call())
    assert (result.printed, result.responses["f"].printed) == ("hello\n", "called\n")


@pytest.mark.parametrize("line", ["x" * 99, "x" * 300_000, "é" * 50], ids=["lines", "one", "wide"])
def test_the_first_64_kib_are_kept_and_the_cut_is_said_once(
    run: Callable[..., JobResult], line: str
) -> None:
    source = f"def f():\n    for n in range(2000): print({line!r}[: 300_000 // 2000 * 100])\n"
    source += "def g():\n    print('after')\n"
    result = run(source, _call("f"), _call("g"), output_kib=65536)
    printed = result.responses["f"].printed
    assert printed.endswith(CUT)
    text = printed.removesuffix(CUT)
    assert KEPT - 4 <= len(text.encode()) <= KEPT + 4  # a character may be cut in two
    assert result.responses["g"].printed == ""


@pytest.mark.parametrize(("size", "cut"), [(KEPT - 1, False), (KEPT, False), (KEPT + 1, True)])
def test_nothing_is_cut_that_fits(run: Callable[..., JobResult], size: int, cut: bool) -> None:
    source = f"import os\ndef f():\n    os.write(1, b'x' * {size})\n"
    printed = run(source, _call(), output_kib=1024).responses["f"].printed
    assert printed == "x" * min(size, KEPT) + CUT * cut


def test_what_comes_after_exactly_64_kib_is_said_to_be_cut(run: Callable[..., JobResult]) -> None:
    source = (
        f"import os\nos.write(1, b'x' * {KEPT})\ndef f():\n    print(1)\ndef g():\n    print(2)\n"
    )
    result = run(source, _call("f"), _call("g"), output_kib=1024)
    assert result.printed == "x" * KEPT
    assert [response.printed for response in result.responses.values()] == [CUT, ""]


def test_no_printed_byte_steers_a_terminal(run: Callable[..., JobResult]) -> None:
    source = (
        "import os\ndef f():\n"
        "    os.write(1, bytes(range(256)))\n"
        "    print(''.join(map(chr, [*range(0x2000, 0x2100), *range(0xfff0, 0xfffe), 0xe0001])))\n"
    )
    printed = run(source, _call()).responses["f"].printed
    assert printed
    steering = {c for c in printed if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert steering <= {"\n", "\t"}


def test_where_python_is_installed_is_not_printed(run: Callable[..., JobResult]) -> None:
    body = "import sys; print(sys.path, sys.prefix, sys.base_prefix, sys.executable)"
    printed = run(f"def f():\n    {body}\n", _call()).responses["f"].printed
    shared = {"/", "/usr", "/usr/local"}
    for own in {sys.prefix, sys.base_prefix} - shared | {sys.executable}:
        assert own not in printed
    assert ".zip" not in printed


def test_each_of_many_calls_has_what_it_printed_itself(run: Callable[..., JobResult]) -> None:
    source = "count = 0\ndef f():\n    global count\n    count += 1\n    print(count)\n"
    calls = [
        Call(id=f"c{number}", group="f", entry="f", hidden=number > 15) for number in range(40)
    ]
    responses = run(source, *calls).responses
    assert [responses[call.id].printed for call in calls] == [f"{n}\n" for n in range(1, 41)]


def test_who_reads_ahead_finds_no_hidden_call_while_what_it_prints_is_shown(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import gc, io, os\n"
        "def f(x):\n"
        "    os.set_blocking(3, False)\n"
        "    found = [one for one in gc.get_objects() if isinstance(one, io.BufferedReader)]\n"
        "    print([reader.peek() for reader in found if reader.fileno() == 3])\n"
        "    os.set_blocking(3, True)\n"
        "    return x\n"
    )
    calls = [
        Call(id=f"c{n}", group="f", entry="f", arguments=(f"input-{n}",), hidden=n > 1)
        for n in range(4)
    ]
    responses = run(source, *calls).responses
    printed = [responses[call.id].printed for call in calls]
    assert not any("input-2" in one or "input-3" in one for one in printed[:2])
    assert [responses[call.id].value for call in calls] == [f"input-{n}" for n in range(4)]
