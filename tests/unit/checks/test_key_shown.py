"""What an author reads of the key, also with a mistake in it and at other givens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.checks.key_shown import KeyShown, ShownAnswer, show_key
from grader.checks.prepare import Prepared
from grader.report.key_text import key_page
from tests.unit.judge.course import Course

SPEC = """\
givens: {start: 8, factor: 0.5}
defaults: {tolerance: {rtol: 1e-6}}
formulas:
  domains: {t: [1, 2]}
  symbols: {factor: []}
questions:
  - {id: walk, kind: iterates, points: 2}
  - id: ends
    kind: number
    parts: {near: {step: last}, far: {step: last, at: {start: 80}}}
  - {id: published, kind: number, step: last, expected: 1.0, tolerance: {published: true}}
  - {id: only, kind: number, step: null, expected: 7.50}
  - {id: slope, kind: expression, expected: 2 * t}
  - id: f
    kind: function
    call: f(x)
    cases: [{x: 3}, {inputs: {x: 4}, hidden: true}]
  - {id: why, kind: text, rubric: [{points: 1, text: Says why}]}
  - {id: log, kind: series, columns: [loss], criteria: [{column: loss, final: [null, 0.25]}]}
mistakes:
  - {id: adds, replaces: next, with: added, feedback: It is multiplied.}
  - {id: whole, replaces: factor, with: 1, feedback: Look at the factor.}
"""
REFERENCE = """\
def next(x, /, factor): return x * factor
def added(x, /, factor): return x + factor
def walk(start, next):
    first = next(start)
    second = next(first)
    return [first, second, next(second)]
def last(walk): return walk[-1]
def slope(t, /): return 2 * t
def f(x, /, factor): return {"y": [x * factor, 1]}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder: Path = tmp_path_factory.mktemp("shown")
    return Course(folder, SPEC.replace("step: null, ", ""), REFERENCE).prepared


def values(shown: KeyShown, question: str) -> list[tuple[str, str, str]]:
    def flat(answer: ShownAnswer) -> list[ShownAnswer]:
        return [*answer.rows] or [answer]

    return [
        (one.label, one.value, one.right)
        for answer in shown.answers[question]
        for one in flat(answer)
    ]


def test_every_part_row_and_case_is_shown(prepared: Prepared) -> None:
    shown = show_key(prepared)
    assert values(shown, "walk") == [("1", "4", ""), ("2", "2", ""), ("3", "1", "")]
    assert values(shown, "ends") == [("near", "1", ""), ("far", "10", "")]
    assert shown.answers["ends"][1].about == "at start = 80"
    assert values(shown, "published") == [("", "1.0", "")]
    assert values(shown, "only") == [("", "7.50", "")]
    assert values(shown, "f") == [
        ("f(3)", "{y: [1.5, 1]}", ""),
        ("hidden case 2", "{y: [2, 1]}", ""),
    ]
    steps = {step.name: (step.value, step.elsewhere) for step in shown.steps}
    assert steps == {
        "walk": ("[4, 2, 1]", (("start = 80", "[40, 20, 10]"),)),
        "last": ("1", (("start = 80", "10"),)),
    }


def test_with_a_mistake_the_right_value_stands_beside_it(prepared: Prepared) -> None:
    shown = show_key(prepared, ["adds"])
    assert values(shown, "walk") == [("1", "8.5", "4"), ("2", "9", "2"), ("3", "9.5", "1")]
    assert values(shown, "ends") == [("near", "9.5", "1"), ("far", "81.5", "10")]
    assert values(shown, "f")[0] == ("f(3)", "{y: [1.5, 1]}", "")
    assert values(show_key(prepared, ["whole"]), "f")[0] == ("f(3)", "{y: [3, 1]}", "{y: [1.5, 1]}")
    both = show_key(prepared, ["adds", "whole"])
    assert values(both, "walk")[0] == ("1", "9", "4")
    assert "stated, so the same" in shown.answers["only"][0].about


def test_at_another_given_all_is_computed_there(prepared: Prepared) -> None:
    shown = show_key(prepared, givens={"factor": 0.1})
    assert values(shown, "walk") == [("1", "0.8", ""), ("2", "0.08", ""), ("3", "0.008", "")]
    assert values(shown, "ends")[1] == ("far", "0.08", "")
    assert values(shown, "published") == [("", "0.008", "")]
    assert values(shown, "f")[1] == ("hidden case 2", "{y: [0.4, 1]}", "")
    assert shown.changed == ("factor",)
    assert prepared.assignment.givens["factor"] == 0.5


def test_a_formula_without_a_value_at_the_givens_is_shown_at_a_sample(prepared: Prepared) -> None:
    ((_, value, _),) = values(show_key(prepared), "slope")
    number, at = value.split(" at t=")
    assert float(number) == pytest.approx(2 * float(at), rel=1e-3)
    assert show_key(prepared).answers["slope"][0].about == "stated: 2 * t"


@pytest.mark.parametrize("wrong", [{"mistakes": ["nothing"]}, {"givens": {"nothing": 1}}])
def test_what_is_not_there_is_refused(prepared: Prepared, wrong: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        show_key(prepared, **wrong)


def test_the_page(prepared: Prepared) -> None:
    page = key_page(show_key(prepared, ["adds"], {"factor": 0.25}))
    for said in (
        "A course (course): the key\n  with the mistake adds\n",
        "  factor = 0.25   (not the assignment's own)\n",
        "  last = 8.75\n      right: 0.125\n    at start = 80: 80.75\n",
        "walk  iterates, 2 points\n    1  8.25\n        right: 2\n",
        "ends  number, 1 point\n  near: 8.75\n      right: 0.125\n",
        "f  function, 1 point\n  f(x)\n  f(3)\n    → {y: [0.75, 1]}\n  hidden case 2: x = 4\n",
        "why  text, 1 point\n  1: Says why\n",
        "at most 0.25\n",
    ):
        assert said in page
    assert "walk  " not in key_page(show_key(prepared), ["ends"])
