def a():
    return 1.5
