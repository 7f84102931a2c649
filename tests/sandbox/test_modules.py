"""The files handed in: how they are read, and how they find each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import grader.sandbox.child
from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult
from tests.build import call_of

OURS = sorted(
    path.stem for path in Path(grader.sandbox.child.__path__[0]).glob("*.py") if path.stem[0] != "_"
)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"\xef\xbb\xbfdef f(): return '\xc3\xa9'\n", id="bom"),
        pytest.param(b"# -*- coding: latin-1 -*-\ndef f(): return '\xe9'\n", id="coding-line"),
        pytest.param(b"#!/usr/bin/python\r\ndef f():\r\n    return '\xc3\xa9'\r\n", id="crlf"),
        pytest.param(b"def f():\r    return '\xc3\xa9'\r", id="old-mac"),
        pytest.param("def f():\n\treturn 'é'".encode(), id="tabs-and-no-last-newline"),
        pytest.param("def f(): return 'é'\n\x0c\n".encode(), id="form-feed"),
    ],
)
def test_source_is_read_as_python_reads_it(ask: Callable[..., Response], source: bytes) -> None:
    assert ask({"answers.py": source}).value == "é"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"def f(): return '\xe9'\n", id="not-utf-8"),
        pytest.param(b"# coding: klingon\ndef f(): return 1\n", id="unknown-coding"),
        pytest.param("def f(): return 1\n".encode("utf-16"), id="utf-16"),
    ],
)
def test_a_file_that_is_no_python_text_is_a_failure_of_its_own(
    run: Callable[..., JobResult], source: bytes
) -> None:
    files = {"bad.py": source, "good.py": "def g(): return 2\n"}
    calls = [Call(id=name, group=name, entry=name) for name in ("f", "g")]
    responses = run(files, *calls).responses
    assert responses["f"].failure is not None
    assert responses["f"].failure.verdict is Verdict.RAISED
    assert responses["g"].value == 2


def test_an_empty_file_defines_nothing(ask: Callable[..., Response]) -> None:
    failure = ask("").failure
    assert failure is not None
    assert failure.reason is Reason.NAME_NOT_DEFINED


def test_files_import_each_other_both_ways(ask: Callable[..., Response]) -> None:
    files = {
        "first.py": "import second\nX = 1\ndef f(): return X + second.g()\n",
        "second.py": "import first\ndef g(): return 10 * first.X\n",
    }
    assert ask(files).value == 11


def test_a_file_is_run_once(run: Callable[..., JobResult]) -> None:
    files = {"a.py": "import b\nprint('a')\ndef f(): pass\n", "b.py": "print('b')\n"}
    assert run(files, call_of("f")).printed == "b\na\n"


def test_a_file_that_fails_answers_what_it_had_defined(run: Callable[..., JobResult]) -> None:
    files = {"a.py": "try:\n    import b\nexcept ValueError:\n    pass\n"}
    files["b.py"] = "def f(): return 'half'\nraise ValueError\ndef g(): pass\n"
    responses = run(files, call_of("f"), call_of("g")).responses
    assert responses["f"].value == "half"
    failure = responses["g"].failure
    assert failure is not None
    assert (failure.file, failure.line) == ("b.py", 2)


def test_files_may_be_named_like_modules_of_the_library(run: Callable[..., JobResult]) -> None:
    names = ["numpy", "random", "json", "struct", "linecache", "site", "ast", *OURS]
    source = (
        "import random, json, numpy\ndef f_{0}(): return int(numpy.sum(json.loads('[1, 2]')))\n"
    )
    files = {f"{name}.py": source.format(name) for name in names}
    calls = [Call(id=name, group=name, entry=f"f_{name}") for name in names]
    values = {name: r.value for name, r in run(files, *calls).responses.items()}
    assert values == dict.fromkeys(names, 3)


@pytest.mark.parametrize("name", OURS)
def test_no_file_of_ours_is_imported_in_place_of_a_students(
    ask: Callable[..., Response], name: str
) -> None:
    files = {"a.py": f"import {name}\ndef f(): return {name}.MINE\n", f"{name}.py": "MINE = 5\n"}
    assert ask(files).value == 5


def test_a_file_may_have_any_name(run: Callable[..., JobResult]) -> None:
    names = ["my solution", "hw-1", "os.path.mine", "a.b", "1", "übung", "class", "__main__"]
    files = {f"{name}.py": f"def f{n}(): return __name__\n" for n, name in enumerate(names)}
    calls = [Call(id=name, group=name, entry=f"f{n}") for n, name in enumerate(names)]
    values = {name: r.value for name, r in run(files, *calls).responses.items()}
    assert values == {name: name for name in names}


def test_the_first_file_that_defines_a_name_answers(ask: Callable[..., Response]) -> None:
    files = {"z.py": "def f(): return 'z'\n", "a.py": "def f(): return 'a'\n"}
    assert ask(files).value == "z"


def test_provided_code_runs_before_every_file(ask: Callable[..., Response]) -> None:
    files = {"a.py": "import b\ndef f(): return np.arange(b.Y).tolist()\n", "b.py": "Y = TWO\n"}
    assert ask(files, provided="import numpy as np\nTWO = 2\n").value == [0, 1]


def test_line_numbers_do_not_count_provided_code(ask: Callable[..., Response]) -> None:
    failure = ask("def f():\n    return 1 / 0\n", provided="import os\n" * 9).failure
    assert failure is not None
    assert failure.line == 2


def test_the_main_guard_of_a_file_is_not_run(run: Callable[..., JobResult]) -> None:
    source = "def f(): return 1\nif __name__ == '__main__':\n    print('main')\n"
    result = run(source, call_of("f"))
    assert (result.responses["f"].value, result.printed) == (1, "")


def test_dataclasses_with_text_annotations_can_be_defined(ask: Callable[..., Response]) -> None:
    source = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass, astuple\n"
        "@dataclass\nclass P:\n    x: int\n"
        "def f(): return astuple(P(3))\n"
    )
    assert ask(source).value == (3,)
