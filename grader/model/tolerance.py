"""When two numbers count as equal, as the spec writes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["DEFAULT_TOLERANCE", "Tolerance", "ToleranceError"]

_MODES = ("decimals", "sigfigs", "published", "interval", "exact")


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
    """One way of comparing an actual number with an expected number e.

    Exactly one mode is set: a bound `max(atol, rtol·|e|)` (PEP 485 with e known), `decimals`,
    `sigfigs`, `published`, `interval` or `exact`. All bounds are inclusive and exact: they are
    kept as fractions of the decimals that the author typed.
    """

    rtol: Fraction | None = None
    atol: Fraction | None = None
    decimals: int | None = None
    sigfigs: int | None = None
    strict: bool = False  #: exactly that many digits
    published: bool = False  #: half a unit of the last digit that the expected value was typed with
    interval: tuple[Fraction, Fraction] | None = None
    exact: bool = False
    imprecise_credit: Fraction = Fraction(1, 2)

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Tolerance:
        """Build a tolerance from the keys of a spec, such as `{"rtol": 1e-6}`.

        Raises ToleranceError for unknown keys, mixed modes, bounds that are negative or not finite.
        """
        unknown = sorted(set(spec) - {"rtol", "atol", "strict", "imprecise_credit", *_MODES})
        if unknown:
            msg = f"unknown key {unknown[0]!r} in a tolerance"
            raise ToleranceError(msg)
        for key in ("strict", "published", "exact"):
            if not isinstance(spec.get(key), bool | None):
                msg = f"{key} must be true or false"
                raise ToleranceError(msg)
        # `decimals: 0` is a mode, although 0 == False.
        modes = [key for key in _MODES if spec.get(key) is not None and spec[key] is not False]
        bounds = [key for key in ("rtol", "atol") if spec.get(key) is not None]
        if len(modes) + bool(bounds) != 1:
            given = ", ".join(bounds + modes) or "nothing"
            known = ", ".join(_MODES)
            msg = f"a tolerance is rtol and atol, or one of {known}; this one gives {given}"
            raise ToleranceError(msg)
        strict = bool(spec.get("strict", False))
        if strict and not {"decimals", "sigfigs"} & set(modes):
            msg = "strict goes with decimals or sigfigs"
            raise ToleranceError(msg)
        if "imprecise_credit" in spec and not {"decimals", "sigfigs", "published"} & set(modes):
            msg = "imprecise_credit goes with decimals, sigfigs or published"
            raise ToleranceError(msg)
        return cls(
            rtol=_bound(spec, "rtol"),
            atol=_bound(spec, "atol"),
            decimals=_digits(spec, "decimals", least=0),
            sigfigs=_digits(spec, "sigfigs", least=1),
            strict=strict,
            published=bool(spec.get("published", False)),
            interval=_interval(spec),
            exact=bool(spec.get("exact", False)),
            imprecise_credit=_credit(spec),
        )

    @property
    def judges_digits(self) -> bool:
        """Whether the number of digits typed is judged beside the value."""
        return self.decimals is not None or self.sigfigs is not None or self.published


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


def _digits(spec: Mapping[str, Any], key: str, *, least: int) -> int | None:
    number = spec.get(key)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= 30:
        msg = f"{key} must be a whole number from {least} to 30"
        raise ToleranceError(msg)
    return number


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
    credit = _exact("imprecise_credit", spec.get("imprecise_credit", 0.5))
    if not 0 <= credit <= 1:
        msg = "imprecise_credit must lie between 0 and 1"
        raise ToleranceError(msg)
    return credit


DEFAULT_TOLERANCE = Tolerance(rtol=Fraction(1, 10**6), atol=Fraction(1, 10**9))
