import numpy as np


def sigma(z, /):
    return 1 / (1 + np.exp(-z))


def slope(x, sigma):
    return sigma(x) * (1 - sigma(x))
