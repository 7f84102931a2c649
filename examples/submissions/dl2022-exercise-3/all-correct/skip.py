import numpy as np


def backward(x, y, w0, w1, w2, ws):
    z0 = w0 * x
    h0 = max(0, z0)
    z1 = w1 * h0
    h1 = max(0, z1)
    delta = np.sign(ws * h0 + w2 * h1 - y)
    dh1 = delta * w2
    dz1 = dh1 if z1 > 0 else 0
    dh0 = delta * ws + dz1 * w1
    dz0 = dh0 if z0 > 0 else 0
    return {"dL_dw0": dz0 * x, "dL_dw1": dz1 * h0, "dL_dw2": delta * h1, "dL_dws": delta * h0}
