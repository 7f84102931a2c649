import numpy as np


def backward(x, y, w0, w1, w2, ws):
    z0 = w0 * x
    h0 = max(0, z0)
    z1 = w1 * h0
    h1 = max(0, z1)
    alive0 = float(z0 > 0)
    alive1 = float(z1 > 0)
    slope = np.sign(ws * h0 + w2 * h1 - y)
    return {
        "dL_dw0": slope * w2 * (1 + w1 * alive1) * alive0 * x,
        "dL_dw1": slope * w2 * h0 * alive1,
        "dL_dw2": slope * h1,
        "dL_dws": slope * h0,
    }
