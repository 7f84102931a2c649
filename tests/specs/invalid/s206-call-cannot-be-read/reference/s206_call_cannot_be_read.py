def f0(x, /):
    return x
