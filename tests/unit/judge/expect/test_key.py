"""The key: every expected value, or the reason why there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.judge.expect.key import Key, build_key
from grader.judge.expect.world import run_driver
from grader.model.assignment import Driver
from grader.solver import load_reference
from grader.spec.load import load_assignment

HEAD = """
schema: 1
slug: keys
title: Keys
reference: keys
submission: {files: [answers.yaml, keys.py]}
givens: {rate: 0.5, start: [4, 1]}
formulas: {domains: {x: [-2, 2], k: {integers: [1, 3]}}, symbols: {double: []}, functions: {f: []}}
questions:
"""
REFERENCE = """
import numpy as np

def f(z, /): return np.sqrt(z)
def double(x): return 2 * x
def half(rate): return rate / 2
def points(start, rate): return np.array([start * rate, start * rate ** 2])
def word(): return "stuck"
def nothing(): return np.empty((0, 2))
def infinite(): return np.array([1.0, np.inf])
def wave(): return np.array(['1'])
def broken(rate): return 1 / (rate - 0.5)
def rooted(x): return np.sqrt(x - 5)
def steps(z, /): return [np.ones((2, 3)), np.ones(2), z]
def spectrum(z, /): return np.array([str(z)])
def late(z, /): return 1 / (z - 3)
"""


def build(folder: Path, questions: str) -> Key:
    place = folder / "assignments" / "keys"
    place.mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "reference" / "keys.py").write_text(REFERENCE, encoding="utf-8")
    (place / "assignment.yaml").write_text(HEAD + questions, encoding="utf-8")
    reference = load_reference(folder / "reference" / "keys.py")
    return build_key(load_assignment(place).assignment, reference)


def test_parts_are_solved_at_their_own_instance(tmp_path: Path) -> None:
    key = build(
        tmp_path,
        "  - {id: a, kind: number, step: half}\n"
        "  - {id: b, kind: number, step: half, at: {rate: 3}}\n"
        "  - {id: c, kind: number, step: rate}\n"
        "  - {id: d, kind: number, expected: 7.0}\n"
        "  - {id: points, kind: iterates}\n"
        "  - {id: word, kind: choice, options: {stuck: Stuck, free: Free}, step: word}\n",
    )
    assert key.problems == ()
    values = {question: value for (question, _), value in key.parts.items()}
    assert (values["a"], values["b"], values["c"], values["word"]) == (0.25, 1.5, 0.5, "stuck")
    assert float(values["d"]) == 7.0
    np.testing.assert_array_equal(values["points"], [[2, 0.5], [1, 0.25]])


def test_a_published_number_is_its_own_key(tmp_path: Path) -> None:
    key = build(
        tmp_path,
        "  - {id: half, kind: number, expected: 0.3, tolerance: {published: true}}\n",
    )
    assert str(key.parts["half", ""]) == "0.3"


@pytest.mark.parametrize(
    ("question", "code", "words"),
    [
        ("{id: q, kind: number, step: gone}", "S309", "neither a step"),
        ("{id: q, kind: number, step: broken}", "S305", "ZeroDivisionError"),
        ("{id: q, kind: number, step: points}", "S308", "not a single number"),
        ("{id: q, kind: number, step: word}", "S308", "not made of numbers"),
        ("{id: q, kind: array, step: half}", "S308", "single number"),
        ("{id: q, kind: array, step: infinite}", "S308", "not finite"),
        ("{id: q, kind: array, step: wave}", "S308", "not made of numbers"),
        ("{id: q, kind: iterates, step: nothing}", "S308", "no rows"),
        ("{id: q, kind: choice, step: word, options: {a: A, b: B}}", "S209", "options"),
        ("{id: q, kind: choice, step: half, options: {a: A, b: B}}", "S308", "name of an option"),
        ("{id: q, kind: expression, step: rooted}", "S210", "undefined"),
        ("{id: q, kind: expression, step: word}", "S210", "does not give real numbers"),
        ("{id: q, kind: expression, expected: 'x +'}", "S210", "cannot be read"),
        ("{id: q, kind: expression, step: double, symbols: [gone]}", "S210", "'gone'"),
        ("{id: q, kind: function, call: gone(z), cases: [{z: 1}]}", "S309", "not a step"),
        ("{id: q, kind: function, step: half, call: half(z), cases: [{z: 1}]}", "S308", "function"),
        ("{id: q, kind: function, step: f, call: 'f(z, y)', cases: [{z: 1, y: 1}]}", "S206", "2"),
        ("{id: q, kind: function, step: f, call: f(z), cases: [{z: -1}]}", "S305", "invalid"),
        ("{id: q, kind: function, step: late, call: f(z), cases: [{z: 3}]}", "S305", "f(3)"),
        ("{id: q, kind: function, step: spectrum, call: f(z), cases: [{z: 1}]}", "S308", "plain"),
    ],
    ids=lambda text: text[:60] if isinstance(text, str) else None,
)  # fmt: skip
def test_what_cannot_be_a_key_is_a_problem_and_no_key(
    tmp_path: Path, question: str, code: str, words: str
) -> None:
    key = build(tmp_path, f"  - {question}\n")
    assert [problem.code for problem in key.problems] == [code]
    assert words in key.problems[0].message
    assert not {**key.parts, **key.formulas}


def test_one_problem_does_not_hide_the_others(tmp_path: Path) -> None:
    key = build(
        tmp_path,
        "  - {id: q, kind: number, parts: {gone: {}, half: {}, broken: {}}}\n",
    )
    assert [problem.keys for problem in key.problems] == [("parts", "gone"), ("parts", "broken")]
    assert list(key.parts) == [("q", "half")]


def test_results_of_several_shapes_may_be_a_key(tmp_path: Path) -> None:
    key = build(
        tmp_path, "  - {id: q, kind: function, step: steps, call: steps(z), cases: [{z: 1}]}\n"
    )
    assert key.problems == ()
    assert [len(value) for value in key.returned.values()] == [3]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("{id: q, kind: expression, step: double}", {"x", "k"}),
        ("{id: double, kind: expression}", {"x", "k"}),
        ("{id: q, kind: expression, expected: 2 x}", {"x", "k", "double"}),
        ("{id: q, kind: expression, step: double, symbols: []}", {"x", "k"}),
        ("{id: q, kind: expression, step: half, symbols: [points]}", {"x", "k", "points"}),
    ],
)
def test_the_asked_step_is_no_symbol_of_its_own_formula(
    tmp_path: Path, question: str, names: set[str]
) -> None:
    key = build(tmp_path, f"  - {question}\n")
    assert key.problems == ()
    (formula,) = key.formulas.values()
    assert set(formula.language.symbols) == names


def test_the_asked_function_is_no_function_of_its_own_formula(tmp_path: Path) -> None:
    key = build(tmp_path, "  - {id: q, kind: expression, step: f, expected: x}\n")
    languages = [formula.language for formula in key.formulas.values()]
    assert all("f" not in language.functions for language in languages)


def test_points_are_drawn_from_the_domains_and_the_same_every_time(tmp_path: Path) -> None:
    question = "  - {id: double, kind: expression}\n"
    first, again = (build(tmp_path / name, question) for name in ("first", "again"))
    one, other = (key.formulas["double", ""] for key in (first, again))
    assert one.samples.labels == other.samples.labels
    x, k = one.samples.symbol("x"), one.samples.symbol("k")
    assert x.tolist() == other.samples.symbol("x").tolist()
    assert -2 <= min(x) < -0.5 < 0.5 < max(x) <= 2
    assert one.expected.tolist() == (2 * x).tolist()
    assert set(k.tolist()) <= {1, 2, 3}


def test_where_the_reference_has_no_value_the_point_is_undefined(tmp_path: Path) -> None:
    key = build(tmp_path, "  - {id: q, kind: expression, expected: sqrt(x)}\n")
    formula = key.formulas["q", ""]
    assert np.isnan(formula.expected).tolist() == (formula.samples.symbol("x") < 0).tolist()


def test_a_driver_gets_a_namespace_and_a_copy_of_the_case() -> None:
    source = "def drive(module, case):\n    case['x'] += 1\n    return module.f(case['x'])\n"

    class Module:
        @staticmethod
        def f(x: int) -> int:
            return 10 * x

    case = {"x": 1}
    assert run_driver(Driver(file="d.py", source=source), Module, case) == 20
    assert case == {"x": 1}
