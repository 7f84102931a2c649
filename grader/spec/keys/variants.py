"""Keys of givens that are drawn for each student."""

from __future__ import annotations

from grader.spec.keys.shapes import Anything, ListOf, MapOf, Number, Section, SpecKey
from grader.spec.keys.values import NAME, ONE_OR_MORE_NAMES

__all__ = ["VARIANTS"]

_GIVEN = Section(
    "variant_given",
    "what a given is drawn from, for each student",
    (
        SpecKey("choice", ListOf(Anything(), least=2, most=1000), "one of these values"),
        SpecKey(
            "grid",
            ListOf(Number(), least=3, most=3, shown="`[low, high, step]`"),
            "low, low + step and so on, up to high",
            rule="low is below high, and the step is positive",
        ),
        SpecKey(
            "integer",
            ListOf(Number(whole=True), least=2, most=2, shown="`[low, high]`, whole numbers"),
            "a whole number, ends included",
            rule="low is below high",
        ),
        SpecKey(
            "uniform",
            ListOf(Number(), least=2, most=2, shown="`[low, high]`"),
            "any number between the two with so many `decimals`, ends included",
            rule="low is below high",
        ),
        SpecKey(
            "decimals",
            Number(whole=True, least=0, most=15),
            "places of a `uniform` number: what a student reads is what is computed with",
            otherwise="two",
            rule="it goes with `uniform`, and at least two such numbers lie in the range",
        ),
        SpecKey(
            "shape",
            ListOf(Number(whole=True, least=1, most=100), least=1, most=4),
            "lengths of the axes of an array, each number drawn by itself",
            otherwise="a single value",
            rule="it goes with numbers, at most 10000 of them",
        ),
    ),
    least=1,
    rule="exactly one of `choice`, `grid`, `integer` and `uniform` is given",
)

VARIANTS = Section(
    "variants",
    "givens that are drawn for each student",
    (
        SpecKey(
            "givens",
            MapOf(
                _GIVEN, names=NAME, least=1, shown="a mapping of givens to what they are drawn from"
            ),
            "what each of them is drawn from",
            required=True,
            rule="each is one of the assignment's `givens`, whose value there is that of examples",
        ),
        SpecKey(
            "where",
            ONE_OR_MORE_NAMES,
            "steps that must be true: givens of which one is not are drawn again",
            rule="each is a step without arguments, and computed from a given that is drawn",
        ),
    ),
    rule="there is a reference; what is stated and cannot follow a variant is refused",
    see="variants.md",
)
