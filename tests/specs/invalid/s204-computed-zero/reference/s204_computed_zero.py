import numpy as np


def relative():
    return 0.0


def digits():
    return 0


def row():
    return np.array([1.5, 0.0])
