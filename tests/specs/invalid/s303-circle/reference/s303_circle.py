def a(b):  # <- S303
    return b


def b(c):
    return c


def c(a):
    return a


def alone(alone):  # <- S303
    return alone
