"""The grammar is a whitelist: what is read, how it binds, and what is refused however hostile."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.formula import FormulaError, Language, formula_values, parse_formula
from grader.compare.formula.language import BUILT_IN
from grader.compare.formula.parse import MAX_TEXT
from tests.some import by_name

LANGUAGE = Language.of(
    {
        "x": ("ξ",),
        "y": (),
        "w": (),
        "z1": (),
        "y_hat": ("ŷ", "yhat"),
        "h3_star": ("h3*",),
        "n": (),
    },
    {"sigma": ("σ",), "sigma_prime": ("s'", "σ'")},
)
VALUES = {"x": 3.0, "y": 5.0, "w": 7.0, "z1": 11.0, "y_hat": 13.0, "h3_star": 17.0, "n": 2.0}
FUNCTIONS = {"sigma": lambda z: z + 100, "sigma_prime": lambda z: z + 1000}


class OnePoint:
    labels = ("the point",)

    def symbol(self, name: str) -> Any:
        return np.array([VALUES[name]])

    def function(self, name: str) -> Any:
        return FUNCTIONS[name]


def value(text: str) -> float:
    return float(formula_values(parse_formula(text, LANGUAGE), OnePoint())[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("24 / 4 / 2", 3),
        ("24 / 4 * 2", 12),
        ("-x^2", -9),
        ("(-x)^2", 9),
        ("2^-1", 0.5),
        ("2^3^2", 512),
        ("2**3**2", 512),
        ("2^-2^2", 2**-4),
        ("-2^-2", -0.25),
        ("2x", 6),
        ("2 x y", 30),
        ("2x^2", 18),
        ("x^2 y", 45),
        ("x²y", 45),
        ("xⁿ", 9),
        ("2(x + 1)", 8),
        ("x(y + 1)", 18),
        ("(x)(y)", 15),
        ("xy", 15),
        ("2wx", 42),
        ("x * y w", 105),
        ("x y / w", 15 / 7),
        ("x / y * w", 3 / 5 * 7),
        ("+x", 3),
        ("--x", 3),
        ("x - -y", 8),
        ("x*-y", -15),
        ("x −y", -2),
        ("z1 + 1", 12),
        ("z₁ + 1", 12),
        ("ŷ + yhat - y_hat", 13),
        ("ξ", 3),
        ("σ(x)", 103),
        ("sigma (x)", 103),
        ("s'(x) + σ′(x)", 2006),
        ("2 σ(x) y", 1030),
        ("h3*", 17),
        ("h3* + x", 20),
        ("2 h3* - 1", 33),
        ("2 pi", 2 * math.pi),
        ("sin(pi / 2)", 1),
        ("ln(exp(2))", 2),
        ("sqrt(abs(-16))", 4),
        ("min(x, y, 1)", 1),
        ("max(x, y)", 5),
        ("sign(-x)", -1),
        ("tanh(0) + cos(0) + tan(0)", 1),
        ("x < y", 1),
        ("(x >= 3) + (x > 3) - (y == 5)", 0),
        ("-(x < y)", -1),
        ("exp(x < y)", math.e),
        ("where(x > 2, 10, 20)", 10),
        ("where(x < 2, 10, 20)", 20),
        ("where(x < 2, 10, x < 4, 20, 30)", 20),
        ("where(x < 2, 10, x < 3, 20, 30)", 30),
        ("1e3 x", 3000),
        ("1.5e-1", 0.15),
        (".5 x", 1.5),
        ("|-x|", 3),
        ("∣-x∣", 3),
        ("2|-x|", 6),
        ("|-x|^2", 9),
        ("|-x| / |w|", 3 / 7),
        ("|-x| y", 15),
        ("|-x||-y|", 15),
        ("|-x| |-y|", 15),
        ("||-x| - 5|", 2),
        ("|1 - |-x||", 2),
        ("|-x| - y|-w|", 3 - 35),
        ("|σ(|-x|) - 200|", 97),
        ("|(|x|y)|", 15),
        ("|σ(x|-w|) - 200|", 79),
        ("max(|-x|, |-y|)", 5),
        ("e", math.e),
        ("2e", 2 * math.e),
        ("e^x", math.e**3),
        ("2e^-x", 2 * math.e**-3),
        ("x e", 3 * math.e),
        ("2e3", 2000),
        ("2.x", 6),
        ("ex", 3 * math.e),
        ("sin x", math.sin(3)),
        ("sin|x|", math.sin(3)),
        ("sin^2(x)", math.sin(3) ** 2),
    ],
)
def test_formulas_bind_as_on_paper(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-15)


REFUSED = [
    ("", "is empty"),
    ("  \n", "is empty"),
    ("x +", "ends too early"),
    ("(x", "not closed"),
    ("x)", "does not belong"),
    ("()", "expected a number, a name or a bracket"),
    ("* x", "expected a number, a name or a bracket"),
    ("x ** ** y", "expected a number, a name or a bracket"),
    ("1 2", "side by side"),
    ("1.5.2", "side by side"),
    ("1 / 2 x", "two ways"),
    ("x / y (w)", "two ways"),
    ("x < y < w", "two relations stand in a row"),
    ("x, y", "does not belong"),
    ("sin", "needs brackets"),
    ("sin x y", "two ways, as sin"),
    ("sin(x, y)", "does not take 2"),
    ("max(x)", "does not take 1"),
    ("where(x)", "does not take 1"),
    ("sigmoid(x)", "did you mean 'sigma'"),
    ("v", "'v' is not known"),
    ("xyz", "'xyz' is not known"),
    ("x2", "'x2' is not known"),
    ("2 = x = 2", "formulas stand on both sides"),
    ("y'", "not known"),
    ("1e3x", "two ways, as 1e3 · x"),
    ("ez", "'ez' is not known"),
    ("|x|y|w|", "two ways"),
    ("2|x|y w|n|", "two ways"),
    ("|x", "a bar is not closed"),
    ("(|x)", "a bar is not closed"),
    ("|(x|)", "expected a number, a name or a bracket"),
    ("x|", "ends too early"),
    ("||", "ends too early"),
    ("sin^2|", "a bar is not closed|ends too early"),
    ("x.T y.U", "cannot be read"),
    ("xᵀ'", "is not known"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_no_formula_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words):
        parse_formula(text, LANGUAGE)


HOSTILE = {
    "import": "__import__('os').system('true')",
    "import without quotes": "__import__(os)",
    "lambda": "lambda: x",
    "lambda call": "(lambda x)(y)",
    "attribute": "x.__class__",
    "method": "x.tobytes()",
    "index": "x[0]",
    "builtin": "eval(x)",
    "dunder": "__builtins__",
    "keyword": "x if y else w",
    "comprehension": "(x for x in y)",
    "string": "'a' * 9",
    "walrus": "(x := y)",
    "format": "{x.__class__}",
    "null": "x\0y",
    "direction": "x\u202ey",
    "surrogate": "\ud800",
    "backslash": "x \\ y",
    "10 MB": "x + " * 2_500_000 + "x",
    "10 MB of digits": "9" * 10_000_000,
    "expands when normalised": "\ufdfa" * MAX_TEXT,
    "long name": "a" * MAX_TEXT,
    "long name of known letters": "xy" * (MAX_TEXT // 2),
    "deep brackets": "(" * 2000 + "x" + ")" * 2000,
    "deep brackets, open": "(" * MAX_TEXT,
    "deep bars": "|x - " * 1000 + "x" + "|" * 1000,
    "bars, open": "|" * MAX_TEXT,
    "many bars": "|x|" * 1000,
    "deep calls": "sin(" * 1000 + "x" + ")" * 1000,
    "deep powers": "^".join("2" * 2000),
    "deep negative powers": "2" + "^-2" * 1500,
    "many factors": "x " * 2000,
    "many terms": "+".join("x" * 2000),
    "many transposes": "x" + ".T" * 2000,
    "many arguments": f"max({','.join('x' * 2000)})",
    "many relations": "<".join("x" * 2000),
}


@pytest.mark.parametrize("text", by_name(HOSTILE, lengthy=["many factors"]))
def test_hostile_text_is_only_no_formula(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(text, LANGUAGE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9**9**9", math.inf),
        ("9^9^9^9^9", math.inf),
        ("1e999999999", math.inf),
        ("9" * MAX_TEXT, math.inf),
        ("-" * (MAX_TEXT - 1) + "x", -3.0),
        ("2^-9^9^9", 0.0),
    ],
    ids=["9**9**9", "higher", "exponent", "digits", "signs", "small"],
)
def test_enormous_numbers_are_only_infinite(text: str, expected: float) -> None:
    assert value(text) == expected


def test_the_deepest_formula_is_read_from_a_deep_stack() -> None:
    """A student must not be able to bring Python to its recursion limit."""

    def deepest(levels: int) -> str:
        return "sin(" * levels + "x" + ")" * levels

    allowed = 0
    for levels in range(1, 200):
        try:
            parse_formula(deepest(levels), LANGUAGE)
        except FormulaError:
            break
        allowed = levels
    assert 20 <= allowed < 199

    def called_from(frames: int) -> float:
        return value(deepest(allowed)) if frames == 0 else called_from(frames - 1)

    assert -1 <= called_from(400) <= 1


@given(st.text(max_size=60) | st.text("xyw123.+-*/^()<>=, 'σ²ᵀ", max_size=40))
def test_any_text_is_a_formula_of_known_names_or_is_none(text: str) -> None:
    with contextlib.suppress(FormulaError):
        assert parse_formula(text, LANGUAGE).symbols <= {*VALUES, *FUNCTIONS, *BUILT_IN, "pi", "e"}


def test_a_dropped_name_is_gone_in_every_spelling() -> None:
    language = LANGUAGE.without(["y_hat", "sigma_prime"])
    for text in ("y_hat", "ŷ", "yhat", "2ŷ", "xyhat", "s'(x)", "σ'(x)", "sigma_prime(x)"):
        with pytest.raises(FormulaError):
            parse_formula(text, language)
    assert parse_formula("sigma(x)", language).symbols == {"sigma", "x"}


def test_names_joined_are_a_product_only_where_there_is_one_way_to_cut_them() -> None:
    language = Language.of(dict.fromkeys(("a", "b", "ab", "c"), ()), {})
    assert parse_formula("ab", language).name == "ab"
    assert parse_formula("bc", language).symbols == {"b", "c"}
    with pytest.raises(FormulaError, match="'abc' is not known"):
        parse_formula("abc", language)


@pytest.mark.parametrize(
    "language",
    [
        Language.of({"e": (), "x": ()}, {}),
        Language.of({"energy": ("e",), "x": ()}, {}),
        Language.of({"x": ()}, {}, hidden=["e"]),
        Language.of({"x": ()}, {"e": ()}),
        Language.of({"e": (), "x": ()}, {}).without(["e"]),
    ],
    ids=["symbol", "spelling", "elsewhere", "function", "dropped"],
)
def test_a_declared_e_is_never_eulers(language: Language) -> None:
    with contextlib.suppress(FormulaError):
        assert parse_formula("e", language).head == "symbol"
    assert parse_formula("exp(1) pi x", language).symbols == {"exp", "pi", "x"}


def test_all_names_of_a_formula_are_known() -> None:
    assert parse_formula("x + σ(2 ŷ) + sin(z1)", LANGUAGE).symbols == {
        *("x", "sigma", "y_hat", "sin", "z1"),
    }


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("dy/dx = x^2", "x^2"),
        ("f(x) = x^2", "x^2"),
        ("x^{2}", "x^2"),
        ("x∙x", "x*x"),
        ("x•x", "x*x"),
        ("x\u200b*x", "x*x"),
        ("π x", "pi x"),
    ],
)
def test_what_students_write_besides_is_understood(written: str, plain: str) -> None:
    language = Language.of({"x": ()}, {})
    assert parse_formula(written, language) == parse_formula(plain, language)


@pytest.mark.parametrize("text", ["x == 2", "x <= 2", "x >= 2"])
def test_a_comparison_is_no_naming(text: str) -> None:
    assert parse_formula(text, Language.of({"x": ()}, {})).head == text.split()[1]


@pytest.mark.parametrize("text", ["y = ", "x = x = x", "= "])
def test_naming_alone_is_no_formula(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(text, Language.of({"x": ()}, {}))


def test_a_name_of_something_else_is_no_product_of_letters() -> None:
    language = Language.of({"a": (), "b": (), "c": (), "d": ()}, {}, hidden=["abc"])
    assert parse_formula("abd", language).symbols == {"a", "b", "d"}
    with pytest.raises(FormulaError, match="'abc' is not known"):
        parse_formula("abc", language)


def test_a_declared_function_comes_before_a_built_in_one() -> None:
    class Own(OnePoint):
        def function(self, name: str) -> Any:
            return lambda *values: sum(values) + 100 * bool(name)

    for name in ("norm", "sum", "sec", "inv", "dot", "square", "power", "tr"):
        formula = parse_formula(f"{name}(x)", Language.of({"x": ()}, {name: ()}))
        assert float(formula_values(formula, Own())[0]) == 103
    for name in ("norm", "sum", "tr", "sec"):
        assert parse_formula(name, Language.of({name: ()}, {})).head == "symbol"
