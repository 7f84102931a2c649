"""The trapezoidal rule and Simpson's for ∫ exp(−x²) dx, and the order that halving shows."""

import numpy as np


def integrand(x, /):
    return np.exp(-(x**2))


def trapezoid(values, width, /):
    return width * (np.sum(values) - (values[0] + values[-1]) / 2)


def trapezoid_sum(panels, /, low, high, integrand, trapezoid):
    points = np.linspace(low, high, panels + 1)
    return trapezoid(integrand(points), (high - low) / panels)


def trapezoid_sums(panels, trapezoid_sum):
    return np.array([trapezoid_sum(panels), trapezoid_sum(2 * panels), trapezoid_sum(4 * panels)])


def simpson_sum(trapezoid_sums):
    """With 8 panels, from the sums with 4 and 8: (4 T8 − T4) / 3."""
    return (4 * trapezoid_sums[1] - trapezoid_sums[0]) / 3


def ratio(trapezoid_sums):
    coarse, middle, fine = trapezoid_sums
    return (coarse - middle) / (middle - fine)


def order(ratio):
    return np.round(np.log2(ratio))


# -- wrong ways: what stands in where a mistake of the assignment is tried


def trapezoid_with_full_ends(values, width, /):
    return width * np.sum(values)


def simpson_with_sums_exchanged(trapezoid_sums):
    return (4 * trapezoid_sums[0] - trapezoid_sums[1]) / 3
