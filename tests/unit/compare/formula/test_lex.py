"""From text to tokens: one spelling for what looks alike."""

from __future__ import annotations

import pytest

from grader.compare.formula.lex import FormulaError, is_identifier, normalised, tokens


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a − b – c", "a - b - c"),
        ("a·b⋅c×d∗e", "a*b*c*d*e"),
        ("a÷b", "a/b"),
        ("s′(z) + s’(z)", "s'(z) + s'(z)"),
        ("x ≤ 1", "x <= 1"),
        ("x ≥ 1", "x >= 1"),
        ("w₁ x₁₂", "w1 x12"),
        ("x²", "x^(2)"),
        ("x⁻¹⁰", "x^(-10)"),
        ("xⁿ", "x^(n)"),
        ("xⁿ⁺¹", "x^(n+1)"),
        ("x⁽²⁾", "x^((2))"),
        ("Aᵀ B", "A^T B"),
        ("x² y³", "x^(2) y^(3)"),
        ("y\u0302", "ŷ"),
        ("𝑥 + 𝐲", "x + y"),
        ("（x）", "(x)"),
        ("", ""),
    ],
)
def test_what_looks_alike_is_read_alike(text: str, plain: str) -> None:
    assert normalised(text) == plain


@pytest.mark.parametrize("raised", ["ⁿ", "²", "⁺", "ᵀ", "⁽"])
def test_what_is_raised_never_comes_down_into_the_line(raised: str) -> None:
    assert normalised(f"x{raised}y")[1] == "^"


def kinds(text: str, odd: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(token.kind[0], token.text) for token in tokens(text, odd)][:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2x", [("n", "2"), ("n", "x")]),
        ("2.x", [("n", "2."), ("n", "x")]),
        (".5", [("n", ".5")]),
        ("1e-3", [("n", "1e-3")]),
        ("2e", [("n", "2"), ("n", "e")]),
        ("2e+x", [("n", "2"), ("n", "e"), ("o", "+"), ("n", "x")]),
        ("x**2", [("n", "x"), ("o", "**"), ("n", "2")]),
        ("x<=y", [("n", "x"), ("o", "<="), ("n", "y")]),
        ("s''(z)", [("n", "s''"), ("o", "("), ("n", "z"), ("o", ")")]),
        ("A.T", [("n", "A"), ("t", ".T")]),
        ("__import__", [("n", "__import__")]),
    ],
)
def test_texts_fall_into_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h3*", [("n", "h3*")]),
        ("h3* + 1", [("n", "h3*"), ("o", "+"), ("n", "1")]),
        ("h3*)", [("n", "h3*"), ("o", ")")]),
        ("h3*w", [("n", "h3"), ("o", "*"), ("n", "w")]),
        ("h3* w", [("n", "h3"), ("o", "*"), ("n", "w")]),
        ("h3*(w)", [("n", "h3"), ("o", "*"), ("o", "("), ("n", "w"), ("o", ")")]),
        ("h3*2", [("n", "h3"), ("o", "*"), ("n", "2")]),
        ("h3**2", [("n", "h3*"), ("o", "*"), ("n", "2")]),
    ],
)
def test_a_name_that_ends_in_an_operator_is_one_where_no_operand_follows(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(text, ("h3*",)) == expected


@pytest.mark.parametrize("text", ["x._y", "x = 1", "x ? y", "“x”", "x\\y", "$", "#", "x!", "{x}"])
def test_what_is_not_in_the_grammar_cannot_be_read(text: str) -> None:
    with pytest.raises(FormulaError, match="cannot be read"):
        tokens(text)


@pytest.mark.parametrize(
    ("spelling", "identifier"),
    [("x", True), ("s'", True), ("ŷ", True), ("h3*", False), ("2x", False), ("", False)],
)
def test_which_spellings_are_identifiers(spelling: str, identifier: bool) -> None:
    assert is_identifier(spelling) is identifier
