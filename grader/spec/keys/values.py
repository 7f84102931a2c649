"""Values that stand in many places of a spec: names, numbers, domains, tolerances."""

from __future__ import annotations

from grader.spec.keys.shapes import (
    Flag,
    IfShape,
    ListOf,
    LongForm,
    MapOf,
    Number,
    OneOf,
    Section,
    SpecKey,
    Text,
)

__all__ = [
    "BOUNDS",
    "CHARGE",
    "CREDIT",
    "DOMAIN",
    "DRAWN",
    "INSTANCE",
    "NAME",
    "NAMES",
    "ONE_OR_MORE_NAMES",
    "POINTS",
    "PYTHON_FILE",
    "SHARE",
    "SLUG",
    "SPELLINGS",
    "TOLERANCE",
]

NAME = Text(pattern=r"^[^\W\d]\w*$", shown="a name as in Python")
NAMES = ListOf(NAME, unique=True, shown="a list of names")
ONE_OR_MORE_NAMES = ListOf(NAME, least=1, unique=True, shown="a list of names")
SLUG = Text(pattern=r"^[a-z0-9][a-z0-9-]*$", shown="a text of `a` to `z`, digits and `-`")
PYTHON_FILE = Text(pattern=r"^[\w-]+\.py$", shown="a file name that ends in `.py`")

POINTS = Number(above=0, most=10000)
SHARE = Number(above=0)
CREDIT = Number(least=0, most=1)
AXES = OneOf(("exact", "lenient"))
CHARGE = OneOf(("each", "once"))
BOUNDS = ListOf(Number(or_null=True), least=2, most=2, shown="`[least, most]`, `null` for no bound")
_RANGE = ListOf(Number(), least=2, most=2, shown="`[low, high]`")
INSTANCE = MapOf(shown="a mapping of givens to values")
SPELLINGS = MapOf(
    ListOf(Text(shortest=1, longest=40)),
    shown="a mapping of names to lists of texts, each of 1 to 40 characters",
)

_DOMAIN = Section(
    "domain",
    "where a value is drawn from",
    (
        SpecKey("range", _RANGE, "any number between the two", rule="low is below high"),
        SpecKey(
            "integers",
            ListOf(Number(whole=True), least=2, most=2, shown="`[low, high]`, whole numbers"),
            "whole numbers, ends included",
            rule="low is not above high",
        ),
        SpecKey("signed", Flag(), "drawn, then given either sign", default=False),
        SpecKey(
            "shape",
            ListOf(Number(whole=True, least=1, most=1000), least=1, most=4),
            "lengths of the axes of an array",
            otherwise="a single number",
            rule="they make at most a million numbers",
        ),
        SpecKey(
            "also",
            ListOf(Number(), least=1, most=12),
            "formulas: values that are always among those sampled",
        ),
    ),
    rule="either `range` or `integers` is given",
)
DOMAIN = IfShape(_RANGE, _DOMAIN)
DRAWN = IfShape(_RANGE, LongForm(("range", "integers"), _DOMAIN))

_MODE = "exactly one mode is given: `rtol` and `atol`, or one of the keys down to `ulp`"
_NO_INTERVAL = "it goes with every mode but `interval`"

TOLERANCE = Section(
    "tolerance",
    "when two numbers count as equal",
    (
        SpecKey("rtol", Number(), "at most `rtol · |expected|` away", rule="it lies from 0 to 1"),
        SpecKey("atol", Number(), "at most so far away", rule="it is not negative"),
        SpecKey(
            "decimals",
            Number(whole=True),
            "within half a unit of this decimal",
            rule="it lies from 0 to 30",
        ),
        SpecKey(
            "sigfigs",
            Number(whole=True),
            "within half a unit of this significant figure",
            rule="it lies from 1 to 30",
        ),
        SpecKey(
            "strict",
            Flag(),
            "exactly that many digits",
            default=False,
            rule="it goes with `decimals` or `sigfigs`; it is not for functions",
        ),
        SpecKey(
            "published",
            Flag(),
            "within half a unit of the last digit that `expected` was typed with",
            default=False,
            rule="it needs `expected`; it is not for functions",
        ),
        SpecKey(
            "interval",
            _RANGE,
            "from low to high, ends included",
            rule="low is not above high",
        ),
        SpecKey("exact", Flag(), "equal", default=False),
        SpecKey(
            "ulp",
            Number(whole=True),
            "within so many units in the last place, measured at the expected number",
            rule="it lies from 1 to 1000000",
        ),
        SpecKey(
            "dtype",
            OneOf(("float32", "float64")),
            "whose last place `ulp` counts",
            default="float64",
            rule="it goes with `ulp`",
        ),
        SpecKey(
            "norm",
            OneOf((1, 2, "inf")),
            "`rtol` and `atol` bound this norm of the whole difference",
            rule="it goes with `rtol` or `atol`, and not with `scale` or `unordered`",
        ),
        SpecKey(
            "scale",
            OneOf(("entry", "rms", "max")),
            "what `rtol` of an entry of an array is taken of",
            otherwise="`max(|entry|, 0.01 · rms)`",
            rule="it goes with `rtol`, and not with `norm`",
        ),
        SpecKey(
            "unordered",
            Flag(),
            "the numbers of a list, or its rows, may come in any order",
            default=False,
            rule=f"{_NO_INTERVAL}, and not with `norm`, `up_to_sign` or `proportional`",
        ),
        SpecKey(
            "up_to_sign",
            Flag(),
            "the whole may have the opposite sign",
            default=False,
            rule=f"{_NO_INTERVAL}, and not with `unordered` or `proportional`",
        ),
        SpecKey(
            "proportional",
            Flag(),
            "any multiple is right, except zero times",
            default=False,
            rule="it goes with `rtol` or `atol`, and not with `unordered` or `up_to_sign`",
        ),
        SpecKey(
            "imprecise_credit",
            CREDIT,
            "credit for an answer right at its own coarser precision",
            default=0.5,
            rule="it goes with `decimals`, `sigfigs` or `published`",
        ),
    ),
    least=1,
    rule=f"{_MODE}; the bounds are not both zero, and fit the expected value",
    see="tolerances.md",
)
