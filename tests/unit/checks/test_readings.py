"""What an author is told of stated formulas: how they were read, and what looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.checks.readings import _instead, read_formulas
from grader.compare.formula import Language, parse_formula

SPEC = """\
schema: 1
slug: small
title: Small
submission: {{files: [answers.yaml]}}
formulas:
  domains: {{{domains}}}
questions:
  - id: slope
    kind: expression
    expected: "{expected}"
    tolerance: {{rtol: 1e-6}}
"""
BOTH_SIGNS = "x: [-2, 2], w: [-2, 2]"
POSITIVE = "x: [0.1, 2], w: [0.1, 2]"


def prepared(folder: Path, expected: str, domains: str = BOTH_SIGNS) -> Prepared:
    (folder / "small").mkdir()
    spec = SPEC.format(expected=expected, domains=domains)
    (folder / "small" / "assignment.yaml").write_text(spec, encoding="utf-8")
    return prepare(folder / "small")


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ("wx^2", ("slope: 'wx^2' is read as w · x²",)),
        ("w * x^2", ()),
        (r"\\frac{w}{2} x", (r"slope: '\\frac{w}{2} x' is read as (w / 2) · x",)),
    ],
)
def test_a_stated_formula_goes_through_the_same_door(
    tmp_path: Path, expected: str, lines: tuple[str, ...]
) -> None:
    one = prepared(tmp_path, expected)
    assert read_formulas(one.assignment, one.key).read_as == lines


@pytest.mark.parametrize(
    ("expected", "domains", "words"),
    [
        ("log(x)", POSITIVE, "log(abs(x)) is as good as log(x)"),
        ("w * log(x w)", POSITIVE, "log(abs(x · w)) is as good as log(x · w)"),
        ("log(1 + x^2)", POSITIVE, ""),
        ("log(1 + exp(x))", BOTH_SIGNS, ""),
        ("log(abs(x))", BOTH_SIGNS, ""),
        ("abs(x)", POSITIVE, "x is as good as abs(x)"),
        ("abs(x)", BOTH_SIGNS, ""),
        ("w sign(x)", POSITIVE, "1 is as good as sign(x)"),
        ("max(0, x)", POSITIVE, "x is as good as max(0, x)"),
        ("max(0, x)", BOTH_SIGNS, ""),
        ("sqrt(x^2)", POSITIVE, "x is as good as sqrt(x²)"),
        ("where(x > 0, w, 2 w)", POSITIVE, "w is as good as where(x > 0, w, 2 · w)"),
        ("where(x > 0, w, 2 w)", BOTH_SIGNS, ""),
        ("w * (x > 0)", POSITIVE, "1 is as good as x > 0"),
        ("w * (x > 0)", BOTH_SIGNS, ""),
        ("w * sin(x)", "x: [0, 0.001], w: [1, 2]", "x is as good as sin(x)"),
        ("w * sin(x)", BOTH_SIGNS, ""),
        ("w x", "x: [-2, 2], w: [-2, 2], wx: [-2, 2]", "'wx' is a name"),
        ("a", "a: [-2, 2], ab: [-2, 2], bc: [-2, 2], c: [-2, 2]", "a · bc or ab · c"),
        ("x", "p: [-2, 2], i: [-2, 2], x: [-2, 2]", "'pi' is a name"),
    ],
)
def test_what_looks_alike_is_said(tmp_path: Path, expected: str, domains: str, words: str) -> None:
    one = prepared(tmp_path, expected, domains)
    said = " ".join(read_formulas(one.assignment, one.key).doubts)
    assert (words in said) if words else not said


def test_a_step_that_is_a_matrix_may_be_transposed_by_a_prime(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (tmp_path / "reference").mkdir()
    steps = {"H": "X @ X", "K": "2 * X", "s": "X.sum()"}
    source = "".join(f"def {name}(X):\n    return {value}\n" for name, value in steps.items())
    (tmp_path / "reference" / "small.py").write_text(source, encoding="utf-8")
    (folder / "assignment.yaml").write_text(
        """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml]}
givens: {X: [[1, 2], [3, 4]]}
formulas:
  domains: {X: {range: [-1, 1], shape: [2, 2]}}
  symbols: {H: [], K: [], s: []}
questions:
  - {id: q, kind: expression, expected: "KH' + X'", tolerance: {rtol: 1e-6}}
""",
        encoding="utf-8",
    )
    one = prepare(folder)
    read = read_formulas(one.assignment, one.key).read_as
    assert read == ("q: \"KH' + X'\" is read as K Hᵀ + Xᵀ",)
    (language,) = (formula.language for formula in one.key.formulas.values())
    assert language.arrays == {"X", "H", "K"}


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("where(x > 0, y, x)", {"y", "x"}),
        ("where(x > 1, y, x > 0, 2 x, 3)", {"y", "2 x", "3"}),
        ("max(x, y)", {"x", "y"}),
        ("abs(x)", {"x", "-x"}),
        ("sqrt(x^2)", {"x"}),
        ("sqrt(x)", set()),
        ("x + y", set()),
    ],
)
def test_what_is_written_in_the_place_of_a_case(typed: str, others: set[str]) -> None:
    language = Language.of({"x": (), "y": ()}, {})
    found = set(_instead(parse_formula(typed, language)))
    assert found == {parse_formula(text, language) for text in others}
