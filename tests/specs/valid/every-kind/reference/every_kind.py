from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class _Point:
    x: float


def slope(x):
    return 2 * _Point(x).x


def half_seven():
    return 3.5


def square(x, /):
    return x**2


def path(square):
    return [[1, square(1)], [2, square(2)]]


def way():
    return "up"


def grid_sum(grid):
    return np.sum(grid)
