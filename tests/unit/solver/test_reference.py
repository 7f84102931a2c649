from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.solver import Reference, ReferenceFault, load_reference

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(source: str) -> Path:
        path = tmp_path / "model.py"
        path.write_text(source, encoding="utf-8")
        return path

    return written


def codes(path: Path) -> list[str]:
    with pytest.raises(ReferenceFault) as caught:
        load_reference(path)
    return [f"{item.code}:{item.place.line}" for item in caught.value.diagnostics]


def test_arguments_stand_before_the_slash_and_needs_behind_it(write: Write) -> None:
    step = load_reference(write("def f(x, y=1, /, *, rate): pass\n")).steps
    assert (step["f"].arguments, step["f"].required) == (("x", "y"), 1)
    assert step["f"].needs == ("rate",)
    assert step["f"].is_function


def test_only_public_functions_of_the_module_are_steps(write: Write) -> None:
    source = "from math import sqrt\nfrom os.path import join\nX = 1\n"
    source += "class C:\n    def m(self): pass\ndef _p(): pass\ndef a(): pass\nb = lambda: 1\n"
    assert set(load_reference(write(source)).steps) == {"a", "b"}


def test_ancestors_are_all_that_a_step_is_computed_from(write: Write) -> None:
    reference = load_reference(write("def a(x): pass\ndef b(a): pass\ndef c(y): pass\n"))
    assert reference.ancestors("b") == {"b", "a", "x"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def a(:\n", ["S302:1"]),
        ("x = 1\n\nraise SystemExit\n", ["S302:3"]),
        ("raise GeneratorExit\n", ["S302:1"]),
        ("\x00", ["S302:1"]),
        ("class E(Exception):\n    def __str__(self): raise E\nraise E\n", ["S302:3"]),
        ("def a(b): pass\ndef b(a): pass\ndef c(b, c): pass\n", ["S303:1", "S303:3"]),
        ("def a(b, c): pass\ndef b(d): pass\ndef c(d): pass\ndef d(b): pass\n", ["S303:2"]),
        ("def a(*, b=1): pass\ndef c(*d): pass\n", ["S310:1", "S310:2"]),
        ("def a(): pass\ndef b():\n    return a()\n", ["S306:3"]),
        ("def a(): pass\ndef b():\n    return [lambda: a()]\n", ["S306:3"]),
        ("def a(): pass\n_a = a\ndef _b():\n    return _a()\n", ["S306:4"]),
    ],
)
def test_what_is_wrong_with_a_reference_is_told_at_its_line(
    write: Write, source: str, told: list[str]
) -> None:
    assert codes(write(source)) == told


def test_a_step_may_use_private_functions_and_a_local_of_a_steps_name(write: Write) -> None:
    source = "def a(): return 1\ndef _p(): return 2\ndef b():\n    a = _p()\n    return a\n"
    assert set(load_reference(write(source)).steps) == {"a", "b"}


def test_a_reference_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere.py") == ["S301:0"]
    assert codes(tmp_path) == ["S301:0"]


def test_a_long_message_is_cut_and_kept_on_one_line(write: Write) -> None:
    path = write("raise ValueError('x' * 5000 + '\\nsecond line')\n")
    with pytest.raises(ReferenceFault) as caught:
        load_reference(path)
    assert len(caught.value.diagnostics[0].message) < 300
    assert "second" not in str(caught.value)


def test_dataclasses_with_postponed_annotations_can_be_used(write: Write) -> None:
    source = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    source += "@dataclass\nclass P:\n    x: int\ndef a(): return P(1).x\n"
    assert load_reference(write(source)).steps["a"].function() == 1


def test_loading_leaves_no_module_behind(write: Write) -> None:
    load_reference(write("def a(): pass\n"))
    assert [name for name in sys.modules if "<reference" in name] == []


@pytest.mark.lengthy
def test_a_chain_of_two_thousand_steps_is_no_circle(write: Write) -> None:
    links = "".join(f"def s{n}(s{n + 1}): pass\n" for n in range(2000))
    reference = load_reference(write(links + "def s2000(): pass\n"))
    assert isinstance(reference, Reference)
    assert len(reference.ancestors("s0")) == 2001
