def backward(x, y, w0, w1, w2, ws):
    loss = abs(y - w0 * x)
    while loss > -1:
        loss = abs(loss)
    return {"dL_dw0": 0, "dL_dw1": 0, "dL_dw2": 0, "dL_dws": 0}
