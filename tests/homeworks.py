"""The homeworks of this repository, each prepared once for all tests that look at one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grader.checks.prepare import Prepared, prepare

__all__ = ["SLUGS", "prepared"]

ASSIGNMENTS = Path(__file__).resolve().parents[1] / "assignments"
SLUGS = sorted(path.parent.name for path in ASSIGNMENTS.glob("*/assignment.yaml"))


@cache
def prepared(slug: str) -> Prepared:
    return prepare(ASSIGNMENTS / slug)
