"""The assignments of this repository, each prepared once for all tests that look at one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grader.checks.prepare import Prepared, prepare

__all__ = ["SLUGS", "prepared"]

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENTS = ROOT / "assignments"
SLUGS = sorted(path.parent.name for path in ASSIGNMENTS.glob("*/assignment.yaml"))


@cache
def prepared(slug: str) -> Prepared:
    """One of the homeworks, or of the assignments of a course among the examples."""
    places = (ASSIGNMENTS / slug, *ROOT.glob(f"examples/courses/*/assignments/{slug}"))
    return prepare(next(place for place in places if place.is_dir()))
