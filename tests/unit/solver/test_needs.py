"""What steps need, read from the text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.solver.needs import above, needs_of
from grader.solver.reference import load_reference
from tests.some import by_name

WAYS = """
def z(w, x): return w * x
if True:
    def h(z, /, slope, *, bias): return z
loss = lambda h, y: h - y
def _aid(a): pass
class Layer:
    def forward(self, z): pass
"""
REFERENCES = sorted((Path(__file__).resolve().parents[3] / "reference").glob("*.py"))


@pytest.mark.parametrize(
    "path",
    by_name({path.stem: path for path in REFERENCES}, lengthy=["bs6207_assignment_2"]),
)
def test_the_text_tells_what_the_loaded_module_does(path: Path) -> None:
    reference = load_reference(path)
    assert needs_of(path.read_text()) == {name: one.needs for name, one in reference.steps.items()}
    for name in reference.steps:
        assert above(needs_of(path.read_text()), name) == reference.ancestors(name) - {name}


def test_ways_of_defining_a_step() -> None:
    assert needs_of(WAYS) == {"z": ("w", "x"), "h": ("slope", "bias"), "loss": ("h", "y")}


def test_no_python_needs_nothing_and_circles_end() -> None:
    assert needs_of("def (") == needs_of("\0") == {}
    assert above(needs_of("def a(b): ...\ndef b(a): ..."), "a") == {"b"}
