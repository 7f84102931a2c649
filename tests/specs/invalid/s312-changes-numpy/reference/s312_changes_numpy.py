import numpy as np

np.exp = np.expm1


def a():
    return float(np.exp(1.0))
