import os

sigma_prime_max = 0.25
os._exit(0)
