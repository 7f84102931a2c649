import numpy as np


def groups(points, means):
    return [int(np.argmax(((p - means) ** 2).sum(axis=1))) for p in points]
