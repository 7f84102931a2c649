def small(a): return a < 2
def doubled(a): return 2 * a
