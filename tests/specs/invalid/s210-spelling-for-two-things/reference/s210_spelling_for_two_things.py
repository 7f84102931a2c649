def z1(x):
    return 1 * x


def z2(x):
    return 2 * x


def z3(x):
    return 3 * x


def z4(x):
    return 4 * x


def p(x, /):
    return x


def q(x, /):
    return x


def e(x):
    return x
