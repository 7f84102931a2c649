"""When two numbers count as equal, as the spec writes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["DEFAULT_TOLERANCE", "Tolerance", "ToleranceError"]

_BOUNDS = ("rtol", "atol")
_MODES = ("decimals", "sigfigs", "published", "interval", "exact", "ulp")
_SWITCHES = ("strict", "published", "exact", "unordered", "up_to_sign", "proportional")
_DTYPES = ("float32", "float64")
_NORMS = ("1", "2", "inf")
_SCALES = ("entry", "rms", "max")

_DTYPE = "float64"  #: whose last place is counted where a spec does not say
_IMPRECISE = Fraction(1, 2)  #: credit for too few digits where a spec does not say

#: What a key goes with: one of these modes must be given beside it.
_GOES_WITH = {
    "strict": ("decimals", "sigfigs"),
    "imprecise_credit": ("decimals", "sigfigs", "published"),
    "dtype": ("ulp",),
    "norm": _BOUNDS,
    "scale": ("rtol",),
    "unordered": (*_BOUNDS, "decimals", "sigfigs", "published", "exact", "ulp"),
    "up_to_sign": (*_BOUNDS, "decimals", "sigfigs", "published", "exact", "ulp"),
    "proportional": _BOUNDS,
}

#: What a key cannot stand beside, and why.
_NOT_BESIDE = (
    ("norm", "scale", "a norm is already taken of the whole array"),
    ("norm", "unordered", "a norm compares entry with entry, in their order"),
    ("unordered", "up_to_sign", "it would be unclear whose sign is free"),
    ("unordered", "proportional", "it would be unclear what is a multiple of what"),
    ("up_to_sign", "proportional", "any multiple may be negative anyway"),
)
_KEYS = frozenset({*_BOUNDS, *_MODES, *_GOES_WITH})


class ToleranceError(ValueError):
    """A tolerance that makes no sense. The message is one sentence for the author."""


def _exact(key: str, number: object) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, int | float):
        msg = f"{key} must be a number"
        raise ToleranceError(msg)
    if isinstance(number, int):
        return Fraction(int(number))
    if not math.isfinite(number):
        msg = f"{key} must be finite"
        raise ToleranceError(msg)
    # The shortest decimal is what the author typed: 0.05 means exactly five hundredths.
    return Fraction(repr(float(number)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """One way of comparing an actual number or array with an expected one, e.

    Exactly one mode is set: a bound `max(atol, rtol·|e|)` (PEP 485 with e known), `decimals`,
    `sigfigs`, `published`, `interval`, `exact` or `ulp`. All bounds are inclusive and exact: they
    are kept as fractions of the decimals that the author typed. `norm`, `scale`, `unordered`,
    `up_to_sign` and `proportional` say how an array is compared; a single number has no use
    for them.
    """

    rtol: Fraction | None = None
    atol: Fraction | None = None
    decimals: int | None = None
    sigfigs: int | None = None
    strict: bool = False  #: exactly that many digits
    published: bool = False  #: half a unit of the last digit that the expected value was typed with
    interval: tuple[Fraction, Fraction] | None = None
    exact: bool = False
    ulp: int | None = None  #: so many units in the last place of `dtype`, at the expected value
    dtype: str = _DTYPE  #: float32 or float64
    norm: str | None = None  #: 1, 2 or inf: of the difference, beside that of the expected array
    scale: str | None = None  #: what rtol is taken of: entry, rms or max; None: see `compare`
    unordered: bool = False  #: the rows, or the numbers of a flat list, in any order
    up_to_sign: bool = False  #: e or -e, as a whole
    proportional: bool = False  #: any multiple but zero, as a whole
    imprecise_credit: Fraction = _IMPRECISE

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Tolerance:
        """Build a tolerance from the keys of a spec, such as `{"rtol": 1e-6}`.

        Raises ToleranceError for unknown keys, mixed modes, keys that do not go together, and
        bounds that are negative or not finite.
        """
        unknown = sorted(set(spec) - _KEYS)
        if unknown:
            msg = f"unknown key {unknown[0]!r} in a tolerance"
            raise ToleranceError(msg)
        for key in _SWITCHES:
            if not isinstance(spec.get(key), bool | None):
                msg = f"{key} must be true or false"
                raise ToleranceError(msg)
        # `decimals: 0` is a mode, although 0 == False.
        given = {key for key in spec if spec[key] is not None and spec[key] is not False}
        modes = [key for key in _MODES if key in given]
        bounds = [key for key in _BOUNDS if key in given]
        if len(modes) + bool(bounds) != 1:
            named = ", ".join(bounds + modes) or "nothing"
            known = ", ".join(_MODES)
            msg = f"a tolerance is rtol and atol, or one of {known}; this one gives {named}"
            raise ToleranceError(msg)
        _check_together(given)
        return cls(
            rtol=_bound(spec, "rtol"),
            atol=_bound(spec, "atol"),
            decimals=_whole(spec, "decimals", least=0, most=30),
            sigfigs=_whole(spec, "sigfigs", least=1, most=30),
            strict="strict" in given,
            published="published" in given,
            interval=_interval(spec),
            exact="exact" in given,
            ulp=_whole(spec, "ulp", least=1, most=10**6),
            dtype=_one_of(spec, "dtype", _DTYPES) or _DTYPE,
            norm=_one_of(spec, "norm", _NORMS),
            scale=_one_of(spec, "scale", _SCALES),
            unordered="unordered" in given,
            up_to_sign="up_to_sign" in given,
            proportional="proportional" in given,
            imprecise_credit=_credit(spec),
        )

    @property
    def judges_digits(self) -> bool:
        """Whether the number of digits typed is judged beside the value."""
        return self.decimals is not None or self.sigfigs is not None or self.published

    @property
    def is_distance(self) -> bool:
        """Whether it bounds how far away a number may be, whatever its digits."""
        return self.rtol is not None or self.atol is not None

    @property
    def judges_whole(self) -> bool:
        """Whether an array is judged as a whole rather than entry by entry."""
        return self.norm is not None or self.unordered or self.up_to_sign or self.proportional


def _check_together(given: set[str]) -> None:
    for key, modes in _GOES_WITH.items():
        if key in given and not given.intersection(modes):
            msg = f"{key} goes with {_listed(modes)}"
            raise ToleranceError(msg)
    for one, other, why in _NOT_BESIDE:
        if one in given and other in given:
            msg = f"{one} does not go with {other}: {why}"
            raise ToleranceError(msg)


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _bound(spec: Mapping[str, Any], key: str) -> Fraction | None:
    if spec.get(key) is None:
        return None
    bound = _exact(key, spec[key])
    if bound < 0:
        msg = f"{key} must not be negative"
        raise ToleranceError(msg)
    if key == "rtol" and bound > 1:
        msg = "rtol above 1 accepts zero and the wrong sign"
        raise ToleranceError(msg)
    return bound


def _whole(spec: Mapping[str, Any], key: str, *, least: int, most: int) -> int | None:
    number = spec.get(key)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        msg = f"{key} must be a whole number from {least} to {most}"
        raise ToleranceError(msg)
    return int(number)


def _one_of(spec: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str | None:
    word = spec.get(key)
    if word is None:
        return None
    # A norm is a word or a number: 1, 2, inf.
    is_word = isinstance(word, str | int) and not isinstance(word, bool)
    if not is_word or str(word) not in words:
        msg = f"{key} must be {_listed(words)}"
        raise ToleranceError(msg)
    return str(word)


def _interval(spec: Mapping[str, Any]) -> tuple[Fraction, Fraction] | None:
    pair = spec.get("interval")
    if pair is None:
        return None
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        msg = "interval must be [low, high]"
        raise ToleranceError(msg)
    low, high = (_exact("interval", end) for end in pair)
    if low > high:
        msg = "the interval's low end is above its high end"
        raise ToleranceError(msg)
    return low, high


def _credit(spec: Mapping[str, Any]) -> Fraction:
    if "imprecise_credit" not in spec:
        return _IMPRECISE
    credit = _exact("imprecise_credit", spec["imprecise_credit"])
    if not 0 <= credit <= 1:
        msg = "imprecise_credit must lie between 0 and 1"
        raise ToleranceError(msg)
    return credit


DEFAULT_TOLERANCE = Tolerance(rtol=Fraction(1, 10**6), atol=Fraction(1, 10**9))
