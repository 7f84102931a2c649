def e(x):
    return 2 * x
