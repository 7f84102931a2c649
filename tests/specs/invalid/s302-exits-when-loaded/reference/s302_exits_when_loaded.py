import sys

sys.exit("done")  # <- S302
