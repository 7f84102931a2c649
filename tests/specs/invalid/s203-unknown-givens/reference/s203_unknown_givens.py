def a(rate):
    return rate


def f(x, /):
    return x
