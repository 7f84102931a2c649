def slope(x, /):
    return 2 * x


_hidden = slope


def a():
    return slope(3)  # <- S306


def b():
    return [_hidden(x) for x in range(3)]  # <- S306


def _private():
    return slope(1)  # <- S306
