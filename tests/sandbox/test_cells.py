"""Notebooks in the walls: cells run in their order, and one that fails takes nothing with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.cells import cells_of, packed, text_of
from grader.sandbox.contract import JobResult

NAME = "hw1.ipynb"


def notebook(*cells: str) -> dict[str, bytes]:
    """Cells numbered 1, 2, … of one notebook."""
    return {NAME: packed(list(enumerate(cells, 1)))}


def asked(run: Callable[..., JobResult], files: dict[str, Any], *names: str) -> dict[str, Response]:
    calls = [Call(id=name, group=name, entry=name, mode="value") for name in names]
    return dict(run(files, *calls, at_start=tuple(files)).responses)


EXPORTED = """#!/usr/bin/env python
# coding: utf-8

# In[1]:

get_ipython().run_line_magic('matplotlib', 'inline')

# In[ ]:

raise ValueError("no")

# In[12]:

def f():
    return 1 / 0
g = 3
"""
PERCENT = "# %%\nx = 1\nraise ValueError\n# %% [markdown]\n# text\n# %%\ng = x + 2\n"


def test_what_the_cells_define_is_found_and_what_fails_is_told_once(
    run: Callable[..., JobResult],
) -> None:
    """One process: the whole of what a notebook does is seen in one run."""
    files = notebook(
        "import nowhere\nimport math\nfrom IPython.display import HTML",
        "def area(r=2.0):\n    return math.floor(math.pi * r)\n1 / 0\nafter = 5",
        "display(HTML('x'))\nget_ipython().system('ls')\nseen = 0.410",
        "async def wait():\n    return 7\nwaited = await wait()",
        "def broken(:\n",
        "area_again = area()\nraise SystemExit\nnever = area()",
        "seen = 0.410",
    )
    names = ("area", "after", "seen", "waited", "broken", "area_again", "never", "nothing")
    calls = [Call(id=name, group=name, entry=name, mode="value") for name in names]
    result = run(files, *calls, at_start=(NAME,))
    got = {name: response.value for name, response in result.responses.items()}
    assert got["area"] == got["area_again"] == 6
    assert (got["after"], got["seen"], got["waited"]) == (5, 0.41, 7)
    failures = {name: response.failure for name, response in result.responses.items()}
    assert failures["broken"] is not None
    assert failures["broken"].reason is Reason.SYNTAX_ERROR
    assert (failures["broken"].file, failures["broken"].line) == (f"{NAME} cell 5", 1)
    assert failures["never"] is not None
    assert failures["never"].reason is Reason.SYSTEM_EXIT
    assert failures["nothing"] is not None
    assert failures["nothing"].reason is Reason.NAME_NOT_DEFINED
    told = [(one.file, one.line, one.exception) for one in result.failed_cells]
    assert told == [
        (f"{NAME} cell 1", 1, "ModuleNotFoundError"),
        (f"{NAME} cell 2", 3, "ZeroDivisionError"),
        (f"{NAME} cell 5", 1, "SyntaxError"),
        (f"{NAME} cell 6", 2, "SystemExit"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "endless",
    [
        "while True:\n    pass",
        "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
        "import time\ntime.sleep(1000)",
        "from time import sleep\nfor _ in range(9000):\n    sleep(0.5)",
    ],
)
def test_cells_that_take_too_long_leave_what_others_define(
    run: Callable[..., JobResult], endless: str
) -> None:
    files = notebook(
        "def f():\n    return 1", endless, "def g():\n    return f() + 1\nh = f()\nk = 3"
    )
    calls = [Call(id=name, group=name, entry=name, mode="value") for name in "fghk"]
    result = run(files, *calls, at_start=(NAME,))
    assert [result.responses[name].value for name in "fgk"] == [1, 2, 3]
    failure = result.responses["h"].failure
    assert failure is not None
    assert failure.verdict is Verdict.TIMED_OUT
    assert [one.file for one in result.failed_cells] == [f"{NAME} cell 2"]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "line"), [(EXPORTED, 10), (PERCENT, 3)])
def test_a_script_made_from_a_notebook_is_run_like_one(
    run: Callable[..., JobResult], source: str, line: int
) -> None:
    call = Call(id="g", group="g", entry="g", mode="value")
    result = run({"hw.py": source}, call)
    assert result.responses["g"].value == 3
    assert [(one.file, one.line) for one in result.failed_cells] == [("hw.py", line)]


@pytest.mark.slow
def test_places_in_functions_are_cells_and_digits_stay(run: Callable[..., JobResult]) -> None:
    files = notebook("h = 0.410", "def f():\n    x = 1\n    return x / 0")
    calls = [
        Call(id="h", group="h", entry="h", mode="value", digits=True),
        Call(id="f", group="f", entry="f", mode="value"),
    ]
    responses = run(files, *calls, at_start=(NAME,)).responses
    assert str(responses["h"].value) == "0.410"
    failure = responses["f"].failure
    assert failure is not None
    assert (failure.file, failure.line) == (f"{NAME} cell 2", 3)


@pytest.mark.slow
def test_a_notebook_beside_the_declared_module_is_the_last_resort(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "hw.py": b"def f(): return 1\n",
        **notebook("print('run')\ndef f(): return 2\ndef g(): return 3"),
    }
    calls = {name: Call(id=name, group=name, entry=name, mode="value") for name in "fg"}
    only_f = run(files, calls["f"], at_start=("hw.py",))
    assert only_f.responses["f"].value == 1
    assert not only_f.printed + only_f.responses["f"].printed
    both = run(files, *calls.values(), at_start=("hw.py",)).responses
    assert (both["f"].value, both["g"].value) == (1, 3)


# -- the cells of a file, without a process ------------------------------------------------------


def test_a_marker_inside_a_statement_divides_nothing() -> None:
    source = b"# In[1]:\ntext = '''\n# In[2]:\n'''\n"
    cells = cells_of("hw.py", source)
    assert cells is not None
    assert [cell.text for cell in cells] == [source.decode()]


@pytest.mark.parametrize("source", [b"x = 1\n", b"# Input\nx = 1\n", b"#%d\n", b"\xff\xfe"])
def test_a_plain_module_has_no_cells(source: bytes) -> None:
    assert cells_of("hw.py", source) is None


def test_cells_of_a_script_keep_their_lines() -> None:
    cells = cells_of("hw.py", EXPORTED.encode()) or []
    lines = EXPORTED.split("\n")
    for cell in cells:
        own = cell.text.split("\n")
        assert all(line in ("", lines[number]) for number, line in enumerate(own))
    assert "\n".join(cell.text.strip() for cell in cells).count("\n") > 8


def test_all_the_code_of_a_notebook_is_one_text() -> None:
    source = packed([(1, "x = 1"), (4, "y = 'é'")])
    assert text_of(NAME, source).decode() == "x = 1\ny = 'é'"


@pytest.mark.parametrize(
    ("guard", "found"),
    [
        ('if __name__ == "__main__":', True),
        ('if "__main__" == __name__:', True),
        ('if __name__ == "other":', False),
        ("if __name__:", True),
    ],
)
def test_what_stands_behind_the_main_guard_of_a_notebook_is_run(
    run: Callable[..., JobResult], guard: str, found: bool
) -> None:
    cell = f"{guard}\n    scale = 2\n    open('data.csv')\n    def g():\n        return scale\n"
    answers = asked(run, notebook("scale = 1", cell, "def f(): return scale"), "f", "g")
    assert answers["f"].value == (2 if found else 1)
    if found and "==" in guard:  # each statement by itself, as in any cell
        assert answers["g"].value == 2
