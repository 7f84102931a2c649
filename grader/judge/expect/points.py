"""Draw the points of formulas: the same every time, with both signs where a domain has them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np

from grader.model.assignment import Domain
from grader.model.value import Value
from grader.plan.sampling import draw

__all__ = ["LEAST_OF_A_SIGN", "POINTS", "draw_points"]

POINTS = 24
LEAST_OF_A_SIGN = 3  # one may fall where the key is undefined


def draw_points(domains: Mapping[str, Domain], source: random.Random) -> list[dict[str, Value]]:
    """Values of all symbols with a domain, at every point.

    The values under `also` come first. Of every number whose domain has both signs, each sign is
    there at least three times: chance may leave out the narrow end of [-0.1, 2], and with it the
    formulas that are wrong there alone.
    """
    points = [
        {name: draw(domain, source) for name, domain in domains.items()} for _ in range(POINTS)
    ]
    for name, domain in domains.items():
        for point, number in zip(points, domain.also, strict=False):
            point[name] = np.full(domain.shape, number) if domain.shape else number
        ends = {sign: found for sign in (-1, 1) if (found := _ends(domain, sign)) is not None}
        if len(ends) < 2:
            continue
        for entry in np.ndindex(*domain.shape):
            numbers = [point[name][entry] if entry else point[name] for point in points]
            for position, sign in _changes(numbers, len(domain.also)).items():
                number = _between(ends[sign], domain.integers, source)
                if entry:
                    points[position][name][entry] = number
                else:
                    points[position][name] = number
    return points


def _changes(numbers: Sequence[float], fixed: int) -> dict[int, int]:
    """At which points which sign must replace another: the last points first, never a fixed one."""
    signs = [int(np.sign(number)) for number in numbers]
    changes: dict[int, int] = {}
    for sign in (-1, 1):
        for position in range(len(signs) - 1, fixed - 1, -1):
            if signs.count(sign) >= LEAST_OF_A_SIGN:
                break
            if signs[position] == 0 or signs.count(-sign) > LEAST_OF_A_SIGN:
                signs[position] = changes[position] = sign
    return changes


def _ends(domain: Domain, sign: int) -> tuple[float, float] | None:
    """The part of the domain that has the sign, or one of them."""
    low, high = domain.low, domain.high
    if domain.signed and sign * (high if sign > 0 else low) <= 0:
        low, high = -high, -low
    low, high = (max(low, 0.0), high) if sign > 0 else (low, min(high, 0.0))
    return (low, high) if low <= high and (low or high) else None


def _between(ends: tuple[float, float], integers: bool, source: random.Random) -> int | float:
    """A number other than zero, which has no sign."""
    low, high = ends
    if integers:
        return source.randint(int(low) or 1, int(high) or -1)
    return source.uniform(low, high) or low or high
