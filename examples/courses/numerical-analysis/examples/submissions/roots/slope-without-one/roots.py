def newton_step(f, slope, x):
    return x + f / slope
