"""Variants from the secret to marks, as the three users of `grader` meet them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Grader = Callable[..., subprocess.CompletedProcess[str]]

SPEC = """\
schema: 1
slug: descent
title: Gradient descent
reference: descent
submission: {files: [answers.yaml]}
givens: {start: [4, 1], rate: 0.05}
variants:
  givens:
    start: {uniform: [1, 9], decimals: 3, shape: [2]}
    rate: {grid: [0.0101, 0.0501, 0.0001]}
  where: [converges]
questions:
  - {id: slope, kind: array, prompt: "The gradient at {{ start }}."}
  - {id: points, kind: iterates, prompt: "Two iterates with the rate {{ rate }}."}
mistakes:
  - {id: uphill, replaces: next, with: uphill, feedback: This goes uphill.}
"""
REFERENCE = """\
import numpy as np
def gradient(point, /): return np.array([2 * point[0] + point[1], point[0] + 12 * point[1]])
def slope(start, gradient): return gradient(start)
def next(point, /, rate, gradient): return point - rate * gradient(point)
def uphill(point, /, rate, gradient): return point + rate * gradient(point)
def points(start, next): return np.array([next(start), next(next(start))])
def converges(rate): return rate < 0.045
"""
NAMES = ("ada", "jörg", "007")
HANDOUT = "Start at {{ start }}, that is x = {{ start[0] }}, with the rate {{rate}}.\n"


@pytest.fixture(name="course")
def _course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    folder = root / "assignments" / "descent"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (root / "reference" / "descent.py").write_text(REFERENCE)
    (folder / "assignment.yaml").write_text(SPEC)
    (folder / "handout.md").write_text(HANDOUT)
    return root


def numbers(text: str) -> set[str]:
    """The numbers of a text that have three decimals or more, as they are written."""
    return set(re.findall(r"\d\.\d{3,}", text))


def answers(handout: str) -> str:
    """What is right for the numbers of a handout."""
    found = re.search(r"\[([\d.]+), ([\d.]+)\].* rate ([\d.]+)\.\n", handout)
    assert found is not None
    x, y, rate = map(float, found.groups())
    slope = [2 * x + y, x + 12 * y]
    rows = []
    for _ in range(2):
        x, y = x - rate * (2 * x + y), y - rate * (x + 12 * y)
        rows.append([x, y])
    return f"slope: {slope}\npoints: {rows}\n"


@pytest.mark.slow
def test_everybody_gets_their_own_and_is_marked_by_it(grader: Grader, course: Path) -> None:
    folder = course / "assignments" / "descent"
    refused = grader("variant", "descent", "ada", cwd=course)
    assert (refused.returncode, "--init" in refused.stderr) == (2, True)
    made = grader("variant", "descent", "--init", cwd=course)
    assert made.returncode == 0
    secret = folder / "variants.secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert grader("variant", "descent", "--init", cwd=course).returncode == 2
    (course / "roster.csv").write_text("﻿name;key\nA;ada\nJ;jörg\nB;007\n")
    everybody = ("--all", "out", "--roster", "roster.csv")
    assert grader("variant", "descent", *everybody, cwd=course).returncode == 0
    assert grader("variant", "descent", *everybody, cwd=course).returncode == 2  # not written over
    handouts = {name: (course / "out" / name / "handout.md").read_text() for name in NAMES}
    assert len(set(handouts.values())) == 3
    one = grader("variant", "descent", "jörg", cwd=course)
    assert one.stdout.endswith((course / "out" / "jörg" / "answers.yaml").read_text())
    # A release of each, which has neither the secret nor the numbers of the others.
    done = grader("release", "descent", "--all", "rel", "--roster", "roster.csv", cwd=course)
    assert done.returncode == 0
    assert grader("release", "descent", cwd=course).returncode == 2
    for name in NAMES:
        given = course / "rel" / name
        whole = "".join(path.read_text() for path in given.iterdir())
        assert secret.read_text().strip() not in whole
        assert "converges" not in whole
        assert (given / "handout.md").read_text() == handouts[name]
        # Two people may draw the same rate from a grid: only what is another's alone counts.
        own = numbers(handouts[name])
        for other in set(NAMES) - {name}:
            assert not (numbers(handouts[other]) - own) & numbers(whole)
    # Staff look at a variant; the assignment's own numbers stand where nobody is named.
    shown = grader("show", "descent", "--student", "ada", cwd=course).stdout
    rate = re.search(r"rate ([\d.]+)\.\n", handouts["ada"])
    assert rate is not None
    assert f"rate = {rate[1]}   (not the assignment's own)" in shown
    plain = grader("sheet", "descent", cwd=course)
    assert "with the rate 0.05." in plain.stdout
    assert "`grader variant` writes each student's" in plain.stderr
    # They hand in; 007 hands in what is right for ada.
    for name in NAMES:
        work = course / "class" / name
        work.mkdir(parents=True)
        (work / "answers.yaml").write_text(answers(handouts["ada" if name == "007" else name]))
    asked = grader("check", "descent", "class/jörg", cwd=course)
    assert (asked.returncode, "--student" in asked.stderr) == (2, True)
    checked = grader("check", "descent", "class/jörg", "--student", "jörg", cwd=course)
    assert "points: 2 / 2" in checked.stdout
    wrong = grader("check", "descent", "class/007", "--student", "007", cwd=course)
    assert "points: 0 / 2" in wrong.stdout
    assert "ada" not in wrong.stdout + wrong.stderr
    table = grader("grade", "descent", "class", "--gradebook", "c.db", "--details", cwd=course)
    assert table.returncode == 0
    assert "wrong here, and right for the variant of ada: slope, points" in table.stdout
    assert len(re.findall(r"points: 2 / 2", table.stdout)) == 2
    secret.unlink()  # what was answered is kept
    again = grader("regrade", "descent", "--gradebook", "c.db", cwd=course)
    assert "0 gain, 0 lose, 3 have the same" in again.stdout
