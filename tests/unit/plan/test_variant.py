"""Givens of a student: the same ones everywhere, whoever else is in the class."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.value import Value
from grader.model.variant import VariantGiven, Variants
from grader.plan.placeholders import filled, given_text, unknown_placeholders
from grader.plan.variant import (
    NoVariant,
    draw_given,
    draw_variant,
    variant_from,
    variant_text,
    with_givens,
)
from tests.build import assignment_of

SECRET = b"0123456789abcdef"
NAMES = st.text(min_size=1, max_size=8)
NUMBERS = st.builds(
    VariantGiven,
    low=st.fractions(min_value=-10, max_value=10, max_denominator=100),
    step=st.fractions(min_value=Fraction(1, 100), max_value=3, max_denominator=100),
    numbers=st.integers(2, 50),
    shape=st.sampled_from([(), (2,), (2, 3)]),
)
GIVENS = st.dictionaries(st.sampled_from("abcde"), NUMBERS, min_size=1)


def always(_givens: Mapping[str, Value]) -> None:
    """No condition."""


def drawn(variants: Variants, student: str, secret: bytes = SECRET) -> Mapping[str, Value]:
    return draw_variant(variants, secret, "homework", student, always)


@given(GIVENS, NAMES)
def test_the_same_student_gets_the_same(givens: dict[str, VariantGiven], student: str) -> None:
    variants = Variants(givens=givens)
    assert variant_text(drawn(variants, student)) == variant_text(drawn(variants, student))


@given(GIVENS, NAMES)
def test_another_given_changes_no_other(givens: dict[str, VariantGiven], student: str) -> None:
    whole = drawn(Variants(givens=givens), student)
    for name, one in givens.items():
        alone = drawn(Variants(givens={name: one}), student)
        assert variant_text(alone) == variant_text({name: whole[name]})


@given(NUMBERS, NAMES)
def test_all_draws_are_in_range(number: VariantGiven, student: str) -> None:
    value = np.asarray(draw_given(number, SECRET, "homework", "a", student))
    assert value.shape == number.shape
    allowed = {float(number.low + index * number.step) for index in range(number.numbers)}
    assert set(value.ravel().tolist()) <= allowed


@pytest.mark.parametrize("change", ["secret", "slug", "name", "student", "turn"])
def test_a_draw_hangs_on_each_of_its_names(change: str) -> None:
    number = VariantGiven(numbers=10**9)
    told: dict[str, Any] = {"secret": SECRET, "slug": "s", "name": "a", "student": "ada", "turn": 0}
    other: dict[str, Any] = {
        "secret": SECRET * 2,
        "slug": "t",
        "name": "b",
        "student": "bob",
        "turn": 1,
    }
    assert draw_given(number, **told) != draw_given(number, **(told | {change: other[change]}))


def test_umlauts_count_however_they_are_spelled() -> None:
    number = VariantGiven(numbers=10**9)
    one, other = (
        draw_given(number, SECRET, "s", "a", unicodedata.normalize(form, "jörg"))
        for form in ("NFC", "NFD")
    )
    assert one == other


def test_choices_are_about_equally_often_drawn() -> None:
    choice = VariantGiven(choices=("x", "y", "z"))
    found = Counter(draw_given(choice, SECRET, "s", "a", f"student {n}") for n in range(3000))
    assert set(found) == {"x", "y", "z"}
    assert all(900 < count < 1100 for count in found.values())


@given(NAMES)
def test_a_condition_holds_and_moves_only_what_it_hangs_on(student: str) -> None:
    variants = Variants(
        givens={"a": VariantGiven(numbers=100, whole=True), "b": VariantGiven(numbers=100)}
    )

    def unmet(givens: Mapping[str, Value]) -> tuple[str, set[str]] | None:
        return None if givens["a"] % 7 == 0 else ("not of seven", {"a", "something else"})

    found = draw_variant(variants, SECRET, "homework", student, unmet)
    assert found["a"] % 7 == 0
    assert found["b"] == drawn(variants, student)["b"]


@pytest.mark.parametrize("names", [{"a"}, {"nothing that is drawn"}])
def test_a_condition_that_is_never_true_ends(names: set[str]) -> None:
    variants = Variants(givens={"a": VariantGiven(numbers=5)})
    with pytest.raises(NoVariant, match="never"):
        draw_variant(variants, SECRET, "homework", "ada", lambda _: ("never", names))


@given(GIVENS, NAMES)
def test_a_variant_is_kept_as_it_is(givens: dict[str, VariantGiven], student: str) -> None:
    found = {**drawn(Variants(givens=givens), student), "name": "ü", "pairs": [[1, "x"], [2, "y"]]}
    again = variant_from(variant_text(found))
    assert again.keys() == found.keys()
    for name, value in found.items():
        assert type(again[name]) is type(value)
        assert np.array_equal(again[name], value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (4.0, "4"),
        (3, "3"),
        (1e-5, "1e-05"),
        (np.array([4.0, 1.5]), "[4, 1.5]"),
        (np.array([[1.0], [2.0]]), "[[1], [2]]"),
        ("relu", "relu"),
        (True, "True"),
        ({"a": 1.0}, "{a: 1}"),
    ],
)
def test_a_given_is_read_with_all_its_digits(value: Value, text: str) -> None:
    assert given_text(value) == text


def test_places_are_filled_and_others_stay() -> None:
    givens = {"start": np.array([4.0, 1.0]), "rate": 0.05}
    text = "{{ start[0] }} {{rate}} {{ start }} {{ start[2] }} {{ rat }} {% x %} { rate }"
    assert filled(text, givens) == "4 0.05 [4, 1] {{ start[2] }} {{ rat }} {% x %} { rate }"
    assert list(unknown_placeholders(f"a\n{text}", givens)) == [(2, 37, "start[2]"), (2, 52, "rat")]


def test_an_assignment_of_a_student_has_their_givens_alone() -> None:
    own = assignment_of(givens={"a": 1, "b": 2})
    assert with_givens(own, {"a": 3}).givens == {"a": 3, "b": 2}
    assert own.givens == {"a": 1, "b": 2}
