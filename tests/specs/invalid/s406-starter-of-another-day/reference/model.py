def first_step(alpha):
    return 50 * alpha
