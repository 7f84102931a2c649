"""A line that is not Python comes with what it was meant as, and what to do about it."""

from __future__ import annotations

import pytest

from grader.sandbox.child.syntax import no_text, what_is_wrong


def said(source: str) -> str:
    with pytest.raises(SyntaxError) as caught:
        compile(source, "hw.py", "exec")
    return what_is_wrong(caught.value)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("%matplotlib inline\n", "a command of notebooks"),
        ("x = 1\n%%timeit\n", "a command of notebooks"),
        ("!pip install torch\n", "a command of notebooks"),
        ("np.dot?\n", "a command of notebooks"),
        ("print 'done'\n", "this is Python 2"),
        ("exec 'x = 1'\n", "this is Python 2"),
        ("raise ValueError, 'no'\n", "this is Python 2"),
        ("x = 5L\n", "this is Python 2"),
        ("x = a <> b\n", "this is Python 2"),
        ("def f():\n\tx = 1\n        y = 2\n", "use spaces throughout"),
        ("def f():\n    x = 1\n\t\ty = 2\n", "use spaces throughout"),
        ("```python\nx = 1\n```\n", "this is Markdown"),
        (">>> x = 1\n", "copied from a prompt"),
    ],
)
def test_a_slip_that_is_known_gets_its_own_words(source: str, hint: str) -> None:
    words = said(source)
    assert hint in words
    assert not words.startswith(";")


@pytest.mark.parametrize(
    "source",
    ["x = (\n", "def f(x)\n    return x\n", "x = 1 +\n", "def f():\n    x = 1\n      y = 2\n"],
)
def test_others_get_python_s_words_alone(source: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(source, "hw.py", "exec")
    assert what_is_wrong(caught.value) == caught.value.msg


def test_bytes_that_no_text_has_are_a_slip_like_others() -> None:
    error = no_text("hw.py", b"x = 1\n\ny\0 = 2\n")
    assert error is not None
    assert (error.filename, error.lineno) == ("hw.py", 3)
    assert "save the file as UTF-8" in what_is_wrong(error)
    assert no_text("hw.py", "x = 'ä'\n".encode()) is None
