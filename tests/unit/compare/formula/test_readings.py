"""Any formula in print is read as itself, glued or not, and hostile text ends in time."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.formula import Formula, FormulaError, Language, understood
from grader.compare.formula.tree import MAX_TEXT, node
from grader.compare.formula.written import written
from tests.some import by_name
from tests.work import sums_in

SYMBOLS = ("x", "y", "w", "z1", "theta", "y_hat")
SCALARS = Language.of(dict.fromkeys(SYMBOLS, ()), {"sigma": ("σ",), "f'": ()})
MATRICES = Language.of({"A": (), "B": (), "c": ()}, {}, arrays=("A", "B"))
_NUMBERS = st.integers(0, 10**6).map(float) | st.floats(0, allow_nan=False, allow_infinity=False)


def trees(symbols: tuple[str, ...], products: tuple[str, ...]) -> st.SearchStrategy[Formula]:
    leaves = st.sampled_from(symbols).map(lambda name: node("symbol", name=name)) | _NUMBERS.map(
        lambda value: node("number", value=value)
    )
    if "@" not in products:
        leaves |= st.sampled_from(("pi", "e")).map(
            lambda name: node("constant", name=name, value=SCALARS.constants[name])
        )

    def over(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        two = st.tuples(st.sampled_from(("+", "-", "/", "^", "<", "==", *products)), inner, inner)
        one = st.tuples(st.sampled_from(("negative", "transpose")), inner)
        call = st.tuples(st.sampled_from(("sin", "abs", "sqrt")), inner)
        positive = one.filter(lambda made: (made[0], made[1].head) != ("negative", "negative"))
        return (
            two.map(lambda made: node(*made))
            | positive.map(lambda made: node(*made))
            | call.map(lambda made: node("call", made[1], name=made[0]))
        )

    return st.recursive(leaves, over, max_leaves=12)


def plain(formula: Formula) -> Any:
    """The tree, where products of numbers are alike."""
    head = "*" if formula.head == "juxtaposed" else formula.head
    return (head, formula.name, formula.value, *map(plain, formula.operands))


@given(trees(SYMBOLS, ("*", "juxtaposed")))
def test_what_is_printed_is_read_as_the_same_tree(tree: Formula) -> None:
    assert plain(understood(written(tree), SCALARS).formula) == plain(tree)


@given(trees(("A", "B", "c"), ("*", "@", "juxtaposed")))
def test_products_of_matrices_are_read_as_the_same_tree(tree: Formula) -> None:
    assert understood(written(tree, arrays=True), MATRICES).formula == tree


@given(
    st.lists(st.sampled_from(("x", "y", "w", "z1", "π", "θ", "e")), min_size=2, max_size=6),
    st.sampled_from(("", "^2", "²", "^x", ".T")),
    st.sampled_from(("", "2", "-", "3 - ")),
)
def test_glued_and_spaced_spellings_agree(names: list[str], raised: str, before: str) -> None:
    glued = before + "".join(names) + raised
    spaced = before + " ".join(names) + raised
    assert plain(understood(glued, SCALARS).formula) == plain(understood(spaced, SCALARS).formula)


HOSTILE = {
    "words": "xyw " * (MAX_TEXT // 4),
    "words, all different": " ".join(
        "".join("xyw"[(number // 3**place) % 3] for place in range(6)) for number in range(700)
    ),
    "long words": ("xyw" * 13 + " ") * (MAX_TEXT // 40),
    "unknown words": " ".join(f"q{number}" for number in range(MAX_TEXT // 6)),
    "digits that end in a letter": "1e" + "9" * (MAX_TEXT - 3) + "x",
    "roots": "√" * MAX_TEXT,
    "functions": "sin " * (MAX_TEXT // 4),
    "powers of functions": "sin^" * (MAX_TEXT // 4),
    "subscripts": "x_{" * (MAX_TEXT // 3),
    "raised": "x" + "²" * (MAX_TEXT - 1),
    "accents": "x" + "\u0302" * (MAX_TEXT - 1),
    "square brackets": "[" * MAX_TEXT,
    "fractions": r"\frac" * (MAX_TEXT // 5),
    "fractions in fractions": r"\frac{" * (MAX_TEXT // 6),
    "LaTeX braces": "$" + "{" * (MAX_TEXT - 1),
    "LaTeX powers": "$x" + "^-" * (MAX_TEXT // 2 - 1),
    "LaTeX scripts": "$x" + "_x" * (MAX_TEXT // 2 - 1),
    "LaTeX roots": r"\sqrt[" * (MAX_TEXT // 6),
    "cases in cases": r"\begin{cases}" * (MAX_TEXT // 13),
    "left": r"\left(" * (MAX_TEXT // 6),
    "modules": "np." * (MAX_TEXT // 3),
    "exponents": "e^2x" * (MAX_TEXT // 4),
    "divisions": "1/" * (MAX_TEXT // 2 - 1) + "2x",
}


@pytest.mark.parametrize(
    "text",
    by_name(HOSTILE, lengthy=["words, all different", "digits that end in a letter", "raised"]),
)
def test_hostile_text_ends_in_time_and_with_a_short_sentence(text: str) -> None:
    said = ""

    def read() -> None:
        nonlocal said
        try:
            understood(text, SCALARS)
        except FormulaError as error:
            said = str(error)

    assert sums_in(read) < 5_000
    assert len(said) < MAX_TEXT + 200


@given(st.text("xyw12.+-*/^()[]√²' \\{}_&$|e", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_formula_or_a_sentence(text: str) -> None:
    with contextlib.suppress(FormulaError):
        read = understood(text, SCALARS)
        assert plain(understood(read.text, SCALARS).formula) == plain(read.formula)


_LATEX = st.lists(
    st.sampled_from(
        [
            r"\frac",
            r"\sqrt",
            r"{",
            r"}",
            r"^",
            r"_",
            r"x",
            r"2",
            r"\left(",
            r"\right)",
            r"\hat",
            r"\sin",
            r"\begin{cases}",
            r"\end{cases}",
            r"&",
            r"\\",
            r"=",
            r"\mathbf",
            r"T",
            r"'",
        ]
    ),
    max_size=25,
).map("".join)


@given(_LATEX)
def test_any_latex_is_a_formula_or_a_sentence(text: str) -> None:
    with contextlib.suppress(FormulaError):
        understood(f"${text}", SCALARS)
