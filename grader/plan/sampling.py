"""Draw random values from domains, the same ones on every machine and with every version."""

from __future__ import annotations

import math
import random

import numpy as np

from grader.model.assignment import Domain
from grader.model.value import Value

__all__ = ["draw", "generator"]


def generator(*names: object) -> random.Random:
    """A generator seeded by names; `random.Random` keeps its sequence between Python versions."""
    return random.Random(":".join(map(str, names)))  # noqa: S311 - reproducible on purpose


def draw(domain: Domain, source: random.Random) -> Value:
    """One value: an int, a float, or an array of floats where the domain has a shape."""
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
