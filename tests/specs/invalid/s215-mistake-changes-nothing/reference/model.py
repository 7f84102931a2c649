def loss(start):
    return start**2


def step_size(rate, start):
    return rate * start
