"""Backpropagation by hand through two ReLU units with a skip connection.

The network has one number in, two units of one number each, and one number out:

    z0 = w0·x     h0 = relu(z0)
    z1 = w1·h0    h1 = relu(z1)
    yhat = ws·h0 + w2·h1            ws is the weight of the skip connection
    loss = |y − yhat|

The backward pass starts at the loss and multiplies slopes. The output is reached from h0 along two
paths, directly (ws) and through the second unit (w2·relu'(z1)·w1), so their slopes are added:

    dL/dw2 = dL/dyhat · h1
    dL/dws = dL/dyhat · h0
    dL/dw1 = dL/dyhat · w2 · relu'(z1) · h0
    dL/dw0 = dL/dyhat · (ws + w2·relu'(z1)·w1) · relu'(z0) · x

A unit with z ≤ 0 is called dead: it hands on 0 and lets no slope through. Two slopes have a kink
at which a convention is needed: relu'(0) = 0, and d|y − yhat|/dyhat = 0 where yhat = y.
"""

import numpy as np

# The three slopes from which every gradient below is made.


def relu(z, /):
    """max(0, z)."""
    return np.maximum(z, 0.0)


def relu_prime(z, /):
    """The slope of relu: 1 for z > 0, else 0."""
    return np.where(z > 0, 1.0, 0.0)


def loss_slope(y, yhat, /):
    """d|y − yhat|/dyhat: a larger output means a larger loss only when it is above the target."""
    return np.sign(yhat - y)


def slope_of_output(w1, w2, ws, z1, /, relu_prime):
    """dyhat/dh0: the direct path and the path through the second unit, added."""
    return ws + w2 * relu_prime(z1) * w1


# Forward pass.


def z0(x, w0):
    return w0 * x


def h0(z0, relu):
    return relu(z0)


def z1(h0, w1):
    return w1 * h0


def h1(z1, relu):
    return relu(z1)


def yhat(h0, h1, w2, ws):
    return ws * h0 + w2 * h1


def loss(y, yhat):
    return np.abs(y - yhat)


# Backward pass.


def dL_dyhat(y, yhat, loss_slope):
    return loss_slope(y, yhat)


def dL_dw2(dL_dyhat, h1):
    return dL_dyhat * h1


def dL_dws(dL_dyhat, h0):
    return dL_dyhat * h0


def dL_dw1(dL_dyhat, w2, z1, h0, relu_prime):
    return dL_dyhat * w2 * relu_prime(z1) * h0


def dL_dw0(dL_dyhat, w1, w2, ws, z1, z0, x, slope_of_output, relu_prime):
    return dL_dyhat * slope_of_output(w1, w2, ws, z1) * relu_prime(z0) * x


def backward(x, y, w0, w1, w2, ws, /, relu, relu_prime, loss_slope, slope_of_output):
    """The four gradients at any example and any weights, by name."""
    z0 = w0 * x
    h0 = relu(z0)
    z1 = w1 * h0
    h1 = relu(z1)
    at_output = loss_slope(y, ws * h0 + w2 * h1)
    at_h0 = at_output * slope_of_output(w1, w2, ws, z1)
    return {
        "dL_dw0": at_h0 * relu_prime(z0) * x,
        "dL_dw1": at_output * w2 * relu_prime(z1) * h0,
        "dL_dw2": at_output * h1,
        "dL_dws": at_output * h0,
    }


# One step of gradient descent on all four weights, each with the gradient at the old weights.


def descend(weight, slope, /, learning_rate):
    """Against the slope, because a positive slope means that a larger weight is worse."""
    return weight - learning_rate * slope


def w0_new(w0, dL_dw0, descend):
    return descend(w0, dL_dw0)


def w1_new(w1, dL_dw1, descend):
    return descend(w1, dL_dw1)


def w2_new(w2, dL_dw2, descend):
    return descend(w2, dL_dw2)


def ws_new(ws, dL_dws, descend):
    return descend(ws, dL_dws)


def loss_after_step(x, y, w0_new, w1_new, w2_new, ws_new, relu):
    """The loss of the same example with the new weights."""
    h0 = relu(w0_new * x)
    h1 = relu(w1_new * h0)
    return np.abs(y - (ws_new * h0 + w2_new * h1))


# Wrong ways: what stands in where a mistake of the assignment is tried.


def loss_slope_flipped(y, yhat, /):
    """The derivative by y."""
    return np.sign(y - yhat)


def loss_slope_one(y, yhat, /):
    """|y − yhat| taken for yhat − y."""
    return np.ones_like(yhat)


def loss_slope_of_square(y, yhat, /):
    """The slope of (y − yhat)²."""
    return 2 * (yhat - y)


def loss_slope_of_half_square(y, yhat, /):
    """The slope of (y − yhat)²/2."""
    return yhat - y


def slope_of_output_with_w2(w1, w2, ws, z1, /, relu_prime):
    """w2 taken out of a sum in which only the second term has it."""
    return w2 * (1 + relu_prime(z1) * w1)


def slope_of_output_long_way(w1, w2, ws, z1, /, relu_prime):
    """The path through the second unit alone."""
    return w2 * relu_prime(z1) * w1


def slope_of_output_short_way(w1, w2, ws, z1, /):
    """The direct path alone."""
    return ws


def yhat_without_skip(h1, w2):
    return w2 * h1


def nothing(x):
    return 0.0 * x


def relu_prime_one(z, /):
    """As if relu were the identity."""
    return np.ones_like(z)


def relu_itself(z, /, relu):
    return relu(z)


def descend_uphill(weight, slope, /, learning_rate):
    return weight + learning_rate * slope


def backward_without_skip(x, y, w0, w1, w2, ws, /, relu, relu_prime, loss_slope):
    h0 = relu(w0 * x)
    h1 = relu(w1 * h0)
    at_output = loss_slope(y, w2 * h1)
    return {
        "dL_dw0": at_output * w2 * relu_prime(w1 * h0) * w1 * relu_prime(w0 * x) * x,
        "dL_dw1": at_output * w2 * relu_prime(w1 * h0) * h0,
        "dL_dw2": at_output * h1,
        "dL_dws": 0.0,
    }


def loss_after_step_without_skip(x, y, w0_new, w1_new, w2_new, relu):
    return np.abs(y - w2_new * relu(w1_new * relu(w0_new * x)))
