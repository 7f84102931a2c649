"""A chain of sigmoids with and without shortcuts, a walk over a bump, and a compute graph.

Question 1. Five sigmoid nodes in a row; the middle weight and bias are shared:

    z1 = w1 x + b1    h1 = s(z1)
    z2 = w h1 + b     h2 = s(z2)
    z3 = w h2 + b     h3 = s(z3)
    z4 = w h3 + b     h4 = s(z4)
    z5 = w h4 + b     y  = s(z5)

Two shortcuts of weight wc, from h1 into node 3 and from h3* into node 5, change everything behind
them. Nodes 1 and 2 stay as they are, so they have no starred names:

    z3* = w h2  + wc h1  + b    h3* = s(z3*)
    z4* = w h3* + b             h4* = s(z4*)
    z5* = w h4* + wc h3* + b    y*  = s(z5*)

Question 2. A landscape in one dimension: from w = 0 it falls with slope −1 to a local minimum at
distance 1, climbs a bump of height h with slope +1, falls with slope −1 to the bump's end at
1 + 2h, and goes on falling gently. Adam is Algorithm 1 of Kingma and Ba (2015).

Question 3. The graph of

    x1 = b x0 + c    x2 = x0 + x1 f    x3 = (x0 − e x1)^a + sin(d x2)    x4 = x3 x2 + d x1

The letter b is the shared bias in question 1 and an unrelated leaf in question 3.
"""

import math

import numpy as np

# --- Question 1: forward ---------------------------------------------------------------------


def sigma(z, /):
    return 1 / (1 + np.exp(-z))


def sigma_prime(z, /, sigma):
    return sigma(z) * (1 - sigma(z))


def z1(w1, x, b1):
    return w1 * x + b1


def h1(z1, sigma):
    return sigma(z1)


def z2(w, h1, b):
    return w * h1 + b


def h2(z2, sigma):
    return sigma(z2)


def z3(w, h2, b):
    return w * h2 + b


def h3(z3, sigma):
    return sigma(z3)


def z4(w, h3, b):
    return w * h3 + b


def h4(z4, sigma):
    return sigma(z4)


def z5(w, h4, b):
    return w * h4 + b


def y(z5, sigma):
    return sigma(z5)


def z3_star(w, h2, wc, h1, b):
    return w * h2 + wc * h1 + b


def h3_star(z3_star, sigma):
    return sigma(z3_star)


def z4_star(w, h3_star, b):
    return w * h3_star + b


def h4_star(z4_star, sigma):
    return sigma(z4_star)


def z5_star(w, h4_star, wc, h3_star, b):
    return w * h4_star + wc * h3_star + b


def y_star(z5_star, sigma):
    return sigma(z5_star)


# --- Question 1: backward --------------------------------------------------------------------


def dy_dz1(z1, z2, z3, z4, z5, w, sigma_prime):
    """One path: each of the four steps back to node 1 costs a factor w and a factor s'."""
    back_to_4 = sigma_prime(z5) * w * sigma_prime(z4)
    back_to_3 = back_to_4 * w * sigma_prime(z3)
    back_to_2 = back_to_3 * w * sigma_prime(z2)
    return back_to_2 * w * sigma_prime(z1)


def dystar_dz1(z1, z2, z3_star, z4_star, z5_star, w, wc, sigma_prime):
    """Four paths: at each shortcut the derivative is the sum of the long way and the short one."""
    h1_to_z3 = w * sigma_prime(z2) * w + wc
    h3_to_z5 = w * sigma_prime(z4_star) * w + wc
    back_to_z3 = sigma_prime(z5_star) * h3_to_z5 * sigma_prime(z3_star)
    return back_to_z3 * h1_to_z3 * sigma_prime(z1)


def dy_dw1(dy_dz1, x):
    return dy_dz1 * x


def dy_db1(dy_dz1):
    return dy_dz1


def dystar_dw1(dystar_dz1, x):
    return dystar_dz1 * x


def dystar_db1(dystar_dz1):
    return dystar_dz1


def ratio_w1(dy_dw1, dystar_dw1):
    return abs(dy_dw1) / abs(dystar_dw1)


def ratio_b1(dy_db1, dystar_db1):
    return abs(dy_db1) / abs(dystar_db1)


# --- Question 2: the landscape ---------------------------------------------------------------


def slope(w, bump_height, /, minimum):
    """The derivative at w, up to the bump's end; what comes behind it is never asked for."""
    climbing = minimum < w < minimum + bump_height
    return 1.0 if climbing else -1.0


# --- Question 2: gradient descent ------------------------------------------------------------


def gd_next(w, /, eta, slope, bump_height):
    return w - eta * slope(w, bump_height)


def gd_iterates(gd_next):
    """The first five points, without the start."""
    points = []
    w = 0.0
    for _ in range(5):
        w = gd_next(w)
        points.append(w)
    return np.array(points)


def gd_outcome(gd_next):
    """`stuck` once it is sent back: all steps are of one size, so it is where it was before."""
    w = 0.0
    for _ in range(1000):
        following = gd_next(w)
        if following < w:
            return "stuck"
        w = following
    return "escapes"


# --- Question 2: Adam ------------------------------------------------------------------------


def AdamOptim(t, dw, m_dw, v_dw, /, eta, beta1, beta2, epsilon):
    """Step number t (from 1): the new moments, and what is to be subtracted from the parameter."""
    m_dw = beta1 * m_dw + (1 - beta1) * dw
    v_dw = beta2 * v_dw + (1 - beta2) * dw**2
    m_hat = m_dw / (1 - beta1**t)
    v_hat = v_dw / (1 - beta2**t)
    return m_dw, v_dw, eta * m_hat / (np.sqrt(v_hat) + epsilon)


def adam_walk(bump_height, /, minimum, slope, AdamOptim):
    """The points until one is behind the bump, or is back left of the minimum after passing it."""
    points = []
    w, m, v = 0.0, 0.0, 0.0
    passed = False
    for t in range(1, 1001):
        m, v, step = AdamOptim(t, slope(w, bump_height), m, v)
        w = w - step
        points.append(w)
        passed = passed or w > minimum
        if w > minimum + 2 * bump_height or (passed and w < minimum):
            break
    return np.array(points)


def adam_next(point, moments, /, bump_height, slope, AdamOptim):
    """The next point; `moments` are the number of the last step, and m and v after it."""
    t, m, v = moments
    m, v, step = AdamOptim(t + 1, slope(point, bump_height), m, v)
    return point - step, np.array([t + 1, m, v])


def adam_moments(bump_height, adam_iterates, slope, AdamOptim):
    """The number of each step, and m and v after it: one row for each point of the walk."""
    rows = []
    w, m, v = 0.0, 0.0, 0.0
    for t, following in enumerate(adam_iterates, start=1):
        m, v, _ = AdamOptim(t, slope(w, bump_height), m, v)
        rows.append([t, m, v])
        w = following
    return np.array(rows)


def adam_iterates(bump_height, adam_walk):
    return adam_walk(bump_height)


def adam_outcome(adam_iterates, minimum):
    """`escapes` if the last point is to the right of the minimum."""
    return "escapes" if adam_iterates[-1] > minimum else "stuck"


def adam_max_height(minimum, adam_walk):
    """The largest bump that Adam gets over.

    Before the top a walker cannot tell one bump from a higher one. So let it climb a bump without
    a top: it would have passed every top below the highest point that it reaches.
    """
    return max(adam_walk(math.inf)) - minimum


# --- Question 3: the thirteen operations (the seven leaves are givens) ------------------------


def b_x0(b, x0):
    return b * x0


def x1(b_x0, c):
    return b_x0 + c


def x1_f(x1, f):
    return x1 * f


def x2(x0, x1_f):
    return x0 + x1_f


def e_x1(e, x1):
    return e * x1


def difference(x0, e_x1):
    return x0 - e_x1


def power(difference, a):
    return difference**a


def d_x2(d, x2):
    return d * x2


def sine(d_x2):
    return np.sin(d_x2)


def x3(power, sine):
    return power + sine


def x3_x2(x3, x2):
    return x3 * x2


def d_x1(d, x1):
    return d * x1


def x4(x3_x2, d_x1):
    return x3_x2 + d_x1


# --- Wrong ways: what stands in where a mistake of the assignment is tried --------------------


def dy_dz1_weight_short(z1, z2, z3, z4, z5, w, sigma_prime):
    slopes = sigma_prime(z5) * sigma_prime(z4) * sigma_prime(z3) * sigma_prime(z2)
    return slopes * w**3 * sigma_prime(z1)


def dy_dz1_weight_too_many(z1, z2, z3, z4, z5, w, sigma_prime):
    slopes = sigma_prime(z5) * sigma_prime(z4) * sigma_prime(z3) * sigma_prime(z2)
    return slopes * w**5 * sigma_prime(z1)


def dy_db1_with_x(dy_dz1, x):
    return dy_dz1 * x


def dystar_db1_with_x(dystar_dz1, x):
    return dystar_dz1 * x


def dy_dw1_without_x(dy_dz1):
    return dy_dz1


def dystar_dw1_without_x(dystar_dz1):
    return dystar_dz1


def dystar_dz1_shortest(z1, z3_star, z5_star, wc, sigma_prime):
    """The path over both shortcuts alone."""
    return sigma_prime(z5_star) * wc * sigma_prime(z3_star) * wc * sigma_prime(z1)


def dystar_dz1_first_shortcut_lost(z1, z2, z3_star, z4_star, z5_star, w, wc, sigma_prime):
    h3_to_z5 = w * sigma_prime(z4_star) * w + wc
    back_to_z3 = sigma_prime(z5_star) * h3_to_z5 * sigma_prime(z3_star)
    return back_to_z3 * w * sigma_prime(z2) * w * sigma_prime(z1)


def dystar_dz1_second_shortcut_lost(z1, z2, z3_star, z4_star, z5_star, w, wc, sigma_prime):
    h1_to_z3 = w * sigma_prime(z2) * w + wc
    back_to_z3 = sigma_prime(z5_star) * w * sigma_prime(z4_star) * w * sigma_prime(z3_star)
    return back_to_z3 * h1_to_z3 * sigma_prime(z1)


def dystar_dz1_ways_apart(z1, z2, z3_star, z4_star, z5_star, w, wc, sigma_prime):
    """The longest path and the shortest added up, without the two between."""
    long = w**4 * sigma_prime(z4_star) * sigma_prime(z2)
    outer = sigma_prime(z5_star) * sigma_prime(z3_star) * sigma_prime(z1)
    return outer * (long + wc**2)


def sigma_prime_half(z, /, sigma):
    """s instead of s (1 − s)."""
    return sigma(z)


def sigma_prime_of_tanh(z, /):
    return 1 - np.tanh(z) ** 2


def slope_that_never_turns(w, bump_height, /):
    return -1.0


def AdamOptim_uncorrected(t, dw, m_dw, v_dw, /, eta, beta1, beta2, epsilon):
    m_dw = beta1 * m_dw + (1 - beta1) * dw
    v_dw = beta2 * v_dw + (1 - beta2) * dw**2
    return m_dw, v_dw, eta * m_dw / (np.sqrt(v_dw) + epsilon)


def AdamOptim_without_root(t, dw, m_dw, v_dw, /, eta, beta1, beta2, epsilon):
    m_dw = beta1 * m_dw + (1 - beta1) * dw
    v_dw = beta2 * v_dw + (1 - beta2) * dw**2
    return m_dw, v_dw, eta * m_dw / (1 - beta1**t) / (v_dw / (1 - beta2**t) + epsilon)


def AdamOptim_epsilon_inside(t, dw, m_dw, v_dw, /, eta, beta1, beta2, epsilon):
    m_dw = beta1 * m_dw + (1 - beta1) * dw
    v_dw = beta2 * v_dw + (1 - beta2) * dw**2
    return m_dw, v_dw, eta * m_dw / (1 - beta1**t) / np.sqrt(v_dw / (1 - beta2**t) + epsilon)


def AdamOptim_betas_exchanged(t, dw, m_dw, v_dw, /, eta, beta1, beta2, epsilon):
    m_dw = beta2 * m_dw + (1 - beta2) * dw
    v_dw = beta1 * v_dw + (1 - beta1) * dw**2
    m_hat = m_dw / (1 - beta2**t)
    return m_dw, v_dw, eta * m_hat / (np.sqrt(v_dw / (1 - beta1**t)) + epsilon)


def AdamOptim_returns_corrected(t, dw, m_dw, v_dw, /, AdamOptim, beta1, beta2):
    m_dw, v_dw, step = AdamOptim(t, dw, m_dw, v_dw)
    return m_dw / (1 - beta1**t), v_dw / (1 - beta2**t), step


def difference_added(x0, e_x1):
    return x0 + e_x1


def power_as_product(difference, a):
    return difference * a


def sine_of_nothing(d_x2):
    return d_x2
