"""Student's t test for two independent samples with a common variance (Student 1908)."""

import numpy as np


def mean_shade(shade):
    return np.mean(shade)


def mean_sun(sun):
    return np.mean(sun)


def sd_shade(shade):
    return np.std(shade, ddof=1)


def sd_sun(sun):
    return np.std(sun, ddof=1)


def pooled_variance(shade, sun, sd_shade, sd_sun):
    n, m = len(shade), len(sun)
    return ((n - 1) * sd_shade**2 + (m - 1) * sd_sun**2) / (n + m - 2)


def standard_error(pooled_variance, shade, sun):
    return np.sqrt(pooled_variance * (1 / len(shade) + 1 / len(sun)))


def t_value(mean_shade, mean_sun, standard_error):
    return (mean_sun - mean_shade) / standard_error


def decision(t_value, critical):
    return "rejected" if abs(t_value) > critical else "kept"


# -- wrong ways: what stands in where a mistake of the assignment is tried


def sd_shade_of_all(shade):
    return np.std(shade)


def sd_sun_of_all(sun):
    return np.std(sun)


def mean_of_variances(sd_shade, sd_sun):
    return (sd_shade**2 + sd_sun**2) / 2


def t_value_turned(mean_shade, mean_sun, standard_error):
    return (mean_shade - mean_sun) / standard_error
