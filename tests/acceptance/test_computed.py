"""Inputs of cases that the reference computes."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import Prepared
from grader.course.watch import open_course
from grader.plan import make_plan
from grader.spec.load import SpecFault
from tests.handing_in import course_of, hand_in

SPEC = """\
schema: 1
slug: homework
title: Computed inputs
reference: homework
seed: "b4a1f9be77e04dc0a2f1"
submission: {files: [layers.py]}
givens: {scale: 2}
questions:
  - id: back
    kind: function
    call: back(dout, cache)
    cases:
      - {inputs: {dout: [1, 2]}, computed: {cache: forward_cache}}
      - {random: {dout: {range: [-1, 1], shape: [3]}}, computed: {cache: forward_cache}, count: 3, hidden: true}
      - {inputs: {dout: [1, 1]}, computed: {cache: fixed}, at: {scale: 5}}
  - id: driven
    kind: function
    driver: drive.py
    entry: back
    step: back
    cases: [{inputs: {dout: [1, 2]}, computed: {first: forward_cache, second: after}}]
"""  # noqa: E501 - a case a line
REFERENCE = """
import numpy as np
def forward_cache(dout, /, scale): return {"x": np.abs(dout), "scale": scale}
def fixed(scale): return {"x": np.ones(2), "scale": scale}
def after(first, more=1, /): return first["x"] + more
def back(dout, cache, /): return dout * cache["x"] * cache["scale"]
"""
DRIVER = "def drive(module, case):\n    return module.back(case['second'], case['first'])\n"
RIGHT = "def back(dout, cache): return dout * cache['x'] * cache['scale']\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("computed"), SPEC, REFERENCE, drive_py=DRIVER)


def test_a_step_gives_inputs_from_others_and_from_givens(course: Prepared, tmp_path: Path) -> None:
    seen = hand_in(course, tmp_path / "ann", {"layers.py": RIGHT})
    assert {*seen.verdicts.values()} == {"correct"}, seen.for_staff
    wrong = RIGHT.replace("dout *", "3 * dout *")
    seen = hand_in(course, tmp_path / "ben", {"layers.py": wrong})
    assert {*seen.verdicts.values()} == {"incorrect"}
    assert seen.says("'scale': 5})")  # in the label of the last case
    cases = course.key.cases["back"]
    assert len({case.id for case in cases}) == len(cases)
    assert all(case.inputs["cache"] for case in cases)


@pytest.mark.processes
def test_the_process_that_collects_asks_for_the_same(course: Prepared) -> None:
    with open_course(course.assignment.folder) as watched:
        assert make_plan(watched.assignment).fingerprint == make_plan(course.assignment).fingerprint


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("cache: forward_cache}}", "cache: forward_cash}}", "'forward_cash' is not a step"),
        ("computed: {cache: fixed}", "computed: {dout: fixed}", "gives dout in more than one way"),
        ("computed: {cache: fixed}", "computed: {cash: fixed}", "is missing cache"),
        (
            "computed: {cache: fixed}",
            "computed: {cache: after}",
            "takes first, which is neither an input of the case nor a step",
        ),
        (
            "computed: {cache: fixed}",
            "computed: {cache: back}",
            "takes cache, which is neither an input of the case nor a step",
        ),
        (
            "givens: {scale: 2}",
            "givens: {scale: 2}\nvariants: {givens: {scale: {choice: [2, 3]}}}",
            "is computed from scale, which differs between students",
        ),
    ],
)
def test_what_cannot_be_computed_is_told(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert before in SPEC
    with pytest.raises(SpecFault) as caught:
        course_of(tmp_path, SPEC.replace(before, after), REFERENCE, drive_py=DRIVER)
    assert said in "\n".join(one.message for one in caught.value.diagnostics)


def test_a_step_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    broken = REFERENCE.replace('return {"x": np.ones(2)', 'return 1 / 0, {"x": np.ones(2)')
    with pytest.raises(SpecFault) as caught:
        course_of(tmp_path, SPEC, broken, drive_py=DRIVER)
    assert "ZeroDivisionError" in str(caught.value)
