import numpy as np


def groups(points, means):
    return [int(np.argmin(np.abs(p - means).sum(axis=1))) for p in points]
