def grad(x, y):
    return 2 * x + y, x + 12 * y
