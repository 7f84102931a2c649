"""A chain of four sigmoid nodes with one weight each.

    a0 = x,    z_i = w_i a_{i-1},    a_i = s(z_i)    for i = 1, 2, 3, 4,    y = a4

The chain rule walks back from y and collects a factor s'(z_i) w_i at every node. Since
s' = s (1 − s) and u (1 − u) is largest at u = 1/2, each s' is at most 1/4, reached where
s(z) = 1/2, at z = 0.
"""

import numpy as np


def sigma(z, /):
    return 1 / (1 + np.exp(-z))


def slope_at_value(u, /):
    """s' where s has the value u."""
    return u * (1 - u)


def sigma_prime(z, /, sigma, slope_at_value):
    return slope_at_value(sigma(z))


def z1(w1, x):
    return w1 * x


def a1(z1, sigma):
    return sigma(z1)


def z2(w2, a1):
    return w2 * a1


def a2(z2, sigma):
    return sigma(z2)


def z3(w3, a2):
    return w3 * a2


def a3(z3, sigma):
    return sigma(z3)


def z4(w4, a3):
    return w4 * a3


def a4(z4, sigma):
    return sigma(z4)


def dy_dx(w1, w2, w3, w4, a1, a2, a3, a4, slope_at_value):
    dy_da3 = slope_at_value(a4) * w4
    dy_da2 = dy_da3 * slope_at_value(a3) * w3
    dy_da1 = dy_da2 * slope_at_value(a2) * w2
    return dy_da1 * slope_at_value(a1) * w1


def sigma_prime_argmax():
    """s'' = s' (1 − 2 s) changes sign where s = 1/2, and s(0) = 1 / (1 + 1)."""
    return 0.0


def sigma_prime_max(sigma_prime, sigma_prime_argmax):
    return sigma_prime(sigma_prime_argmax)


def slopes_bound(sigma_prime_max):
    """Four slopes, each at most as large as the largest."""
    return sigma_prime_max**4


# Wrong ways: what stands in where a mistake of the assignment is tried.


def value_itself(u, /):
    """The value of s in the place of its slope."""
    return u


def bound_of_one_slope(sigma_prime_max):
    return sigma_prime_max


def slopes_added(sigma_prime_max):
    return 4 * sigma_prime_max


def slope_of_tanh(u, /):
    """1 − tanh² at the z where s has the value u."""
    return 1 - np.tanh(np.log(u / (1 - u))) ** 2


def slope_of_tanh_from_value(u, /):
    """1 − u²: the slope of tanh where tanh has the value u."""
    return 1 - u**2


def slope_of_argument(u, /):
    """z (1 − z), with z itself in the place of s(z)."""
    z = np.log(u / (1 - u))
    return z * (1 - z)


def dy_dx_without_first_weight(w2, w3, w4, z1, z2, z3, z4, sigma_prime):
    slopes = sigma_prime(z1) * sigma_prime(z2) * sigma_prime(z3) * sigma_prime(z4)
    return slopes * w2 * w3 * w4


def dy_dx_without_weights(z1, z2, z3, z4, sigma_prime):
    return sigma_prime(z1) * sigma_prime(z2) * sigma_prime(z3) * sigma_prime(z4)


def dy_dx_weights_alone(w1, w2, w3, w4):
    return w1 * w2 * w3 * w4
