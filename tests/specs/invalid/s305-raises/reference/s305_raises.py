import sys

import numpy as np


def by_zero():
    return np.array([1.0]) / 0  # <- S305


def overflow():
    return np.exp(np.float64(1000))  # <- S305


def leaves():
    return sys.exit()  # <- S305


def f(x, /):
    return 1 / x  # <- S305


class Mute(Exception):
    def __str__(self):
        raise ValueError


def mute():
    raise Mute  # <- S305
