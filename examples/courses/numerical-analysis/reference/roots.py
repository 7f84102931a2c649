"""The root of f(x) = x³ − x − 2 between 1 and 2."""

import numpy as np


def f(x, /):
    return x**3 - x - 2


def slope(x, /):
    return 3 * x**2 - 1


def newton_step(f, slope, x, /):
    return x - f / slope


def newton_next(x, /, f, slope, newton_step):
    return newton_step(f(x), slope(x), x)


def newton_points(start, newton_next):
    points = [newton_next(start)]
    for _ in range(2):
        points.append(newton_next(points[-1]))
    return np.array(points)


def root(right, newton_next):
    point = right
    for _ in range(30):
        point = newton_next(point)
    return point


def bisection_points(left, right, f):
    return _bisected(left, right, f)


# -- wrong ways: what stands in where a mistake of the assignment is tried


def slope_without_one(x, /):
    return 3 * x**2


def newton_step_added(f, slope, x, /):
    return x + f / slope


def bisection_in_the_other_half(left, right, f):
    return _bisected(left, right, lambda x: -f(x))


def _bisected(left, right, f):
    points = []
    for _ in range(4):
        middle = (left + right) / 2
        points.append(middle)
        if f(middle) < 0:
            left = middle
        else:
            right = middle
    return np.array(points)
