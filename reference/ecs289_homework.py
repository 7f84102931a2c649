"""Gradients through time, and three optimizers on f(x, y) = x² + xy + 6y².

Part 1 is the scalar instance of a recurrent network (Pascanu, Mikolov and Bengio 2013, eq. 2 to 5):

    x_t = w·tanh(x_{t-1}) + u_t,      eps_t = (x_t - d_t)² / 2,      t = 1, 2, 3.

Part 2 follows gradient descent, Nesterov's momentum in the form of Sutskever et al. (2013), which
looks ahead before it takes the gradient, and Adam (Kingma and Ba 2015, algorithm 1).
"""

import numpy as np

# -- a recurrent network with one unit ------------------------------------------------------------


def sigma(x, /):
    return np.tanh(x)


def sigma_prime(x, /):
    return 1 - np.tanh(x) ** 2


def x1(x0, w, u1, sigma):
    return w * sigma(x0) + u1


def x2(x1, w, u2, sigma):
    return w * sigma(x1) + u2


def x3(x2, w, u3, sigma):
    return w * sigma(x2) + u3


def dx2_dx1(x1, w, sigma_prime):
    return w * sigma_prime(x1)


def dx3_dx2(x2, w, sigma_prime):
    return w * sigma_prime(x2)


def dx3_dx1(dx3_dx2, dx2_dx1):
    return dx3_dx2 * dx2_dx1


def deps3_dx3(x3, d3):
    return x3 - d3


def deps3_dx1(deps3_dx3, dx3_dx1):
    return deps3_dx3 * dx3_dx1


def deps3_dw(deps3_dx3, dx3_dx2, dx3_dx1, x0, x1, x2, sigma):
    """Each x_k depends on w directly, as sigma(x_{k-1}), and is carried on from there to x_3."""
    return deps3_dx3 * (sigma(x2) + dx3_dx2 * sigma(x1) + dx3_dx1 * sigma(x0))


# -- optimizers -----------------------------------------------------------------------------------


def df_dx(x, y, /):
    return 2 * x + y


def df_dy(x, y, /):
    return x + 12 * y


def gradient(x, y, /, df_dx, df_dy):
    return np.array([df_dx(x, y), df_dy(x, y)])


def sgd_next(point, /, learning_rate, gradient):
    return point - learning_rate * gradient(*point)


def sgd_points(start, sgd_next):
    points = [sgd_next(start)]
    for _ in range(2):
        points.append(sgd_next(points[-1]))
    return np.array(points)


def nesterov_next(velocity, point, /, learning_rate, momentum, gradient):
    """v ← γv − α∇f(w + γv), w ← w + v."""
    velocity = momentum * velocity - learning_rate * gradient(*(point + momentum * velocity))
    return velocity, point + velocity


def nesterov_move(point, velocity, /):
    """w ← w + v, with the new velocity."""
    return point + velocity


def nesterov_path(start, nesterov_next):
    path = [nesterov_next(np.zeros(2), start)]
    for _ in range(2):
        path.append(nesterov_next(*path[-1]))
    return path


def nesterov_velocities(nesterov_path):
    return np.array([velocity for velocity, _ in nesterov_path])


def nesterov_points(nesterov_path):
    return np.array([point for _, point in nesterov_path])


def adam(w, dw, config, /):
    """One step of Adam; the state is handed on in `config`, which starts as None."""
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    state = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0, **(config or {})}
    beta1, beta2 = state["beta1"], state["beta2"]
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * dw
    v = beta2 * state["v"] + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    next_w = w - state["learning_rate"] * m_hat / (np.sqrt(v_hat) + state["epsilon"])
    return next_w, {**state, "m": m, "v": v, "t": t}


# -- wrong ways: what stands in where a mistake of the assignment is tried ------------------------


def sigma_prime_of_sigmoid(x, /):
    """s (1 − s), the slope of the logistic function instead of tanh's."""
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


def sigma_prime_flipped(x, /):
    return np.tanh(x) ** 2 - 1


def deps3_dx3_flipped(x3, d3):
    return d3 - x3


def deps3_dw_last_step(deps3_dx3, x2, sigma):
    """Only the direct dependence of x3 on w; what x2 and x1 owe to w is left out."""
    return deps3_dx3 * sigma(x2)


def dx2_dx1_without_w(x1, sigma_prime):
    return sigma_prime(x1)


def dx3_dx2_without_w(x2, sigma_prime):
    return sigma_prime(x2)


def df_dx_without_mixed(x, _y, /):
    return 2 * x


def df_dy_without_mixed(_x, y, /):
    return 12 * y


def df_dy_with_half(x, y, /):
    return x + 6 * y


def df_dx_mixed_flipped(x, y, /):
    return 2 * x - y


def sgd_uphill(point, /, learning_rate, gradient):
    return point + learning_rate * gradient(*point)


def heavy_ball_next(velocity, point, /, learning_rate, momentum, gradient):
    """Polyak's momentum: the gradient is taken at the point itself."""
    velocity = momentum * velocity - learning_rate * gradient(*point)
    return velocity, point + velocity


def look_ahead_points(nesterov_path, momentum):
    """w + γv, the point at which the next gradient is taken; some libraries store it."""
    return np.array([point + momentum * velocity for velocity, point in nesterov_path])


def adam_uncorrected(w, dw, config, /):
    """m and v as they are, not divided by 1 − β1^t and 1 − β2^t."""
    return _adam(w, dw, config, corrected=False)


def adam_without_root(w, dw, config, /):
    return _adam(w, dw, config, rooted=False)


def adam_betas_swapped(w, dw, config, /):
    state = {"beta1": 0.9, "beta2": 0.999, **(config or {})}
    swapped = {**state, "beta1": state["beta2"], "beta2": state["beta1"]}
    next_w, after = _adam(w, dw, swapped)
    return next_w, {**after, "beta1": state["beta1"], "beta2": state["beta2"]}


def _adam(w, dw, config, corrected=True, rooted=True):
    state = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    state = {**state, "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0, **(config or {})}
    t = state["t"] + 1
    m = state["beta1"] * state["m"] + (1 - state["beta1"]) * dw
    v = state["beta2"] * state["v"] + (1 - state["beta2"]) * dw**2
    m_hat = m / (1 - state["beta1"] ** t) if corrected else m
    v_hat = v / (1 - state["beta2"] ** t) if corrected else v
    scale = np.sqrt(v_hat) if rooted else v_hat
    return w - state["learning_rate"] * m_hat / (scale + state["epsilon"]), {
        **state,
        "m": m,
        "v": v,
        "t": t,
    }
