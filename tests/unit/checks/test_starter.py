"""A starter that does not fit the questions is told, and one that fits is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.starter import check_starters
from grader.spec.load import load_assignment

SPEC = """\
schema: 1
slug: week
title: A week
submission: {files: [answers.yaml, code.py]}
reference: week
givens: {x: 2}
questions:
  - {id: slope, kind: number, expected: 1}
  - {id: ends, kind: number, parts: {low: {expected: 1}, high: {expected: 2}}}
  - {id: why, kind: text}
  - {id: step, kind: function, call: "step(x, rate)", cases: [{x: 1, rate: 2}]}
  - {id: net, kind: function, driver: net.py, cases: [{x: 1}]}
"""


def told(folder: Path, name: str, text: str) -> list[str]:
    place = folder / "week"
    place.mkdir()
    (place / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    (place / "net.py").write_text("def drive(module, case): ...\n", encoding="utf-8")
    (place / "reference").mkdir()
    (place / "reference" / "week.py").write_text("", encoding="utf-8")
    (place / name).write_text(text, encoding="utf-8")
    said = [*check_starters(load_assignment(place).assignment)]
    assert all(one.code == "S406" and not one.stops for one in said)
    return [f"{one.place.line} {one.message} {one.help}".strip() for one in said]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("starter.yaml", "slope:\nends:\nwhy:\nstep:\nslop: 3\n", ["5 no question has the id"]),
        ("starter.yaml", "ends: {low: , top: }\nslope:\nwhy:\n", ["1 'ends' has the parts high,"]),
        ("starter.yaml", "slope:\nends:\n", ["0 it has no line for 'why'"]),
        ("starter.yaml", "slope:\n ends\nwhy: : \n", ["3 not YAML"]),
        ("starter.yaml", "[slope]\n", ["1 it is not a sheet"]),
        ("starter.json", '{"slope": null, "ends": null}', ["0 it has no line for 'why'"]),
        ("starter.py", "def stop(x, rate): ...\n", ["0 it does not define step, which 'step'"]),
        ("starter.py", "\ndef step(x): ...\n", ["2 step takes 1 here, and 'step' gives it 2"]),
        ("starter.py", "def step(x, rate:\n", ["0 starter.py is not Python (line 1)"]),
    ],
)
def test_a_starter_that_does_not_fit_is_told(
    name: str, text: str, said: list[str], tmp_path: Path
) -> None:
    found = told(tmp_path, name, text)
    assert len(found) == len(said)
    assert all(map(str.startswith, found, said)), found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("starter.yaml", "# fill this in\nwhy: |\nslope:\nends: {high: , low: }\n"),
        ("starter.yaml", "slope:\nends:\n  low:\n  high:\nwhy: because\nstep: in code.py\n"),
        ("starter.py", "def step(x, rate, momentum=0): ...\ndef more(): ...\n"),
        ("starter.py", "class step: ...\n"),
        ("starter.py", "step = lambda *arguments: None\n"),
        ("starter.py", "def step(*arguments): ...\n"),
        ("starter.py", "from course_steps import *\n"),
        ("starter.py", "from course_steps import first as step\n"),
    ],
)
def test_a_starter_that_fits_is_not(name: str, text: str, tmp_path: Path) -> None:
    assert told(tmp_path, name, text) == []
