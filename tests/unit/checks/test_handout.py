"""A number that the handout states and the spec does not have is told, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.handout import check_handout
from grader.model.assignment import Formulas
from grader.spec.load import load_assignment
from tests.build import assignment_of

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENTS = sorted(
    path.parent
    for pattern in ("assignments/*/*.yaml", "examples/courses/*/assignments/*/*.yaml")
    for path in ROOT.glob(pattern)
)


def told(folder: Path, text: str, **fields: Any) -> list[str]:
    (folder / "handout.md").write_text(text, encoding="utf-8")
    return [str(one) for one in check_handout(assignment_of(folder=folder, **fields))]


ALPHA, RATE, START, MATRIX = (
    {"alpha": 0.01},
    {"learning_rate": 0.05},
    {"x0": np.array([4, 1])},
    {"a": np.array([[1, 2], [3, 4]])},
)


@pytest.mark.parametrize(
    ("givens", "text"),
    [
        (ALPHA, "Take α = 0.1 and go on."),
        (ALPHA, "Take $\\alpha = 0.1$."),
        (ALPHA, "- α = 10⁻³"),
        (ALPHA, "| `alpha` | 0.1 |"),
        (ALPHA, "The rate alpha is 0.1."),
        (ALPHA, "with **α = 1/10**, for ten steps"),
        (ALPHA, "α=10^{-3}"),
        (ALPHA, "α = 5 %"),
        (RATE, "a learning rate of 0.5"),
        (RATE, "Learning rate 0.5, momentum 0.9"),
        (RATE, "learning rate $\\eta = 0.5$"),
        (RATE, "the learning rate (η) is 0.5"),
        (RATE, "set `learning_rate` to 0.5"),
        (START, "Start at x₀ = (4, 2)."),
        ({"x": 2.0}, "Start at x = 3."),
        (START, "$x_{0} = [4, -1]$"),
        (START, "x_0 = (4, 1, 0)"),
        (MATRIX, r"$a = \begin{pmatrix} 1 & 2 \\ 3 & 5 \end{pmatrix}$"),
        ({"g": 9.81}, "g = 9.18 m/s², the weight of one kilogram"),
        ({"t": np.array([1, 2, 5])}, "t = 1, 2, 4 in seconds"),
        ({"hours": np.array([1, 2, 5])}, "| hours | 1 | 2 | 4 |"),
        ({"hours": np.array([1, 2, 5])}, "The hours: 1, 2, 5, 7."),
        ({"t": 2.0}, "after t = 3 s it stops"),
        ({"momentum": 0.9}, "momentum = 1"),
    ],
)
def test_another_number_in_the_handout_is_told_at_its_place(
    givens: dict[str, Any], text: str, tmp_path: Path
) -> None:
    (said,) = told(tmp_path, f"# A homework\n\n{text}\n", givens=givens)
    assert f"handout.md:3:{1 + said_at(text)}: warning[S405]: the handout states " in said


NAMES = (
    *("learning_rate", "learning rate", "Learning rate", "momentum", "\\alpha", "alpha", "α"),
    *("x_0", "x₀", "x_{0}", "a =", "g =", "t =", "x =", "hours"),
)


def said_at(text: str) -> int:
    return min(text.find(name) for name in NAMES if name in text)


@pytest.mark.parametrize(
    ("givens", "text"),
    [
        (ALPHA, "Take α = 0.01."),
        (ALPHA, "α = 1/100, α = 10⁻², α = 1e-2, α = 1 %, α = 0,01, $\\alpha=10^{-2}$"),
        (ALPHA, "α = 0.1x or α = 2 · 0.005 or α = 0.1, 0.01, 0.001 or α = {{ alpha }}"),
        (ALPHA, "2 α = 0.02 and β + α = 1 and ∂L/∂α = 3 and f(α) = 2"),
        (RATE, "a learning rate of 0.050, after step 3 of the learning rate"),
        ({"step": 0.1}, "After step 3 look at the rows of step 2."),
        (START, "x₀ = (4, 1)ᵀ, $x_0 = [4.0, 1.0]$, x0 = (a, b), x0 = 3"),
        (MATRIX, r"$a = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$ or a = [[1, 2], [3, 4]]"),
        ({"x": 2.0, "w": 1.0}, "x = 2 and later f(x) = 0, |x| = 3, at x = 0 and for x = 5"),
        ({"x": 2.0, "w": 1.0}, "y = 3, x = 4 w, at x = 0, if x = 1, w x = 7, 2x = 9, dx = 3"),
        ({"third": 1 / 3}, "third = 0.333, third ≈ 0.3333"),
        ({"hours": np.array([1, 2.5])}, "| hours | 1 | 2.5 |\nhours: 1, 2.5.\n| hours | 1 | … |"),
        ({"name": "a"}, "name = 3"),
        ({"w": 2.0}, "1. `w` (2 points), w: 3 points"),
    ],
)
def test_the_same_number_and_what_is_no_statement_are_not(
    givens: dict[str, Any], text: str, tmp_path: Path
) -> None:
    assert told(tmp_path, text, givens=givens) == []


def test_another_spelling_of_the_name_is_known(tmp_path: Path) -> None:
    formulas = Formulas(symbols={"rate": ("λ",)})
    (said,) = told(tmp_path, "λ = 2", givens={"rate": 1.0}, formulas=formulas)
    assert "the handout states 2 for 'rate', which is 1 in the spec" in said


SPEC = """\
schema: 1
slug: rates
title: Rates
submission: {files: [answers.yaml]}
givens: {learning_rate: 0.05, x: 2}
questions:
  - {id: first, kind: number, expected: 1, prompt: With a learning rate of FIRST.}
  - id: second
    kind: number
    expected: 1
    at: {learning_rate: 0.1}
    prompt: >-
      The same with
      the learning rate SECOND, at x = X.
"""


@pytest.mark.parametrize(
    ("first", "second", "x", "lines"),
    [
        ("0.05", "0.1", "2", []),
        ("0.5", "0.1", "2", [7]),
        ("0.1", "0.05", "2", [7]),  # what another question asks with is not this one's
        ("0.05", "0.01", "2", [12]),
        ("0.05", "{{ learning_rate }}", "2", []),
        ("0.05", "0.1", "3", []),  # a condition, and no given
    ],
)
def test_another_number_in_a_prompt_is_told_at_the_prompt(
    first: str, second: str, x: str, lines: list[int], tmp_path: Path
) -> None:
    (tmp_path / "rates").mkdir()
    spec = SPEC.replace("FIRST", first).replace("SECOND", second).replace("X.", f"{x}.")
    path = tmp_path / "rates" / "assignment.yaml"
    path.write_text(spec, encoding="utf-8")
    said = [*check_handout(load_assignment(path).assignment)]
    assert [one.place.line for one in said] == lines
    for one in said:
        assert f"the prompt of {'first' if one.place.line == 7 else 'second'!r} states" in str(one)
        assert "for 'learning_rate', which is 0.05 in the spec" in str(one)


def test_without_a_handout_nothing_is_said(tmp_path: Path) -> None:
    assert not [*check_handout(assignment_of(folder=tmp_path, givens=ALPHA))]


@pytest.mark.parametrize("folder", ASSIGNMENTS, ids=lambda path: path.name)
def test_handouts_of_this_repository_say_what_their_specs_say(folder: Path) -> None:
    assert not [*check_handout(load_assignment(folder).assignment)]
