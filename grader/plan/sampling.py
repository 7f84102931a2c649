"""Draw random values from domains, the same ones on every machine and with every version."""

from __future__ import annotations

import math
import random

import numpy as np

from grader.model.assignment import Domain, Drawn
from grader.model.value import Value

__all__ = ["draw", "generator"]


def generator(*names: object) -> random.Random:
    """A generator seeded by names; `random.Random` keeps its sequence between Python versions."""
    return random.Random(":".join(map(str, names)))  # noqa: S311 - reproducible on purpose


def draw(domain: Drawn, source: random.Random) -> Value:
    """One value: an int, a float, an array of floats where the domain has a shape, or a mapping of
    such values, drawn in the order of their names."""
    if not isinstance(domain, Domain):
        drawn = {name: draw(one, source) for name, one in sorted(domain.items())}
        return {name: drawn[name] for name in domain}
    if domain.shape:
        count = math.prod(domain.shape)
        flat = [_number(domain, source) for _ in range(count)]
        return np.array(flat, dtype=np.float64).reshape(domain.shape)
    return _number(domain, source)


def _number(domain: Domain, source: random.Random) -> int | float:
    number: int | float
    if domain.integers:
        number = source.randint(int(domain.low), int(domain.high))
    else:
        number = source.uniform(domain.low, domain.high)
    return -number if domain.signed and source.random() < 0.5 else number
