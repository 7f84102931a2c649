def a(rte, start):  # <- S304
    return rte


def b(rate):  # <- S304
    return rate
