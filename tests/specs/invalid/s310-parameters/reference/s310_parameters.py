def a(*numbers):  # <- S310
    return 1


def b(rate=0.1):  # <- S310
    return rate


def c(**more):  # <- S310
    return 1
