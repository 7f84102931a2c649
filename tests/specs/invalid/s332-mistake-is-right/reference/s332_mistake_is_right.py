def squared(a): return a * a
def doubled(a): return 2 * a
