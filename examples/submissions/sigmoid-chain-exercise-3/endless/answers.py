# Climbs to the maximum of s'. Near it the slope rounds to 0, so that z stays a little above 0.
import math

z = 1.0
while z != 0:
    s = 1 / (1 + math.exp(-z))
    z = z + s * (1 - s) * (1 - 2 * s)

sigma_prime_argmax = z
sigma_prime_max = s * (1 - s)
