def start_point(start):
    return start


def following(point, /, rate):
    return point - rate * 2 * point


def following_two(point, other, /):
    return point, other


def points(start, following):
    first = following(start)
    return [first, following(first)]


def climbing(point, /, rate):
    return point + rate * 2 * point


def failing(point, /):
    raise ValueError(point)


def single(start):
    return start


def no_rows():
    return []
