import numpy as np


def a():
    return 1.5


def b():
    return np.array([1, 2, 3])


def c():
    return np.array([[1, 2], [3, 4]])


def e():
    return 0.4137


def f(x):
    return 2 * x


def way():
    return "up"
