def q(a): return a
