def f(x, /):
    return x, {"m": x}
