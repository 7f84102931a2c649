import math


def sigma(z):
    return 1 / (1 + math.exp(-z))


def sigma_prime(z):
    return sigma(z) * (1 - sigma(z))


dy_dx = "w1*s'(w1*a0) * w2*s'(w2*a1) * w3*s'(w3*a2) * w4*s'(w4*a3)"
sigma_prime_argmax = max((k / 100 for k in range(-500, 501)), key=sigma_prime)


def sigma_prime_max():
    return sigma_prime(sigma_prime_argmax)

slopes_bound = "(1/4)^4"
