"""A driver that never asks for the name that students must define is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.driver_entry import unused_entries
from grader.checks.prepare import prepare

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {{files: [hw.py]}}
questions:
  - id: flow
    kind: function
    {entry}
    driver: flow.py
    cases:
      - {{h: 1.5, name: ice}}
      - {{h: 2.5, name: flow}}
"""
REFERENCE = """\
def ice(h, /):
    return 0.5 * h

def flow(h, /):
    return 0.25 * h
"""


@pytest.mark.parametrize(
    ("entry", "gives", "told"),
    [
        ("", "module.ice(case['h'])", True),
        ("entry: melt", "module.ice(case['h']) + module.flow(case['h'])", True),
        # honest cousins: what must be defined is used, by name or however, or in one case only
        ("entry: ice", "module.ice(case['h'])", False),
        ("", "module.ice(case['h']) + module.flow(case['h'])", False),
        ("", "getattr(module, case['name'])(case['h'])", False),
        ("entry: melt", "2 * case['h']", False),
    ],
)
def test_a_driver_that_uses_other_names_is_told(
    tmp_path: Path, entry: str, gives: str, told: bool
) -> None:
    for path, text in {
        "small/assignment.yaml": SPEC.format(entry=entry),
        "small/flow.py": f"def drive(module, case):\n    return {gives}\n",
        "reference/small.py": REFERENCE,
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    made = prepare(tmp_path / "small")
    said = unused_entries(made.assignment, made.key)
    assert bool(said) == told
    if told:
        assert "uses ice" in said[0]
        assert "is `entry: ice` meant?" in said[0]
