import numpy as np


def backward(x, y, w0, w1, w2, ws):
    h0 = max(0, w0 * x)
    h1 = max(0, w1 * h0)
    slope = np.sign(y - (ws * h0 + w2 * h1))
    through_second = w2 * (h1 > 0)
    return {
        "dL_dw0": slope * (ws + through_second * w1) * (h0 > 0) * x,
        "dL_dw1": slope * through_second * h0,
        "dL_dw2": slope * h1,
        "dL_dws": slope * h0,
    }
