"""What the reference gave a driver is given again, by a module that has nothing else of it."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.checks.replayed import Replay, gives_again, replays
from grader.judge.expect.world import run_driver
from grader.model.assignment import FunctionQuestion
from grader.plan import planned_cases

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [hw.py]}
questions:
  - id: driven
    kind: function
    entry: step
    driver: drive.py
    cases: [{inputs: {x: 3}, hidden: true}, {x: 2}]
"""
REFERENCE = """\
import numpy as np

class _Box:
    def __init__(self, value): self.value = value
    def grow(self, by):
        self.value += by
        return self.value
    def __getitem__(self, at): return self.value * at

def Box(value, /): return _Box(value)
def step(w, state, /):
    state = {"t": 0} if state is None else state
    state["t"] += 1
    return w - 0.1, state
def counted(state, /): state["n"] = state.get("n", 0) + 1
def picky(x, /):
    if x < 0: raise ValueError("below 0")
    return np.array([x, 1.0])
def pair(x, /): return x, [lambda y: x + y]
def constant(): return 7.5
def opened(box, /): return box.value
"""
DRIVERS = {
    "state that is fed back": """
        w, state = np.array([case["x"]]), None
        for _ in range(4):
            w, state = module.step(w, state)
        return [w, state["t"]]
    """,
    "a dictionary of the driver's that is filled": """
        state = {"kept": 1}
        module.counted(state), module.counted(state)
        return state
    """,
    "an object": """
        box = module.Box(case["x"])
        box.grow(1.0)
        before = box.value
        box.value = 10.0
        return [before, box.grow(0.5), box[2]]
    """,
    "an object that is handed back": "return module.opened(module.Box(case['x']))",
    "a refusal": """
        try:
            module.picky(-1.0)
        except Exception:
            return module.picky(case["x"])
    """,
    "a function among the values": """
        first, (plus,) = module.pair(case["x"])
        return [first, plus(1.0), plus(2.0)]
    """,
    "a step without arguments": "return module.constant",
    "a name that may be missing": "return [hasattr(module, 'extra'), module.picky(1.0)]",
    "a function handed on": "return [float(sum(one)) for one in map(module.picky, [1.0, 2.0])]",
}


def prepared(folder: Path, body: str) -> Prepared:
    lies = folder / "assignments" / "small"
    lies.mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "reference" / "small.py").write_text(REFERENCE, encoding="utf-8")
    body = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    source = f"import numpy as np\n\ndef drive(module, case):\n{body}\n"
    (lies / "drive.py").write_text(source, encoding="utf-8")
    (lies / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    return prepare(lies)


def driven(found: Prepared, replay: Replay) -> tuple[Any, Any]:
    """What the driver gives with what was recorded, and what with the reference."""
    (question,) = found.assignment.questions
    assert isinstance(question, FunctionQuestion)
    assert question.driver is not None
    case = next(one for one in planned_cases(found.assignment, question) if one.id == replay.case)
    module = ModuleType("replayed")
    exec(replay.source, vars(module))
    return run_driver(question.driver, module, case.inputs), found.key.returned[case.id]


@pytest.mark.parametrize("body", DRIVERS.values(), ids=DRIVERS)
def test_a_driver_gets_what_it_got(tmp_path: Path, body: str) -> None:
    found = prepared(tmp_path, body)
    (replay,) = replays(found.assignment, found.key)
    assert replay.label == "step(2)"  # the one that is not hidden
    assert gives_again(found.assignment, found.key, replay)
    again, before = driven(found, replay)
    assert str(again) == str(before)


@pytest.mark.parametrize("body", DRIVERS.values(), ids=DRIVERS)
def test_nothing_of_the_reference_is_in_it(tmp_path: Path, body: str) -> None:
    found = prepared(tmp_path, body)
    (replay,) = replays(found.assignment, found.key)
    assert b"small" not in replay.source
    assert not any(word in replay.source for word in (b"reference", b"0.1", b"below 0"))


def test_what_cannot_be_recorded_is_not_tried(tmp_path: Path) -> None:
    found = prepared(tmp_path, "return len(vars(module.Box(1.0))['value'].hex())")
    assert replays(found.assignment, found.key) == ()


def test_a_record_that_gives_less_is_told(tmp_path: Path) -> None:
    found = prepared(tmp_path, DRIVERS["a step without arguments"])
    (replay,) = replays(found.assignment, found.key)
    less = replace(replay, source=b"step = None\n")
    assert not gives_again(found.assignment, found.key, less)
