import numpy as np

# The first call was left at the end of the first try, before `backward` took ws.
def backward(x, y, w0, w1, w2):
    raise NotImplementedError


print(backward(1, -3, 0.5, 0.5, 0.5, 0.5))
