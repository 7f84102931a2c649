"""Classes of any size, generated: right work, each mistake, crashes and a few that never end.

In one of them a submission is a module, of which 6 calls are made; in the other it is a sheet as
well, with numbers that are carried forward, and 23 calls are made.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["generate"]

_SPEC = """\
schema: 1
slug: generated
title: Generated
reference: generated
submission: {{files: {files}}}
limits: {{wall_seconds: 1, submission_seconds: 2}}
givens: {{start: [4, 1], learning_rate: 0.05, momentum: 0.9}}
questions:
  - {{id: gradient, kind: function, points: 2, call: "gradient(x, y)",
     cases: [{{x: 4, y: 1}}, {{random: {{x: [-5, 5], y: [-5, 5]}}, count: {count}, hidden: true}}]}}
  - {{id: loss, kind: function, call: "loss(x, y)", cases: [{{x: 1, y: 2}}, {{x: 0, y: 3}}]}}
{questions}mistakes:
  - {{id: no-cross-term, replaces: gradient, with: no_cross_term, credit: 0.5, feedback: Mind x·y.}}
{mistakes}"""
_OF_SHEET = """\
  - {id: points, kind: iterates, points: 3, tolerance: {decimals: 3},
     recurrence: {step: next_point, state: [points]}}
  - {id: slope, kind: number, tolerance: {atol: 0.01}}
"""
_UPHILL = """\
  - {id: uphill, replaces: next_point, with: uphill, credit: 0.25, feedback: Go downhill.}
"""
_SPECS = {
    False: _SPEC.format(files="[steps.py]", count=3, questions="", mistakes=""),
    True: _SPEC.format(
        files="[answers.yaml, steps.py]", count=20, questions=_OF_SHEET, mistakes=_UPHILL
    ),
}
REFERENCE = """\
import numpy as np

def gradient(x, y, /): return np.array([2 * x + y, x + 12 * y])
def no_cross_term(x, y, /): return np.array([2.0 * x, 12.0 * y])
def loss(x, y, /): return x**2 + x * y + 6 * y**2
def next_point(point, /, learning_rate, gradient): return point - learning_rate * gradient(*point)
def uphill(point, /, learning_rate, gradient): return point + learning_rate * gradient(*point)
def points(start, next_point):
    rows, point = [], np.asarray(start, dtype=float)
    for _ in range(3):
        point = next_point(point)
        rows.append(point)
    return np.array(rows)
def slope(start, gradient): return gradient(*start)[0]
"""
_RIGHT = "import numpy as np\ndef gradient(x, y): return np.array([2 * x + y, x + 12 * y])\n"
_LOSS = "def loss(x, y): return x**2 + x * y + 6 * y**2\n"
_DOWN = "[[3.55, 0.2], [3.185, -0.0975], [2.871375, -0.19825]]"
_UP = "[[4.45, 1.8], [4.985, 3.1025], [5.638625, 5.21325]]"
#: Source and points of each kind; the others go round.
_KINDS = (
    (_RIGHT + _LOSS, _DOWN),
    (_RIGHT.replace("2 * x + y, x + 12", "2 * x, 12") + _LOSS, _DOWN),
    (_RIGHT + _LOSS, _UP),
    (_RIGHT.replace("12", "11") + _LOSS, _DOWN),
    (_RIGHT + "def loss(x, y): return undefined\n", _DOWN),
    ("import os\n" + _RIGHT + "def loss(x, y): os._exit(3)\n", _DOWN),
)
_ENDLESS = _RIGHT + "def loss(x, y):\n    while True: pass\n"
_ENDLESS_EACH = 2000


def generate(root: Path, count: int, *, sheets: bool = True) -> None:
    """A course with one assignment, and `class` with so many submissions, all different."""
    folder = root / "assignments" / "generated"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (folder / "assignment.yaml").write_text(_SPECS[sheets], encoding="utf-8")
    (root / "reference" / "generated.py").write_text(REFERENCE, encoding="utf-8")
    for number in range(count):
        source, points = _KINDS[number % len(_KINDS)]
        if number % _ENDLESS_EACH == _ENDLESS_EACH // 8:
            source = _ENDLESS
        place = root / "class" / f"s{number:06}"
        place.mkdir(parents=True)
        (place / "steps.py").write_text(f"# {number}\n{source}", encoding="utf-8")
        if sheets:
            sheet = f"points: {points}\nslope: {9 + number / 10**6}\n"
            (place / "answers.yaml").write_text(sheet, encoding="utf-8")
