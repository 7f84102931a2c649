def slope(x):
    return 2 * x


def double(x):
    return 2 * x


def square(x, /):
    return x**2


def e(x):
    return x
