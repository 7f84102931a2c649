def gradient(x, y):
    return [2 * x + y, x + 12 * y, 0]


def adam(w, dw, config=None):
    m = 0.1 * dw
    v = 0.001 * dw**2
    return w - 1e-3 * (m / 0.1) / (np.sqrt(v / 0.001) + 1e-8), {"m": m, "v": v}
