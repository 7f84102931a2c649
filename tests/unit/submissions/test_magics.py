"""What in cells is no Python becomes Python, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.submissions.magics import WrittenFile, is_python, python_of
from tests.some import some

READ = {
    "plain": ("x = 1\ny = x % 2", "x = 1\ny = x % 2"),
    "line-magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "shell": ("!pip install x\n!!ls\nx = 1", "pass\npass\nx = 1"),
    "shell-over-lines": ("!pip install a \\\n  b\nx = 1", "pass\n\nx = 1"),
    "shell-with-an-apostrophe": ("!echo it's (\nx = 1", "pass\nx = 1"),
    "help": ("?foo\nfoo?\nfoo.bar??\nx = 1", "pass\npass\npass\nx = 1"),
    "assigned": ("files = !ls\nt = %timeit -o f()", "files = None\nt = None"),
    "in-a-block": ("if True:\n    !ls\n    x = 1", "if True:\n    pass\n    x = 1"),
    "timed": ("%time x = f(3)", "x = f(3)"),
    "inside-a-string": ("s = '''\n%no\n!no\n'''\n%yes", "s = '''\n%no\n!no\n'''\npass"),
    "inside-brackets": ("x = (7\n% 4)\n%yes", "x = (7\n% 4)\npass"),
    "after-a-backslash": ("x = 7 \\\n% 4\n%yes", "x = 7 \\\n% 4\npass"),
    "in-a-comment": ("# why?\nx = 1  # !\n%yes", "# why?\nx = 1  # !\npass"),
    "cell-time": ("%%time\nx = 1", "\nx = 1"),
    "cell-capture-below-empty-lines": ("\n%%capture out\nx = 1", "\n\nx = 1"),
    "cell-magic-with-a-line-magic": ("%%time\n%cd x\nx = 1", "\npass\nx = 1"),
    "cell-unknown-with-python": ("%%wandb\nx = 1", "\nx = 1"),
    "cell-unknown-without": ("%%drawing\n<svg/>", ""),
    "cell-bash": ("%%bash\nls", ""),
    "cell-html": ("%%html\n<b>x</b>", ""),
    "cell-sql": ("%%sql\nselect 1", ""),
    "indented": ("    x = 1\n    y = 2", "x = 1\ny = 2"),
    "prompts": (">>> x = 1\n>>> x\n1", "x = 1\nx\n"),
    "await": ("x = await f()", "x = await f()"),
    "run-of-a-module-handed-in": ("%run tools.py\nx = 1", "from tools import *\nx = 1"),
    "run-of-another": ("%run other.py\nx = 1", "pass\nx = 1"),
    "pylab": ("%pylab inline", "import numpy, numpy as np; from numpy import *"),
    "python-2": ("print 'x'\n%cd y", "print 'x'\npass"),
    "percent-that-is-python": ("a = 5\nprint(a\n%2)", "a = 5\nprint(a\n%2)"),
}


@pytest.mark.parametrize(("text", "python"), READ.values(), ids=READ)
def test_a_cell_as_python(text: str, python: str) -> None:
    assert python_of(text, {"tools"}) == python


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("%%writefile opt.py\nx = 1", WrittenFile(name="opt.py", text="#\nx = 1")),
        ("%%file 'a b.py'\nx = 1", ""),
        ("%%writefile -a opt.py\nx", WrittenFile(name="opt.py", text="#\nx", appended=True)),
        ("%%writefile\nx = 1", ""),
    ],
)
def test_a_cell_that_is_written_to_a_file(text: str, written: WrittenFile | str) -> None:
    assert python_of(text) == written


@settings(max_examples=some(60), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "x = 1",
                "%cd y",
                "!ls '(",
                "y?",
                "s = '''",
                "'''",
                "f(",
                ")",
                "  z",
                "\\",
                "if x:",
                "é",
            ]
        ),
        max_size=8,
    )
)
def test_lines_keep_their_numbers_and_python_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    python = python_of(text)
    assert isinstance(python, str)
    assert python.count("\n") == text.count("\n")
    if is_python(text):
        assert python == text
