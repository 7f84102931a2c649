"""The assignments as a student does them: right formulas, and lists worked out row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.solver import Solution

__all__ = ["COURSES", "HOMEWORKS", "Homework", "Write"]

#: writes a row of a list down and gives what the student goes on with
Write: TypeAlias = Callable[[str, int, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Homework:
    """`formulas` are right ones by step; `{name}` in one of them is the student's own for that
    step. `walks` works a list out, given the steps at its instance and how many rows it has."""

    slug: str
    givens: Mapping[str, float] = field(default_factory=dict)  #: taken in their place
    formulas: Mapping[str, str] = field(default_factory=dict)
    neighbours: Mapping[str, str] = field(default_factory=dict)
    walks: Mapping[tuple[str, ...], Callable[[Solution, Write, int], None]] = field(
        default_factory=dict
    )
    #: mistakes that change several answers which are not made from each other, and that a person
    #: charges once
    once: frozenset[str] = frozenset()


def _ids(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _sgd(steps: Solution, write: Write, rows: int) -> None:
    point = np.array(steps["start"], dtype=float)
    for row in range(rows):
        point = write("sgd_points", row, steps["sgd_next"](point))


def _nesterov(steps: Solution, write: Write, rows: int) -> None:
    velocity, point = np.zeros(2), np.array(steps["start"], dtype=float)
    for row in range(rows):
        velocity = write("nesterov_velocities", row, steps["nesterov_next"](velocity, point)[0])
        point = write("nesterov_points", row, point + velocity)


def _descent(steps: Solution, write: Write, rows: int) -> None:
    point = 0.0
    for row in range(rows):
        point = write("gd_iterates", row, steps["gd_next"](point))


def _newton(steps: Solution, write: Write, rows: int) -> None:
    point = float(steps["start"])
    for row in range(rows):
        point = write("newton_points", row, steps["newton_next"](point))


def _adam(question: str) -> Callable[[Solution, Write, int], None]:
    def walk(steps: Solution, write: Write, rows: int) -> None:
        point = m = v = 0.0
        for row in range(rows):
            slope = steps["slope"](point, steps["bump_height"])
            m, v, step = steps["AdamOptim"](row + 1, slope, m, v)
            point = write(question, row, point - step)

    return walk


_STARRED = "sigma_prime(z5_star) * (w**2 * sigma_prime(z4_star) + wc) * sigma_prime(z3_star)"

HOMEWORKS = {
    one.slug: one
    for one in (
        Homework(
            slug="bs6207-assignment-2",
            formulas={
                "dy_db1": "sigma_prime(z5) * sigma_prime(z4) * sigma_prime(z3) * sigma_prime(z2)"
                " * sigma_prime(z1) * w**4",
                "dy_dw1": "sigma_prime(z5) * sigma_prime(z4) * sigma_prime(z3) * sigma_prime(z2)"
                " * sigma_prime(z1) * w**4 * x",
                "dystar_db1": f"{_STARRED} * (w**2 * sigma_prime(z2) + wc) * sigma_prime(z1)",
                "dystar_dw1": f"{_STARRED} * (w**2 * sigma_prime(z2) + wc) * sigma_prime(z1) * x",
                "ratio_w1": "abs({dy_dw1}) / abs({dystar_dw1})",
                "ratio_b1": "abs({dy_db1}) / abs({dystar_db1})",
                **{leaf: leaf for leaf in ("f", "a", "x0", "d", "c", "e", "b")},
                "b_x0": "{b} * {x0}",
                "x1": "{b_x0} + {c}",
                "x1_f": "{x1} * {f}",
                "x2": "{x0} + {x1_f}",
                "e_x1": "{e} * {x1}",
                "difference": "{x0} - {e_x1}",
                "power": "{difference}**{a}",
                "d_x2": "{d} * {x2}",
                "sine": "sin({d_x2})",
                "x3": "{power} + {sine}",
                "x3_x2": "{x3} * {x2}",
                "d_x1": "{d} * {x1}",
                "x4": "{x3_x2} + {d_x1}",
            },
            neighbours={"z5": "z4", "z1": "z2", "z4_star": "z4", "z2": "z1", "w": "w1", "x": "w1"}
            | {"b": "c", "c": "d", "d": "c", "e": "f", "f": "e", "x0": "c", "a": "b"},
            walks={
                ("gd_iterates",): _descent,
                ("adam_just_below",): _adam("adam_just_below"),
                ("adam_just_above",): _adam("adam_just_above"),
            },
            once=_ids(
                "dropped-stars shortest-path-only longest-and-shortest-path-only "
                "lost-the-shortcut-into-node-3 lost-the-shortcut-into-node-5 weight-forgotten "
                "weight-too-many x-too-many x-forgotten "
                "sigmoid-for-its-slope slope-of-tanh slope-never-turns "
                "no-bias-correction no-square-root epsilon-inside-the-root "
                "returns-corrected-moments "
            ),
        ),
        Homework(
            slug="dl2020-assignment-2",
            formulas={
                "division_backward_x": "G / Y",
                "division_backward_y": "-G * X / Y**2",
                "matmul_backward_a": "G @ transpose(B)",
                "matmul_backward_b": "transpose(A) @ G",
                "layer_backward_x": "G @ W",
                "layer_backward_w": "transpose(G) @ X",
                "columns_backward": "row_sums(G)",
                "expand_rows_backward": "column_sums(G)",
                "expand_columns_backward": "row_sums(G)",
                "sigmoid": "1 / (1 + exp(-x))",
                "relu": "max(0, x)",
            },
            neighbours={
                "row_sums": "column_sums",
                "column_sums": "row_sums",
                "G": "X",
                "X": "G",
                "Y": "X",
            },
            once=_ids(
                "no-upstream-gradient no-upstream-gradient-in-the-product "
                "sums-along-the-wrong-axis layer-transposed "
            ),
        ),
        Homework(
            slug="dl2022-exercise-3",
            formulas={
                "relu_prime": "where(z > 0, 1, 0)",
                "dL_dyhat": "sign(yhat - y)",
                "dL_dw2": "{dL_dyhat} * h1",
                "dL_dws": "{dL_dyhat} * h0",
                "dL_dw1": "{dL_dyhat} * w2 * relu_prime(z1) * h0",
                "dL_dw0": "{dL_dyhat} * (ws + w2 * relu_prime(z1) * w1) * relu_prime(z0) * x",
            },
            neighbours={"ws": "w2", "w2": "w1", "z1": "z0", "h0": "h1", "h1": "h0", "x": "z0"},
            once=_ids(
                "flipped-loss-slope loss-slope-one slope-of-a-squared-loss "
                "slope-of-half-a-squared-loss a-tenth-of-the-learning-rate "
                "a-hundredth-of-the-learning-rate "
                "w2-for-ws direct-path-left-out long-path-left-out "
                "skip-left-out no-relu-slope relu-for-its-slope "
                "uphill-step "
            ),
        ),
        Homework(
            slug="ecs289-homework",
            formulas={
                "dx3_dx1": "w * sigma_prime(x2) * w * sigma_prime(x1)",
                "deps3_dx1": "(x3 - d3) * {dx3_dx1}",
                "deps3_dw": "(x3 - d3) * (sigma(x2) + w * sigma_prime(x2) * sigma(x1)"
                " + {dx3_dx1} * sigma(x0))",
                "df_dx": "2 * x + y",
                "df_dy": "x + 12 * y",
            },
            neighbours={"x1": "x0", "x2": "x1", "x": "y", "y": "x", "x3": "x2", "d3": "x2"},
            walks={
                ("sgd_points",): _sgd,
                ("nesterov_velocities", "nesterov_points"): _nesterov,
            },
            once=_ids(
                "twice-the-learning-rate a-smaller-learning-rate "
                "slope-of-the-sigmoid slope-with-its-sign-turned tanh-for-its-slope "
                "loss-slope-with-its-sign-turned forgot-the-weight heavy-ball "
                "forgot-the-mixed-term forgot-x-in-the-slope-by-y no-momentum "
                "mixed-term-with-its-sign-turned square-without-its-two "
            ),
        ),
        Homework(
            slug="sigmoid-chain-exercise-3",
            formulas={
                "dy_dx": "w1 * w2 * w3 * w4 * sigma_prime(z1) * sigma_prime(z2)"
                " * sigma_prime(z3) * sigma_prime(z4)",
                "slopes_bound": "(1 / 4)**4",
            },
            neighbours={"w1": "w2", "w3": "x", "z1": "x", "z4": "z3", "z2": "a2"},
            once=_ids("slope-of-tanh slope-of-tanh-from-the-values slope-without-the-sigmoid"),
        ),
    )
}

#: the assignments of the courses that are shown as examples
COURSES = {
    one.slug: one
    for one in (
        Homework(slug="k-means"),
        Homework(slug="two-samples"),
        Homework(slug="quadrature"),
        # Whole numbers would grow without end where a slip takes the division out.
        Homework(
            slug="roots",
            givens={"right": 2.0},
            walks={("newton_points",): _newton},
        ),
    )
}
