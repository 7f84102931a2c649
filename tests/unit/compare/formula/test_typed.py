"""What people type, how it is read, and what becomes of it: the rows of tests/typed/."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.compare.expression import compare_expression
from grader.compare.formula import FormulaError, understood
from grader.model.tolerance import Tolerance
from grader.model.verdict import Verdict
from tests.typed import PAGE, Row, formula_rows, language_of, page, shapes_of

POINTS = 7
FUNCTIONS = {
    "sigma": lambda z: z + 100,
    "sigma_prime": lambda z: z + 1000,
    "relu": lambda z: np.maximum(z, 0),
    "relu_prime": lambda z: (z > 0) * 1.0,
}


class Drawn:
    """Seven points, the same for all rows of one group of names."""

    def __init__(self, group: str) -> None:
        source = np.random.default_rng(7)
        shapes = shapes_of(group)
        self.labels = [f"point {index}" for index in range(POINTS)]
        self.values = {
            name: source.uniform(0.3, 2.0, (POINTS, *shapes.get(name, ())))
            for name in language_of(group).symbols.values()
        }
        self.promotes = language_of(group).imaginary
        if "z" in self.values:
            self.values["z"] = self.values["z"] + 1j * source.uniform(-2, 2, POINTS)
        if "z1" in self.values:
            self.values["z1"] -= 1

    def symbol(self, name: str) -> Any:
        return self.values[name]

    def function(self, name: str) -> Any:
        return FUNCTIONS[name]

    def key(self, line: str) -> Any:
        """The values of a line of Python at all points."""
        names = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
        found = [
            eval(line, {**names, **{n: v[point] for n, v in self.values.items()}})
            for point in range(POINTS)
        ]
        return np.array(found, dtype=np.complex128 if self.promotes else np.float64)


ROWS = formula_rows()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.typed}-{row.verdict}" for row in ROWS])
def test_what_is_typed_is_read_as_it_is_meant(row: Row) -> None:
    language = language_of(row.names)
    drawn = Drawn(row.names)
    if row.verdict == "invalid":
        refused = compare_expression(
            actual=row.typed,
            samples=drawn,
            expected=np.ones(POINTS),
            language=language,
            tolerance=Tolerance(rtol=Fraction(1, 10**9)),
        )
        assert refused.verdict is Verdict.INVALID
        assert row.words
        assert row.words in refused.detail.message
        return
    assert understood(row.typed, language).text == row.read
    compared = compare_expression(
        actual=row.typed,
        samples=drawn,
        expected=drawn.key(row.key),
        language=language,
        tolerance=Tolerance(rtol=Fraction(1, 10**9)),
    )
    assert compared.verdict.value == row.verdict


@pytest.mark.parametrize("row", [row for row in ROWS if row.read], ids=lambda row: row.typed)
def test_what_is_printed_is_read_as_the_same(row: Row) -> None:
    language = language_of(row.names)
    read = understood(row.typed, language)
    again = understood(read.text, language)
    assert again.text == read.text
    assert _plain(again.formula) == _plain(read.formula)


def _plain(formula: Any) -> Any:
    """The tree, where every product is alike."""
    head = "*" if formula.head == "juxtaposed" else formula.head
    return (head, formula.name, formula.value, *map(_plain, formula.operands))


def test_no_row_stands_twice() -> None:
    seen = [(row.typed, row.names, row.key, row.words) for row in ROWS]
    assert len(seen) == len(set(seen))


def test_a_refusal_is_a_sentence_without_our_spelling_of_what_was_typed() -> None:
    with pytest.raises(FormulaError) as refused:
        understood("2½", language_of("numbers"))
    assert "⁄" not in str(refused.value)
    assert "½" in str(refused.value)


def test_the_page_for_students_is_made_from_the_rows() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make typed`"
