"""What a case may give a function, as the authors' page says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import Prepared
from grader.model.fact_marking import CaseInputs
from grader.spec.load import SpecFault
from tests.handing_in import HandedIn, course_of, hand_in

SPEC = """\
schema: 1
slug: homework
title: Inputs
reference: homework
seed: "b4a1f9be77e04dc0a2f1"
submission: {files: [optim.py]}
questions:
  - id: step
    kind: function
    call: step(w, config)
    cases:
      - {w: [1, 2], config: {rate: 0.1, m: [0, 1], inner: {t: 3}}}
      - random:
          w: {range: [-1, 1], shape: [2]}
          config: {rate: [0, 1], m: {range: [-1, 1], shape: [2]}, inner: {t: {integers: [1, 9]}}}
        count: 2
  - id: pick
    kind: function
    call: pick(a, batch, k)
    integer_inputs: [batch.y, k]
    cases:
      - {a: [1, 2, 3], batch: {y: [2, 0]}, k: [1]}
      - random:
          a: {range: [0, 1], shape: [5]}
          batch: {y: {integers: [0, 4], shape: [3]}}
          k: {integers: [0, 4], shape: [2]}
        hidden: true
  - {id: decay, kind: function, call: decay(x), cases: [{x: 3}]}
  - {id: decay_to, step: decay, kind: function, call: "decay_to(x, low)", cases: [{x: 3, low: 2}]}
  - {id: shift, kind: function, call: shift(x), cases: [{random: {x: [-1, 1]}, label: drawn}]}
"""
REFERENCE = """
import numpy as np
def step(w, config, /): return w - config["rate"] * config["m"] + config["inner"]["t"]
def pick(a, batch, k, /): return a[batch["y"]].sum() + a[k]
def decay(x, low=0, /): return max(x / 2, low)
def shift(x, /): return x + 1
"""
RIGHT = REFERENCE.replace(", /", "") + "def decay_to(x, low): return decay(x, low)\n"
WRONG = RIGHT.replace('config["rate"] *', "").replace("sum()", "mean()").replace("x + 1", "x + 2")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("inputs"), SPEC, REFERENCE)


def test_mappings_drawn_mappings_whole_numbers_and_defaults(
    course: Prepared, tmp_path: Path
) -> None:
    seen = hand_in(course, tmp_path / "ann", {"optim.py": RIGHT})
    assert {*seen.verdicts.values()} == {"correct"}, seen.page


def test_of_a_case_that_failed_the_inputs_are_shown_where_they_may_be(
    course: Prepared, tmp_path: Path
) -> None:
    seen: HandedIn = hand_in(course, tmp_path / "ben", {"optim.py": WRONG})
    assert seen.verdicts["decay"] == "correct"
    assert seen.says("case 2: at", "inputs: w = [", "config = {“rate”: ", "drawn: ", "inputs: x = ")
    assert seen.says("pick([1.0, 2.0, 3.0], {'y': [2, 0]}, [1]): at [0]: ")
    told = [
        part.label
        for outcome in seen.outcome.outcomes
        for part in outcome.parts
        if any(isinstance(fact, CaseInputs) for fact in part.facts.for_student().items)
    ]
    assert told == ["case 1", "case 2", "case 3", "drawn"]  # not of what the label shows, or hides
    assert "hidden case 2: inputs: a = [" in seen.for_staff


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("{rnage: [0, 1]}", "neither range nor integers"),
        ("{shape: [3]}", "neither range nor integers"),
        ("{a: {range: [1, 0]}}", "the low end 1 must lie below the high end 0"),
        ("{a: {range: [0, 1], shap: [1]}}", "a domain has no 'shap'"),
        ("{a: {range: [0, 1], shape: 3}}", "a shape is a list"),
        ("{a: {range: [0, 1], shape: [0]}}", "from 1 to 1000"),
        ("{a: {range: [0, 1], shape: [1000, 1000, 2]}}", "too large to draw"),
        ("{a: {range: [0, 1], signed: 2}}", "signed is true or false"),
        ("{a: [0]}", "range is [low, high]: two numbers"),
        ("{a: {integers: [0.5, 1]}}", "two whole numbers"),
        ("{a: {}}", "nothing is drawn from this"),
        ("{a: {b: 3}}", "nothing is drawn from this"),
    ],
)
def test_a_domain_inside_a_mapping_is_looked_at(tmp_path: Path, drawn: str, said: str) -> None:
    spec = SPEC.replace("{random: {x: [-1, 1]}", f"{{random: {{x: {drawn}}}")
    with pytest.raises(SpecFault) as caught:
        course_of(tmp_path, spec, REFERENCE)
    assert said in "\n".join(one.message for one in caught.value.diagnostics)


@pytest.mark.parametrize("name", ["nope", "a", "batch.z", "batch"])
def test_whole_numbers_are_asked_for_of_inputs_that_have_them(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpecFault) as caught:
        course_of(tmp_path, SPEC.replace("[batch.y, k]", f"[{name}]"), REFERENCE)
    (problem,) = caught.value.diagnostics
    assert problem.message.startswith(f"{name} ")
