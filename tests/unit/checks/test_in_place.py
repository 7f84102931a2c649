"""A driver that keeps results without a copy is told, and no driver that may."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.in_place import kept_without_copy
from grader.checks.prepare import prepare

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {{files: [hw.py]}}
questions:
  - id: walk
    kind: function
    step: next_w
    entry: next_w
    driver: walk.py
    tolerance: {{rtol: 1e-6}}
    {promise}
    cases:
      - {{w: [1.0, 2.0], dw: [0.5, 0.5]}}
"""
REFERENCE = """\
def next_w(w, dw, rate, /):
    return w - rate * dw
"""
DRIVER = """\
import numpy as np

def drive(module, case):
    w, dw = np.array(case["w"]), np.array(case["dw"])
    points = []
    for rate in (0.1, 0.2, 0.3):
        w = module.next_w(w, dw, rate)
        points.append({kept})
    return points
"""


@pytest.mark.parametrize(
    ("kept", "promise", "told"),
    [
        ("w", "", True),
        ("w.reshape(-1)", "", True),  # a view is no copy
        ("w", "requires: [inputs_unchanged]", False),
        # honest cousins: each keeps what it needs
        ("w.copy()", "", False),
        ("w + 0", "", False),
        ("w.tolist()", "", False),
        ("float(w.sum())", "", False),
    ],
)
def test_who_keeps_what_may_be_overwritten_is_told(
    tmp_path: Path, kept: str, promise: str, told: bool
) -> None:
    folder = tmp_path / "assignments" / "small"
    folder.mkdir(parents=True)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "small.py").write_text(REFERENCE, encoding="utf-8")
    (folder / "walk.py").write_text(DRIVER.format(kept=kept), encoding="utf-8")
    (folder / "assignment.yaml").write_text(SPEC.format(promise=promise), encoding="utf-8")
    found = prepare(folder)
    sentences = kept_without_copy(found.assignment, found.key)
    assert bool(sentences) == told, sentences
    assert all(one.startswith("walk: ") and "walk.py may keep it" in one for one in sentences)
