"""Is an array a multiple of the right one? Then it has the right direction."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.complexes import modulus, parts_of
from grader.compare.entries import Entries
from grader.compare.number import as_float, exact
from grader.compare.screen import Floats
from grader.model.fact_marking import Detail
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["not_a_multiple", "on_the_scale_of"]


def on_the_scale_of(keys: Entries, given: Entries) -> Entries | None:
    """The given numbers divided by λ, where λe is the multiple of the key nearest to them.

    λ = ⟨e, a⟩ / ⟨e, e⟩ minimises ‖a − λe‖ (least squares). Beside a complex key λ is complex, since
    an eigenvector is right with any phase. None where λ is zero, or so small that
    the numbers become infinite: there is no multiple near, and of a vector of zeros there never is.
    All numbers must be finite. It is computed in floating point, so that the result counts as
    computed. Raises ValueError where the key is a single number or nothing but zeros: those have
    no direction.
    """
    if not keys.shape:
        msg = "a single number has no direction: every other is a multiple of it"
        raise ValueError(msg)
    (a, _), (e, largest) = _to_size_one(given), _to_size_one(keys)
    length = _dot(e, e).real
    if not length:
        msg = "nothing but zeros has no direction"
        raise ValueError(msg)
    multiple = _dot(a, e) / length
    if multiple == 0.0:
        return None
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        scaled: Floats = a / multiple * largest  # type: ignore[assignment]  # or complex
    if not np.isfinite(scaled).all():
        return None
    return Entries(keys.shape, scaled, scaled, scaled.dtype.kind == "c")


def not_a_multiple(given: Entries, actual: Value, compared: Comparison | None) -> Comparison:
    """The refusal of a vector as a whole: none of its entries is wrong by itself."""
    if not any(any(map(exact, parts_of(given[position]))) for position in range(len(given))):
        return Comparison(
            verdict=Verdict.INCORRECT, reason=Reason.NO_DIRECTION, actual=actual, wrong=1
        )
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        actual=actual,
        difference=compared.difference if compared else None,
        allowed=compared.allowed if compared else None,
        wrong=1,
        detail=Detail(scaled=compared is not None),
    )


def _to_size_one(entries: Entries) -> tuple[Floats, float]:
    """The numbers divided by the largest of them, whatever its size, and the largest."""
    floats = entries.floats
    if floats is not None:
        largest = float(np.abs(floats).max(initial=0.0))
        return floats / (largest or 1.0), largest
    numbers = [entries[position] for position in range(len(entries))]
    most = max(map(modulus, numbers), default=Fraction(0))
    if not entries.are_complex:
        exacts = [exact(number) for number in numbers]  # type: ignore[arg-type]  # they are real
        return np.array([float(one / most) if most else 0.0 for one in exacts]), as_float(most)
    parts = [[float(exact(part) / (most or 1)) for part in parts_of(one)] for one in numbers]
    return np.array([complex(*both) for both in parts]), as_float(most)


def _dot(one: Floats, other: Floats) -> complex:
    """⟨other, one⟩: the second is conjugated."""
    products = one * np.conj(other)
    if products.dtype.kind != "c":
        return math.fsum(products.tolist())
    return complex(math.fsum(products.real.tolist()), math.fsum(products.imag.tolist()))
