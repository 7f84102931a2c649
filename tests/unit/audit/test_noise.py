"""How far a right answer strays when what it is computed from is rounded."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.audit.noise import WAYS, noise, to_figures, to_float32
from grader.solver import Reference, load_reference

Load = Callable[[str], Reference]
NUMBERS = st.floats(-1e30, 1e30).filter(lambda number: number == 0 or abs(number) > 1e-30)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(source: str) -> Reference:
        path = tmp_path / "model.py"
        path.write_text("import numpy as np\n" + source, encoding="utf-8")
        return load_reference(path)

    return loaded


@pytest.mark.parametrize(
    ("number", "figures", "rounded"),
    [
        (1234.5, 3, 1230.0),
        (-0.00012345, 4, -0.0001234),  # the float is a little less than the tie
        (0.125, 2, 0.12),
        (0.375, 2, 0.38),
        (2.675, 3, 2.67),  # times 100 it would be 267.5
        (9.996, 3, 10.0),
        (0.0, 3, 0.0),
        (1.5, 1, 2.0),
    ],
)
def test_a_number_is_rounded_to_significant_figures(
    number: float, figures: int, rounded: float
) -> None:
    assert to_figures(figures)(number) == rounded


@given(number=NUMBERS, figures=st.integers(1, 15))
def test_rounding_to_figures_is_that_of_the_exact_decimal(number: float, figures: int) -> None:
    context = Context(prec=figures, rounding=ROUND_HALF_EVEN)
    assert to_figures(figures)(number) == float(context.plus(Decimal(number)))


@given(number=NUMBERS)
def test_rounding_to_float32_strays_by_half_an_ulp_at_most(number: float) -> None:
    near = to_float32(number)
    assert near == np.float32(near)
    assert abs(near - number) <= abs(number) * 2.0**-24


@given(numbers=st.lists(NUMBERS, max_size=5), way=st.sampled_from(sorted(WAYS)))
def test_an_array_is_rounded_as_its_entries_are(numbers: list[float], way: str) -> None:
    rounded = WAYS[way]
    array = rounded(np.array(numbers))
    assert array.dtype == np.float64
    assert array.tolist() == rounded(numbers) == list(map(rounded, numbers))


@given(numbers=st.lists(NUMBERS, max_size=5), way=st.sampled_from(sorted(WAYS)))
def test_what_is_rounded_stays_when_rounded_again(numbers: list[float], way: str) -> None:
    once = WAYS[way](numbers)
    assert WAYS[way](once) == once


@pytest.mark.parametrize("way", sorted(WAYS))
def test_numbers_inside_values_are_rounded_and_everything_else_stays(way: str) -> None:
    rounded = WAYS[way]
    pi = rounded(np.pi)
    assert pi != np.pi
    value = {"a": [np.pi, 1234567, True, None, "3.14159"], "b": (np.pi, {"c": 1j * np.pi})}
    assert rounded(value) == {"a": [pi, 1234567, True, None, "3.14159"], "b": (pi, {"c": 1j * pi})}
    assert rounded(len) is len
    assert rounded(value)["a"][2] is True


@pytest.mark.parametrize(
    "value",
    [
        *(np.pi, 1j, np.float64(np.pi), np.float32(np.pi), np.int64(1234567), np.bool_(True)),
        *(np.full((2, 3), np.pi), np.full((), np.pi), np.ones((0, 2)), np.array([1234567])),
        *(np.array([np.pi], np.float32), np.array([1j * np.pi]), np.array([True]), np.array(["a"])),
    ],
    ids=repr,
)
@pytest.mark.parametrize("way", sorted(WAYS))
def test_types_and_shapes_stay(way: str, value: Any) -> None:
    near = WAYS[way](value)
    assert type(near) is type(value)
    assert (np.shape(near), np.asarray(near).dtype) == (np.shape(value), np.asarray(value).dtype)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_counts_are_not_rounded(way: str) -> None:
    assert WAYS[way](np.array([123456789])).tolist() == [123456789]


def test_an_array_is_not_rounded_in_place() -> None:
    array = np.array([np.pi])
    assert to_figures(3)(array)[0] == 3.14
    assert array[0] == np.pi


@pytest.mark.parametrize("way", sorted(WAYS))
def test_what_is_not_finite_stays(way: str) -> None:
    near = WAYS[way](np.array([np.inf, -np.inf, np.nan]))
    np.testing.assert_array_equal(near, [np.inf, -np.inf, np.nan])


@pytest.mark.parametrize("rounded", [to_float32, to_figures(1)])
def test_a_number_that_is_too_large_is_told(rounded: Callable[[Any], Any]) -> None:
    with pytest.raises(OverflowError):
        rounded([1.0, np.array([1.7e308])])


def test_a_number_has_one_figure_at_least() -> None:
    with pytest.raises(ValueError, match="at least one significant figure, not 0"):
        to_figures(0)


LINEAR = """
def first(a, x): return a * x
def second(b, y): return b * y
def total(first, second): return first + second
"""


def test_every_step_is_rounded_before_the_next_one_and_givens_are_not(load: Load) -> None:
    givens = {"a": 1.0, "x": 1.004, "b": 2.0, "y": 3.004}
    found = noise(load(LINEAR), givens, "total", {"3 figures": to_figures(3)})
    assert found == {"3 figures": 7.01}  # 1.00 + 6.01, where 7.012 would be the sum


_TERM = st.floats(0.01, 100) | st.floats(-100, -0.01)


@given(a=_TERM, x=_TERM, b=_TERM, y=_TERM)
def test_the_noise_of_a_linear_function_is_within_its_bound(
    tmp_path_factory: pytest.TempPathFactory, a: float, x: float, b: float, y: float
) -> None:
    """Each rounding strays by u of its number, and a sum hands on the errors of its terms."""
    path = tmp_path_factory.getbasetemp() / "linear.py"
    path.write_text(LINEAR, encoding="utf-8")
    found = noise(load_reference(path), {"a": a, "x": x, "b": b, "y": y}, "total")
    assert list(found) == list(WAYS)
    terms, total = abs(a * x) + abs(b * y), a * x + b * y
    for way, value in found.items():
        unit = 2.0**-24 if way == "float32" else 0.5 * 10.0 ** (1 - int(way[0]))
        bound = unit * terms + unit * (abs(total) + unit * terms)
        assert abs(value - total) <= bound + 8 * np.finfo(float).eps * terms


def test_more_figures_mean_less_noise(load: Load) -> None:
    source = "def w1(w): return w - 0.1 * np.sin(w)\ndef w2(w1): return w1 - 0.1 * np.sin(w1)\n"
    found = noise(load(source), {"w": 1.0}, "w2")
    w1 = 1.0 - 0.1 * np.sin(1.0)
    far = [abs(found[way] - (w1 - 0.1 * np.sin(w1))) for way in WAYS]
    assert list(WAYS) == ["float32", "6 figures", "5 figures", "4 figures", "3 figures"]
    assert far == sorted(far)
    assert 0 < far[0] < far[-1] < 1e-2


def test_a_change_in_the_number_of_steps_is_given_as_it_is(load: Load) -> None:
    source = """
def near(x, /): return 1 + x
def points(near):
    found = [1.0]
    while near(found[-1]) > 1.001:
        found.append(found[-1] / 2)
    return np.array(found)
"""
    found = noise(load(source), {}, "points")
    # 1 + 2⁻¹⁰ is the first sum below the bound; with three figures 1 + 2⁻⁸ is 1.00 already.
    assert (found["float32"].size, found["3 figures"].size) == (11, 9)


def test_a_function_step_comes_as_a_function_that_rounds(load: Load) -> None:
    found = noise(load("def f(x, /, k): return k * x\n"), {"k": 1.0}, "f")
    assert found["3 figures"](1.2345) == 1.23
    assert found["6 figures"](1.23456) == 1.23456


def test_a_way_in_which_the_step_fails_is_left_out(load: Load) -> None:
    source = "def big(): return 1e300\ndef gap(): return 1.004\n"
    source += "def f(big, gap): return big / (gap - 1)\n"
    # 1e300 is no float32, and 1.004 is 1 with three figures.
    assert list(noise(load(source), {}, "f")) == ["6 figures", "5 figures", "4 figures"]


@pytest.mark.slow
def test_a_way_in_which_the_step_never_ends_is_left_out(load: Load) -> None:
    source = """
def near(x, /): return 1 + x
def f(near):
    x = 1.0
    while near(x) != 1 + 2**-13:
        x = x / 2
    return x
"""
    # No sum of six figures is the one that is waited for.
    assert noise(load(source), {}, "f", lines=20_000) == {"float32": 2**-13}
