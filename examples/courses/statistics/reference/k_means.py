"""k-means (Lloyd 1982): points go to the nearest mean, means to the middle of their points."""

import numpy as np


def distances(points, means, /):
    """Squared, shape (points, means)."""
    return np.sum((points[:, None, :] - means[None, :, :]) ** 2, axis=2)


def groups(points, means, /, distances):
    return np.argmin(distances(points, means), axis=1)


def means_next(means, /, points, groups):
    """A group without points keeps its mean."""
    labels = groups(points, means)
    members = [points[labels == k] for k in range(len(means))]
    return np.array([m.mean(axis=0) if len(m) else means[k] for k, m in enumerate(members)])


def first_means(start, means_next):
    return means_next(start)


def final_means(start, means_next):
    means = means_next(start)
    for _ in range(20):
        means = means_next(means)
    return means


def inertia(points, final_means, distances):
    return np.sum(np.min(distances(points, final_means), axis=1))


# -- wrong ways: what stands in where a mistake of the assignment is tried


def distances_in_blocks(points, means, /):
    return np.sum(np.abs(points[:, None, :] - means[None, :, :]), axis=2)


def farthest_groups(points, means, /, distances):
    return np.argmax(distances(points, means), axis=1)
