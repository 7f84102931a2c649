import math

sigma_prime_argmax = math.log(0)
sigma_prime_max = 0.25
