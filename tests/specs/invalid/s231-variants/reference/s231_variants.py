def well_posed(a): return a > 1
def scaled(x, /, a): return a * x
def of_b(b): return b > 0
def doubled(a): return 2.0 * a
def of_the_other(b): return float(b)
