"""Numerical differentiation is told from a derivation, in whatever words it is written."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.formula import Language, is_difference_quotient, parse_formula

Text: TypeAlias = Callable[[str], str]  #: a formula of x, with something in the place of x


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _symbols() -> dict[str, Any]:
    rng = np.random.default_rng(7)

    def signed(low: float, high: float) -> Any:
        return rng.uniform(low, high, 24) * rng.choice([-1, 1], 24)

    found = {name: signed(0.3, 2) for name in ("x", "w1", "w2", "w3", "w4")}
    found |= {"y": signed(0.3, 2), "u": signed(4, 9), "m": rng.uniform(0.1, 1, 24)}
    found |= {"v": rng.uniform(0.1, 2, 24), "big": rng.uniform(2, 5, 24)}
    found["z1"] = found["w1"] * found["x"]
    found["a1"] = sigma(found["z1"])
    found["y1"] = sigma(found["w2"] * found["a1"])
    return found


SYMBOLS = _symbols()
LANGUAGE = Language.of(dict.fromkeys(SYMBOLS, ()), {"sigma": ("s", "σ"), "sigma_prime": ("s'",)})


class Table:
    labels = tuple("p" * 24)

    def symbol(self, name: str) -> Any:
        return SYMBOLS[name]

    def function(self, name: str) -> Any:
        return {"sigma": sigma, "sigma_prime": lambda z: sigma(z) * (1 - sigma(z))}[name]


SAMPLES = Table()


def is_quotient(text: str) -> bool:
    return is_difference_quotient(parse_formula(text, LANGUAGE), SAMPLES)


def chain(x: str) -> str:
    return f"s(w4*s(w3*s(w2*s(w1*({x})))))"


def spelled_out(x: str) -> str:
    return f"1/(1 + exp(-w2/(1 + exp(-w1*({x})))))"


@pytest.mark.parametrize(
    "text",
    [
        f"({chain('x+1e-5')} - {chain('x-1e-5')})/2e-5",
        f"({chain('x*(1+1e-5)')} - {chain('x*(1-1e-5)')})/(2e-5*x)",
        f"({chain('x+w1/1e5')} - {chain('x-w1/1e5')})/(2*w1/1e5)",
        f"1e5*({chain('x+1e-5')} - {chain('x-1e-5')})/2",
        f"{chain('x+1e-5')}/2e-5 - {chain('x-1e-5')}/2e-5",
        f"{chain('x+1e-5')}*5e4 + {chain('x-1e-5')}*(-5e4)",
        f"w4*s'(z1)*({chain('x+1/100000')} - {chain('x-1/100000')})/(2/100000)",
        f"a1*log({chain('x+1e-5')}/{chain('x-1e-5')})/2e-5",
        "(s(w2*s(w1*(x+1e-7))) - y1)/1e-7",
        "(s(w2*s(w1*x+1e-7)) - s(w2*a1))*1e7",
        "y1*(1 - s(w2*s(w1*(x-1e-7)))/y1)/1e-7",
        f"({spelled_out('x+1e-5')} - s(w2*s(w1*(x-1e-5))))/2e-5",
        "(1/(1 + exp(-x-1e-5)) - 1/(1 + exp(-x+1e-5)))/2e-5",
        "((x+1e-5)^2 + (x+1e-5)*y + 6*y^2 - (x-1e-5)^2 - (x-1e-5)*y - 6*y^2)/2e-5",
        "((x+1e-5)*(x+1e-5) - x*x)/1e-5",
        "((x+1e-5)^2 - x*x)/1e-5",
        "((x+1.00001)^2 - (x+1)^2)/1e-5",
        "(x*1.00001 - x)/0.00001",
        "(w1*(x+1e-6) - z1)/1e-6",
        "(max(0, x+1e-5) - max(0, x-1e-5))/2e-5",
        "|(s(x+1e-5) - s(x-1e-5))/2e-5|",
        "where(1 < 2, (s(x+1e-5) - s(x-1e-5))/2e-5, 0)",
        "(exp(x)*(1+1e-7) - exp(x))*1e7",
        "(4*(s(x+0.01) - s(x-0.01))/0.02 - (s(x+0.02) - s(x-0.02))/0.04)/3",
        "(s(z1*1.2) - s(z1*0.8))/0.4",
        # the difference in a logarithm, an exponential or a power
        "exp(log(s(x+1e-5) - s(x-1e-5)) + log(50000))",
        "exp(log(s(x+1e-5) - s(x-1e-5)) - log(0.00002))",
        "e^(log(s(x+1e-5) - s(x-1e-5)) + 10.8)",
        "exp(2*log(s(x+1e-5) - s(x-1e-5)) + 20)/1e-4",
        "(exp(s(x+1e-5))*exp(-s(x-1e-5)) - 1)/2e-5",
        "log(e^(s(x+1e-6)*500000)/e^(s(x-1e-6)*500000))",
        "s(x)*log((s(x+1e-6)/s(x-1e-6))^500000)",
        # hidden by an even or odd function
        "(s(x+1e-5) + s(-(x-1e-5)) - 1)/2e-5",
        "(s(x+1e-5)*s(y) + s(x+1e-5)*s(-y) - s(x))/1e-5",
        "(0.5 + 0.5*tanh((x+1e-5)/2) - s(x-1e-5))/2e-5",
        "(sin(x+1e-6) + sin(-x+1e-6))*5e5",
        "(cos(w1*(x+0.1)) - cos(-w1*(x-0.1)))/0.2",
        "(tanh(w1*(x+0.1)) + tanh(-w1*(x-0.1)))/0.2",
        "(s(x-0.22) + 8*s(0.11-x) + 8*s(x+0.11) + s(-x-0.22) - 9)/1.32",
        # the step is any small number
        "(s(x+2^-20) - s(x-2^-20))*2^19",
        "(s(x+0.5^20) - s(x))/0.5^20",
        "(s(x+1/99999) - s(x-1/99999))*99999/2",
        "(s((1+1e-6)*x) - s(x))/(1e-6*x)",
        "0.5*(s(x+1e-5) - s(x))/1e-5 + 0.5*(s(x) - s(x-1e-5))/1e-5",
        # of a straight line nothing else is left
        "((x+1e-6)*y - x*y)/1e-6",
        "((x+1e-3)/y - x/y)/1e-3 + 1",
        "1e6*(y*(x+1e-6)/big - y*x/big)",
    ],
)
def test_a_difference_quotient_is_one_however_it_is_written(text: str) -> None:
    assert is_quotient(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 - tanh(u)^2",
        "4*(1 - tanh(u)^2)",
        "5*(tanh(u) - tanh(u)^3)",
        "m/(sqrt(v) + 1e-8)",
        "1.05*x - x",
        "(x - 0.9*x)/2",
        "10*(x - 0.9*x)",
        "(m - 0.9*m)/(1 - 0.9)",
        "(x - 0.999*x)/(1 - 0.999)",
        "2*(1/(big-1) - 1/(big+1))",
        "(w1 - (w1 - 0.05*x))/0.05",
        "2*(w1 - 0.05*x) - 2*w1",
        "a1*(1 - a1)*w1",
        "20*(a1 - a1^2)*w1",
        "3*x^2 - 2*x^3",
        "20*(x^21 - x^20)",
        "(x - y)/0.1",
        "(s(w1*x) - s(w2*x))*3",
        "5*(sin(x+y) - sin(x-y))",
        "(exp(x) - exp(-x))/(exp(x) + exp(-x))",
        "exp(-x)/(1 + exp(-x))^2",
        "8*x*(s(x) - 0.5)",
        "4*x*(1 - s(x)) - 4*x*(1 - s(y))",
        "w1*w2*s'(z1)*s'(w2*a1)",
        "exp(log(x) - log(0.1))",
        "exp(log(a1) + log(1-a1) + log(20))*w1",
        "exp(m*log(v))/0.1",
        "0.1*exp(2*log(big))/0.01",
        "exp(-0.5*x^2)*exp(-0.5*y^2)/0.1",
        "log(exp(x)/exp(y))/0.1",
        "10*log(x^2/y^2)",
        "5*(sin(y)^2 + cos(y)^2)*x",
        "5*(x + sin(y)^2 + cos(y)^2 - 1 - 0.999*x)",
        "2*(cosh(x)^2 - sinh(x)^2)*x",
        "5*(sin(x+y) + sin(-x+y))",
        "5*(cos(x+y) - cos(x-y))",
        "5*(s(w1*x) + s(-w1*x))",
        "5*(1 - s(x) - s(-y))",
        "(1 - s(x))*(1 - s(-x))*20",
        "5*(s(x) - 0.5 - tanh(x/2)/2 + x)",
        "(log(1+exp(x)) - log(1+exp(-x)))*10",
        "(w1 - (w1 - 0.001*x))/0.001",
        "5*((1+m)*x - m*x)",
    ],
)
def test_an_honest_difference_is_none(text: str) -> None:
    assert not is_quotient(text)


# -- random functions of x, their derivatives by the rules, and quotients of them -----------------


class Function:
    """A formula of x beside its derivative, both as texts."""

    def __init__(self, text: Text, slope: Text) -> None:
        self.text, self.slope = text, slope


def _through(name: str, slope: str, inner: Function) -> Function:
    """`slope` has the argument as {z}."""
    return Function(
        lambda x: f"{name}({inner.text(x)})",
        lambda x: f"{slope.format(z=inner.text(x))}*({inner.slope(x)})",
    )


def _grown(children: st.SearchStrategy[Function]) -> st.SearchStrategy[Function]:
    names = st.sampled_from(["w1", "w2", "y"])
    numbers = st.sampled_from(["3", "0.5", "w1"])
    called = st.sampled_from(
        [
            ("s", "s'({z})"),
            ("s", "s({z})*(1 - s({z}))"),
            ("tanh", "(1 - tanh({z})^2)"),
            ("sin", "cos({z})"),
            ("cos", "(-sin({z}))"),
        ]
    )

    def scaled(name: str, one: Function) -> Function:
        return Function(lambda x: f"{name}*({one.text(x)})", lambda x: f"{name}*({one.slope(x)})")

    def shifted(name: str, one: Function) -> Function:
        return Function(lambda x: f"({one.text(x)} + {name})", one.slope)

    def product(one: Function, other: Function) -> Function:
        return Function(
            lambda x: f"({one.text(x)})*({other.text(x)})",
            lambda x: f"({one.slope(x)})*({other.text(x)}) + ({one.text(x)})*({other.slope(x)})",
        )

    def minus(one: Function, name: str) -> Function:
        return Function(
            lambda x: f"({one.text(x)} - w3*{name}*({x})^2)",
            lambda x: f"({one.slope(x)} - 2*w3*{name}*({x}))",
        )

    return st.one_of(
        st.builds(lambda call, one: _through(call[0], call[1], one), called, children),
        st.builds(
            lambda call, number, one: _through(call[0], call[1], scaled(number, one)),
            called,
            numbers,
            children,
        ),
        st.builds(scaled, names, children),
        st.builds(shifted, numbers, children),
        st.builds(product, children, children),
        st.builds(minus, children, names),
    )


_X = Function(lambda x: f"({x})", lambda _: "1")
# A sum of x and a number is none: there is no function left whose difference could be taken.
FUNCTIONS = st.recursive(_grown(st.just(_X)), _grown, max_leaves=3).filter(
    lambda one: set("*hns") & set(one.text("x")) and len(one.text("x")) < 200
)
#: places in steps, and weights, of what is divided by the step
STENCILS = {
    "forward": {1: 1.0, 0: -1.0},
    "backward": {0: 1.0, -1: -1.0},
    "central": {1: 0.5, -1: -0.5},
    "three points on one side": {0: -1.5, 1: 2.0, 2: -0.5},
    "five": {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12},
    "seven": {-3: -1 / 60, -2: 9 / 60, -1: -45 / 60, 1: 45 / 60, 2: -9 / 60, 3: 1 / 60},
}
STEPS = {
    "1e-5": 1e-5,
    "1/3000": 1 / 3000,
    "0.011": 0.011,
    "0.11": 0.11,
    "0.2": 0.2,
    "w1/1e5": None,
    "x*1e-4": None,
}


def _quotient(function: Function, stencil: str, step: str, form: str) -> str:
    """A stencil over a step, written in one of several ways."""
    width = STEPS[step]

    def place(count: int) -> str:
        if count == 0:
            return "x"
        folded = width is not None and form == "folded"
        size = f"{abs(count) * (width or 0)!r}" if folded else f"{abs(count)}*({step})"
        return f"x {'+' if count > 0 else '-'} {size}"

    terms = [(weight, function.text(place(count))) for count, weight in STENCILS[stencil].items()]
    if form == "apart":
        return " + ".join(f"({weight!r})*({text})/({step})" for weight, text in terms)
    total = " + ".join(f"({weight!r})*({text})" for weight, text in terms)
    if form == "times" and width is not None:
        return f"({1 / width!r})*({total})"
    return f"({total})/({step})"


@given(
    FUNCTIONS,
    st.sampled_from(sorted(STENCILS)),
    st.sampled_from(sorted(STEPS)),
    st.sampled_from(["over", "apart", "times", "folded"]),
)
def test_a_quotient_of_any_function_is_found(
    function: Function, stencil: str, step: str, form: str
) -> None:
    assert is_quotient(_quotient(function, stencil, step, form))


@given(FUNCTIONS)
def test_a_derivative_by_the_rules_is_no_quotient(function: Function) -> None:
    assert not is_quotient(function.slope("x"))


def test_after_so_many_looks_no_more_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"({spelled_out('x+1e-5')} - {spelled_out('x-1e-5')})/2e-5"
    assert is_quotient(text)
    monkeypatch.setattr(import_module(is_difference_quotient.__module__), "_LOOKS", 0)
    assert not is_quotient(text)


@pytest.mark.slow
def test_a_long_sum_ends_in_time() -> None:
    assert not is_quotient("-".join(f"{n}*s({n}*x*w1)" for n in range(2, 90)))
