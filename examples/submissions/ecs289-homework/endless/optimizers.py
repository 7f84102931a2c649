def gradient(x, y):
    while True:
        x = x - 0.1


def adam(w, dw, config=None):
    while True:
        pass
