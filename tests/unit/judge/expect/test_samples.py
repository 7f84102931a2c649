"""What symbols and functions are worth at the points: solved once, bounded, never an exception."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.compare.expression import formula_values
from grader.compare.formula import FormulaError, Language, parse_formula
from grader.judge.expect.samples import Sampler
from grader.judge.expect.solved import SolvedSamples
from grader.model.assignment import Part
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.solver import Solution, StepFault, load_reference
from grader.solver.bounded import OutOfBounds, bounded
from grader.spec.load import load_assignment

SPEC = """
schema: 1
slug: course
title: A course
reference: course
submission: {files: [answers.yaml]}
givens: {k: 2, text: word}
formulas:
  domains: {x: [-2, 2], v: {range: [0, 1], shape: [2]}}
  symbols: {double: [], root: [], text: []}
  functions: {f: [], half: [], endless: []}
questions:
  - {id: double, kind: expression}
"""
REFERENCE = """
import numpy as np

def double(x, k): return k * x
def root(x): return np.sqrt(x)
def inverse(x): return [1, 1 / (x > 0)]
def grows(x): return [1] * (2 if x > 0 else 3)
def imaginary(x): return 1j * x
def never(x): raise ValueError("no")
def triple(x): return 3 * x
def f(z, /): return z + 1
def half(z, /):
    if z > 1:
        raise ValueError
    return z / 2
def word(z, /): return "text"
def longer(z, /): return [z] * (2 if z > 0 else 3)
def endless(z, /):
    while z > 1e9:
        pass
    return z
def thousand(z, /):
    total = z
    for n in range(1000):
        total += n
    return total
CALLS = []
def calls(z=0, /): return len(CALLS)
def stubborn(z, /):
    CALLS.append(z)
    total = 0
    for n in range(10**9):
        total += n
    return total
def fills(v, /):
    v[0] = 5
    return v
def changes(z, /):
    z += 1
    return z
"""


@pytest.fixture
def sampler(tmp_path: Path) -> Sampler:
    folder = tmp_path / "assignments" / "course"
    folder.mkdir(parents=True)
    (folder / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "reference").mkdir()
    path = tmp_path / "reference" / "course.py"
    path.write_text(REFERENCE, encoding="utf-8")
    return Sampler(load_assignment(folder).assignment, load_reference(path))


def values(text: str, samples: SolvedSamples) -> Any:
    functions = (
        "f",
        "half",
        "word",
        "longer",
        "endless",
        "stubborn",
        "changes",
        "thousand",
        "fills",
    )
    symbols = ("x", "v", "double", "root", "grows", "text", "imaginary", "never")
    language = Language.of(dict.fromkeys(symbols, ()), dict.fromkeys(functions, ()))
    return formula_values(parse_formula(text, language), samples)


def test_a_symbol_has_the_value_of_the_step_at_every_point(sampler: Sampler) -> None:
    samples = sampler.samples({})
    x = samples.symbol("x")
    assert x.shape == (24,)
    assert samples.symbol("double").tolist() == (2 * x).tolist()
    assert np.isnan(samples.symbol("root")).tolist() == (x < 0).tolist()
    assert len(samples.labels) == 24


def test_an_instance_replacements_givens_and_starts_reach_every_point(sampler: Sampler) -> None:
    x = sampler.samples({}).symbol("x")
    at_five = sampler.samples({"k": 5})
    assert at_five.symbol("double").tolist() == (5 * x).tolist()
    replaced = sampler.samples({}, replace={"double": "triple"})
    assert replaced.symbol("double").tolist() == (3 * x).tolist()
    assert sampler.samples({}, givens={"k": 7}).symbol("double").tolist() == (7 * x).tolist()
    fixed = sampler.samples({}, givens={"x": 3.0})
    assert fixed.symbol("double").tolist() == [6.0] * 24
    start = np.arange(24.0)
    assert sampler.samples({}, start={"double": start}).symbol("double").tolist() == start.tolist()


def test_plain_samples_are_solved_once(sampler: Sampler) -> None:
    assert sampler.samples({}) is sampler.samples({})
    assert sampler.samples({"k": np.ones(2)}) is sampler.samples({"k": np.ones(2)})
    assert sampler.samples({"k": 1}) is not sampler.samples({"k": 2})
    assert sampler.samples({}, givens={"k": 1}) is not sampler.samples({})


@pytest.mark.parametrize("name", ["text", "imaginary", "never", "nothing"])
def test_a_symbol_without_real_values_is_undefined(sampler: Sampler, name: str) -> None:
    assert np.isnan(sampler.samples({}).symbol(name)).all()


def test_a_symbol_with_two_shapes_is_none(sampler: Sampler) -> None:
    with pytest.raises(FormulaError, match="'grows' has values of different shapes"):
        sampler.samples({}).symbol("grows")


def test_a_step_is_undefined_in_all_entries_of_a_point(sampler: Sampler) -> None:
    samples = sampler.samples({})
    found = samples.step("inverse")
    assert found.shape == (24, 2)
    assert (np.isnan(found).all(axis=1) == (samples.symbol("x") <= 0)).all()


def test_what_is_known_is_charged_again(sampler: Sampler) -> None:
    """Or marks would depend on who was judged before."""
    with bounded(None) as first:
        sampler.samples({}).symbol("double")
    with bounded(None) as second:
        sampler.samples({}).symbol("double")
    assert first.used == second.used > 0


def test_only_names_with_axes_stand_for_arrays(sampler: Sampler) -> None:
    """`v` is drawn as a vector; a step that is a number at each point is none."""
    part = Part(
        step="double", label="", names_step=True, at={}, expected=None, tolerance=DEFAULT_TOLERANCE
    )
    names = ("x", "v", "double", "k")
    assert set(sampler._arrays(names, part)) == {"v"}


@pytest.mark.parametrize("name", ["never", "nothing", "f"])
def test_a_step_without_a_value_anywhere_is_a_fault(sampler: Sampler, name: str) -> None:
    with pytest.raises(StepFault):
        sampler.samples({}).step(name)


def test_a_formula_is_not_asked_for_what_is_undefined_nearly_everywhere(sampler: Sampler) -> None:
    """What is undefined at half of the points, as a root is, may be asked for."""
    part = Part(
        step="never", label="", names_step=True, at={}, expected=None, tolerance=DEFAULT_TOLERANCE
    )
    samples, language = sampler.samples({}), Language.of({"x": ()}, {})
    with pytest.raises(ValueError, match="undefined at most points"):
        sampler.expected(part, samples, language)
    found = sampler.expected(replace(part, step="root"), samples, language)
    assert 0 < np.isnan(found).sum() < len(found)


@pytest.mark.parametrize("name", ["imaginary", "grows", "text"])
def test_a_step_that_is_no_real_number_is_an_error(sampler: Sampler, name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}'"):
        sampler.samples({}).step(name)


def test_a_bound_around_the_solver_is_not_passed_over(tmp_path: Path) -> None:
    """The first point that takes too long ends it: nothing counts the lines of the others."""
    path = tmp_path / "slow.py"
    path.write_text(
        "CALLS = []\n"
        "def slow(x):\n"
        "    CALLS.append(x)\n"
        "    n = 0\n"
        "    while n < 10**5:\n"
        "        n += 1\n"
        "    return n\n"
        "def calls(x): return len(CALLS)\n",
        encoding="utf-8",
    )
    reference = load_reference(path)
    solutions = [Solution(reference, {"x": x}) for x in range(5)]
    with pytest.raises((StepFault, OutOfBounds)), bounded(1000):
        SolvedSamples(solutions, [""] * 5).step("slow")
    assert Solution(reference, {"x": 0})["calls"] == 1


# -- functions -----------------------------------------------------------------------------------


def test_a_function_is_called_at_every_point(sampler: Sampler) -> None:
    samples = sampler.samples({})
    assert values("f(x) + f(2)", samples).tolist() == (samples.symbol("x") + 1 + 3).tolist()


def test_a_function_that_refuses_a_value_is_undefined_there(sampler: Sampler) -> None:
    samples = sampler.samples({})
    x = samples.symbol("x")
    assert np.isnan(values("half(x)", samples)).tolist() == (x > 1).tolist()
    assert values("half(1)", samples).tolist() == [0.5] * 24
    assert np.isnan(values("half(1, 2)", samples)).all()
    assert np.isnan(values("word(1)", samples)).all()


def test_a_function_with_results_of_two_shapes_does_not_fit(sampler: Sampler) -> None:
    with pytest.raises(FormulaError, match="'longer' has values of different shapes"):
        values("longer(x)", sampler.samples({}))


def test_a_function_that_does_not_end_has_no_value(sampler: Sampler) -> None:
    samples = sampler.samples({})
    assert values("endless(1)", samples).tolist() == [1.0] * 24
    assert np.isnan(values("endless(1e15)", samples)).all()
    found = values("endless(where(x > 0, 1, 1e15))", samples)
    assert np.isnan(found).tolist() == (samples.symbol("x") <= 0).tolist()


@pytest.mark.lengthy
def test_what_one_formula_executes_is_bounded(sampler: Sampler) -> None:
    """And alike whether its calls were kept from another formula or not."""
    samples = sampler.samples({})
    many = "where(" + ", ".join(f"1 < 0, thousand({n})" for n in range(5)) + ", thousand(9))"
    assert values(many, samples).tolist() == [499509.0] * 24
    more = " + ".join(f"thousand({n})" for n in range(9, 16))
    too_many = many.replace("thousand(9)", more)
    for _ in range(2):
        assert np.isnan(values(too_many, samples)).all()
        assert values("thousand(11)", samples).tolist() == [499511.0] * 24


@pytest.mark.lengthy
def test_what_lies_behind_the_bound_is_not_executed(sampler: Sampler) -> None:
    samples = sampler.samples({})
    before = samples.solutions[0]["calls"]()
    assert np.isnan(values(" + ".join(f"stubborn({n})" for n in range(40)), samples)).all()
    calls = samples.solutions[0]["calls"]() - before
    assert 24 <= calls <= 24 * 4


def test_what_a_formula_is_given_cannot_be_changed(sampler: Sampler) -> None:
    samples = sampler.samples({})
    before = samples.symbol("x").tolist()
    assert values("changes(x)", samples).tolist() == [x + 1 for x in before]
    assert samples.symbol("x").tolist() == before
    vectors = samples.symbol("v").tolist()
    assert values("fills(v)", samples).tolist() == [[5.0, second] for _, second in vectors]
    assert samples.symbol("v").tolist() == vectors
    with pytest.raises(ValueError, match="read-only"):
        samples.symbol("x")[0] = 5.0


def test_several_threads_see_the_same(sampler: Sampler) -> None:
    samples = sampler.samples({})
    found: list[list[float]] = []

    def work() -> None:
        found.extend(values("f(x) root half(x / 9) + double", samples).tolist() for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert all(np.array_equal(one, found[0], equal_nan=True) for one in found)
