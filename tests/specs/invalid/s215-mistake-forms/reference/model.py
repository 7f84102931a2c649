def slope(x, /):
    return 2 * x


def slope_at(x, y, /):
    return 2 * x + y


def step_size(rate, start, slope):
    return rate * slope(start)
