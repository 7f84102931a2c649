"""Backward functions of tensor operations, and a ReLU operation for a small autograd library.

A network ends in one number, the loss l. For an operation Y = F(X) the *upstream gradient* is the
array G of the derivatives of l by the entries of Y; it has the shape of Y. The *backward* of F
takes G and gives the derivatives of l by the entries of X, in the shape of X. By the chain rule

    dl/dX_kl = Σ_ij G_ij · dY_ij/dX_kl

so an entry of X collects one term from every entry of Y that it reaches.
"""

import types

import numpy as np


def row_sums(M, /):
    """The sum of each row of the matrix M: one number a row."""
    return np.sum(M, axis=1)


def column_sums(M, /):
    """The sum of each column of the matrix M: one number a column."""
    return np.sum(M, axis=0)


# Division, entry by entry: Z_ij = X_ij / Y_ij. Each input entry reaches one output entry only, so
# the sum of the chain rule has one term.


def division_backward_x(G, Y):
    """dl/dX: G_ij times dZ_ij/dX_ij = 1 / Y_ij."""
    return G / Y


def division_backward_y(G, X, Y):
    """dl/dY: G_ij times dZ_ij/dY_ij = −X_ij / Y_ij²."""
    return -G * X / Y**2


# Matrix product: C_ij = Σ_h A_ih B_hj. The entry A_pq reaches the whole row p of C, with the factor
# B_qj in column j; the entry B_pq reaches the whole column q of C, with the factor A_ip in row i.


def matmul_backward_a(G, B):
    """dl/dA_pq = Σ_j G_pj B_qj, which is the entry p, q of G Bᵀ."""
    return G @ B.T


def matmul_backward_b(G, A):
    """dl/dB_pq = Σ_i A_ip G_iq, which is the entry p, q of Aᵀ G."""
    return A.T @ G


# A layer without bias: Z = X Wᵀ, so Z_ij = Σ_h X_ih W_jh. X holds an example a row, W the weights
# of an output node a row. It is the matrix product with B = Wᵀ, and dl/dW is dl/dB transposed.


def layer_backward_x(G, W):
    """dl/dX_pq = Σ_j G_pj W_jq, which is the entry p, q of G W."""
    return G @ W


def layer_backward_w(G, X):
    """dl/dW_pq = Σ_i G_ip X_iq, which is the entry p, q of Gᵀ X."""
    return G.T @ X


# Repeating: every copy of an entry is an output entry that it reaches with derivative 1. The
# gradients of all copies add up; they are not equal in general, so no factor can stand for the sum.


def columns_backward(G, row_sums):
    """Y has 16 columns, all equal to the vector x: x_i stands all along row i of Y."""
    return row_sums(G)


def expand_rows_backward(G, column_sums):
    """x becomes every row of Y (repeated along dimension 0): x_j stands all along column j of Y."""
    return column_sums(G)


def expand_columns_backward(G, row_sums):
    """x becomes every column of Y (repeated along dimension 1): x_i stands all along row i of Y."""
    return row_sums(G)


# ReLU: y = max(0, x), entry by entry, with the derivative 1 for x > 0 and 0 for x < 0. At x = 0
# there is no derivative; 0 is the usual choice and the one that the assignment states.


def relu_forward(context, x, /):
    """y = max(0, x). `context` is a dictionary that keeps for backward where x was positive."""
    positive = x > 0
    context["positive"] = positive
    return np.where(positive, x, 0.0)


def relu_backward(context, goutput, /):
    """The upstream gradient where x was positive, 0 elsewhere."""
    return np.where(context["positive"], goutput, 0.0)


def ReLU(relu_forward, relu_backward):
    """The operation in the library's form: forward and backward under one name."""
    return types.SimpleNamespace(forward=relu_forward, backward=relu_backward)


# Question 9 as formulas.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(0.0, x)


# Lines of the library's `core.py` as it was handed out.


def addition_line():
    return 287


def connection_line():
    return 212


def backward_line():
    return 132


# Wrong ways: what stands in where a mistake of the assignment is tried.


def division_local_x(Y):
    return 1 / Y


def division_local_y(X, Y):
    return -X / Y**2


def division_backward_y_positive(G, X, Y):
    return G * X / Y**2


def division_backward_y_without_square(G, X, Y):
    return -G * X / Y


def columns_count(G):
    """How many columns there are, 16."""
    return float(G.shape[1])


def relu_absolute(x):
    return np.abs(x)


def matmul_local_a(B):
    return B.T


def matmul_local_b(A):
    return A.T


def layer_backward_x_transposed(G, W):
    return G @ W.T


def layer_backward_w_transposed(G, X):
    return X.T @ G


def relu_forward_counts_zero(context, x, /):
    context["positive"] = x >= 0
    return np.maximum(0, x)


def relu_backward_local(context, goutput, /):
    return np.where(context["positive"], 1.0, 0.0)
