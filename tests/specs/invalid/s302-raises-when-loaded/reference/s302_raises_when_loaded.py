def _half(x):
    return 1 / x  # <- S302


HALF = _half(0)


def a():
    return HALF
