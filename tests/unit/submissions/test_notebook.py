"""Notebooks as Jupyter, Colab and VS Code write them, and what only looks like one."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.child.cells import cells_of, is_exported
from grader.submissions.find import open_submission
from grader.submissions.magics import python_of
from grader.submissions.notebook import NotebookFault, read_notebook
from grader.submissions.pasted import without_pasted
from tests.some import some
from tests.work import sums_in

REAL = Path(__file__).parents[2] / "notebooks"
DECLARED = ("answers.yaml", "optimizers.py")
NAMES = ("jupyter", "version-3", "colab", "vscode")


def made(*cells: dict[str, Any], **top: Any) -> bytes:
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | top
    return json.dumps(whole).encode()


def code(source: Any, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


@pytest.mark.parametrize("name", NAMES)
def test_a_real_notebook_has_code_answers_and_pictures(name: str, tmp_path: Path) -> None:
    (tmp_path / "hw1.ipynb").write_bytes((REAL / f"{name}.ipynb").read_bytes())
    found = open_submission(tmp_path, DECLARED)
    cells = cells_of("hw1.ipynb", found.modules["hw1.ipynb"]) or []
    assert [cell.number for cell in cells] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "\n%" not in "".join(cell.text for cell in cells)
    assert "def adam(w, dw, config=None):" in cells[3].text
    assert [*found.sheets] == ["hw1.ipynb cell 10"]
    assert found.sheets["hw1.ipynb cell 10"].startswith(b"\n\n\nloss_gradient: ")
    assert [(one.name, one.cell) for one in found.figures] == [("hw1.ipynb cell 9.png", 9)]
    assert found.others["hw1.ipynb cell 9.png"].startswith(b"\x89PNG")
    assert found.at_start == ("hw1.ipynb",)
    assert not found.unread
    assert [note.text for note in found.notes] == ["hw1.ipynb was read in place of optimizers.py"]


SOURCES = [
    pytest.param("x = 1\ny = 2", "x = 1\ny = 2", id="text"),
    pytest.param(["x = 1\n", "y = 2"], "x = 1\ny = 2", id="lines"),
    pytest.param(["x = 1", "y = 2"], "x = 1\ny = 2", id="lines-without-ends"),
    pytest.param("x = 1\r\ny = 2", "x = 1\ny = 2", id="crlf"),
    pytest.param("x = '\ud800'", "x = '\ufffd'", id="half-a-character"),
]


@pytest.mark.parametrize(("source", "text"), SOURCES)
def test_the_text_of_a_cell(source: Any, text: str) -> None:
    assert read_notebook(made(code(source))).code == ((1, text),)


def test_cells_are_counted_as_they_stand_and_strange_ones_are_passed_over() -> None:
    content = made(
        markdown("# a"), {"cell_type": "raw"}, code("x = 1"), {}, code(""), code("y = 2")
    )
    broken = json.loads(content)
    broken["cells"][3] = "not a cell"
    found = read_notebook(b"\xef\xbb\xbf" + json.dumps(broken).encode())
    assert found.code == ((3, "x = 1"), (6, "y = 2"))
    assert found.texts == ((1, "# a"),)


FAULTS = {
    "empty": (b"", "it is empty"),
    "truncated": (made(code("x = 1"))[:40], "it is broken at line 1"),
    "merged": (b'{\n<<<<<<< HEAD\n"cells": []\n}', "a merge left its marks"),
    "not-text": (b"\xff\x00\x80", "not UTF-8"),
    "cut-off-in-utf-16": (b"\xff\xfe\x00", "it is broken"),
    "a-list": (b"[]", "no cells"),
    "no-cells": (b'{"metadata": {}}', "no cells"),
    "in-r": (made(metadata={"kernelspec": {"language": "R"}}), "its language is R"),
    "too-many": (made(*[code("")] * 2001), "more than 2000 cells"),
    "deep": (b"[" * 100_000, "broken"),
    "long-number": (b'{"cells": ' + b"9" * 5000 + b"}", "broken"),
}


@pytest.mark.parametrize(("content", "words"), FAULTS.values(), ids=FAULTS)
def test_what_is_no_notebook_is_not_read_and_waits_for_a_person(
    content: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(NotebookFault, match=words):
        read_notebook(content)
    (tmp_path / "hw.ipynb").write_bytes(content)
    found = open_submission(tmp_path, DECLARED)
    assert not found.modules
    assert [(one.code, one.answers) for one in found.unread] == [(True, True)]
    assert words in found.unread[0].why


def test_a_file_that_a_cell_writes_is_a_module(tmp_path: Path) -> None:
    cells = [
        code("%%writefile optimizers.py\nx = 1"),
        code("%%writefile ../../evil.py\nx"),
        code("y"),
    ]
    (tmp_path / "hw.ipynb").write_bytes(made(*cells))
    found = open_submission(tmp_path, DECLARED)
    assert [*found.modules] == ["hw.ipynb", "optimizers.py"]
    (tmp_path / "optimizers.py").write_text("x = 2\n")
    found = open_submission(tmp_path, DECLARED)
    assert found.modules["optimizers.py"] == b"x = 2\n"


@pytest.mark.parametrize(
    ("files", "chosen", "started"),
    [
        pytest.param(["hw.ipynb"], ["hw.ipynb"], ["hw.ipynb"], id="any-name"),
        pytest.param(
            ["optimizers.ipynb"], ["optimizers.ipynb"], ["optimizers.ipynb"], id="its-name"
        ),
        pytest.param(
            ["optimizers.py", "optimizers.ipynb"],
            ["optimizers.ipynb", "optimizers.py"],
            ["optimizers.py"],
            id="beside-the-module",
        ),
        pytest.param(
            ["hw.ipynb", "tools.py"], ["hw.ipynb", "tools.py"], ["hw.ipynb"], id="with-tools"
        ),
        pytest.param(
            ["a.ipynb", "b.ipynb"], ["a.ipynb", "b.ipynb"], ["a.ipynb", "b.ipynb"], id="two"
        ),
        pytest.param(
            ["hw-Copy1.ipynb", "hw.ipynb"],
            ["hw-Copy1.ipynb", "hw.ipynb"],
            ["hw.ipynb", "hw-Copy1.ipynb"],
            id="a-copy-comes-last",
        ),
    ],
)
def test_which_notebooks_are_run(
    files: list[str], chosen: list[str], started: list[str], tmp_path: Path
) -> None:
    for name in files:
        content = made(code("x = 1")) if name.endswith(".ipynb") else b"x = 1\n"
        (tmp_path / name).write_bytes(content)
    found = open_submission(tmp_path, DECLARED)
    assert sorted(found.modules) == chosen
    assert [*(found.at_start or ())] == started


def test_answers_in_a_script_made_from_a_notebook(tmp_path: Path) -> None:
    script = "# In[1]:\nx = 1\n\n# ```answers\n# q: 0.410\n# ```\n"
    (tmp_path / "optimizers.py").write_text(script)
    assert open_submission(tmp_path, DECLARED).sheets == {"optimizers.py": b"\n\n\n\nq: 0.410"}
    (tmp_path / "optimizers.py").write_text(script.replace("# In[1]:", "# In:"))
    assert not open_submission(tmp_path, DECLARED).sheets


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cells",
                    "worksheets",
                    "cell_type",
                    "source",
                    "input",
                    "outputs",
                    "data",
                    "image/png",
                ]
            ),
            inner | st.sampled_from(["code", "markdown"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=some(60), deadline=None)
@given(JSON)
def test_whatever_the_json_holds_is_read_or_refused(data: Any) -> None:
    for content in ({"cells": data}, data):
        with contextlib.suppress(NotebookFault):
            read_notebook(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ("# In[3]:\n", True),
        ("# %%\n", True),
        ("#%% two\n", True),
        ("# COMMAND ----------\n", True),
        ("# Databricks notebook source\n", True),
        ("# In this file: adam\n", False),
        ("#%%%%%%%%%%\n", False),
        ("# 5 %% of it\nx = 1\n", False),
        ("# COMMAND line\n", False),
    ],
)
def test_a_script_of_cells_is_known_by_its_marks(text: str, exported: bool) -> None:
    assert is_exported(text) is exported


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("optim.py", "optim.py"),
        ("./optim.py", "optim.py"),
        ("net/optim.py", "net/optim.py"),
        ("/content/optim.py", "optim.py"),
        ("../optim.py", ""),
        ("net/../../optim.py", ""),
        (".hidden/optim.py", ""),
        ("notes.txt", ""),
        ("mine.py", ""),  # the file itself was handed in
    ],
)
def test_a_module_that_a_cell_writes_lies_where_an_import_finds_it(
    tmp_path: Path, written: str, place: str
) -> None:
    cells = [{"cell_type": "code", "source": f"%%writefile {written}\nx = 1\n"}]
    (tmp_path / "hw.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "mine.py").write_text("x = 2\n", encoding="utf-8")
    found = open_submission(tmp_path, ["optim.py"])
    assert {*found.modules} == {"hw.ipynb", "mine.py", *([place] if place else [])}
    assert found.modules["mine.py"] == b"x = 2\n"


def test_shell_lines_of_an_exported_script_are_passed_over(tmp_path: Path) -> None:
    script = '"""Automatically generated by Colab."""\n!pip install x\ndef f(): return 1\n'
    (tmp_path / "optim.py").write_text(script, encoding="utf-8")
    (tmp_path / "plain.py").write_text("!pip install x\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("!pip install x\nx = = 1\n", encoding="utf-8")
    found = open_submission(tmp_path, ["optim.py"])
    assert found.modules["optim.py"].splitlines()[1:] == [b"pass", b"def f(): return 1"]
    assert found.modules["plain.py"] == b"pass\n"
    assert "plain.py has commands of notebooks" in " ".join(map(str, found.notes))
    assert found.modules["other.py"] == b"!pip install x\nx = = 1\n"  # what is wrong is told there


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("def f():\n    return\u00a01\n", "def f():\n    return 1\n"),
        ("def f():\n\u00a0\u00a0\u00a0 return 1\n", "def f():\n    return 1\n"),
        ("x\u200b = 1\n", "x = 1\n"),
        ("s = 'a\u00a0b'\n", "s = 'a\u00a0b'\n"),
        ("x = “a”\n", "x = “a”\n"),
        ("%time x = 1\n", "x = 1\n"),
        (">>> x = 1\ndef f(): return 1\n", ">>> x = 1\ndef f(): return 1\n"),
        ("%%bash\nls\n", "%%bash\nls\n"),
    ],
)
def test_what_was_pasted_into_a_module_is_passed_over(tmp_path: Path, code: str, read: str) -> None:
    (tmp_path / "optim.py").write_text(code, encoding="utf-8")
    found = open_submission(tmp_path, ["optim.py"])
    assert found.modules["optim.py"].decode() == read
    assert bool([note for note in found.notes if "optim.py has" in str(note)]) is (code != read)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 100_000 + "x = 1",
        " " * 100_000 + "x",
        "%x\n" + " " * 100_000 + "x",
        "%x\n" + "a " * 50_000,
        "%x\n" + "= " * 50_000,
        "%run " + "a/" * 50_000,
    ],
)
def test_a_long_module_is_looked_through_in_time(text: str) -> None:
    assert sums_in(lambda: without_pasted(text, ())) < 5_000


def test_prompts_of_consoles_are_passed_over() -> None:
    read = "def f(x):\n    return x\n"
    assert python_of(">>> def f(x):\n...     return x\n") == read
    assert python_of("In [1]: def f(x):\n   ...:     return x\n") == read
