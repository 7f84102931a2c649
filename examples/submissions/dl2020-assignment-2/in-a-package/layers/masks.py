def positive(x):
    return x > 0
