"""Which tiers of the sandbox this machine has to have, and how a test ends where one is missing.

`GRADER_TEST_TIERS` names them, with commas between: `full,container,basic`. A test that needs a
tier which does not work is skipped and says why; if the variable names the tier, it fails.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

from grader.sandbox.choose import WallsMissing, choose
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS

__all__ = ["VARIABLE", "WITH_WALLS", "missing", "opened", "required", "unless"]

VARIABLE = "GRADER_TEST_TIERS"
WITH_WALLS = TIERS[:2]


def required() -> frozenset[str]:
    """The tiers that have to work here; a ValueError where the variable names what is no tier."""
    named = {name.strip() for name in os.environ.get(VARIABLE, "").split(",")} - {""}
    if unknown := named - set(TIERS):
        msg = f"{VARIABLE} names {', '.join(sorted(unknown))}; there are {', '.join(TIERS)}"
        raise ValueError(msg)
    return frozenset(named)


def missing(*tiers: str, why: object) -> NoReturn:
    """End a test for which one of these tiers would do, and none works: skip it, or fail it."""
    if here := [tier for tier in tiers if tier in required()]:
        pytest.fail(f"{VARIABLE} names {', '.join(here)}, and it does not work here: {why}")
    pytest.skip(f"this machine has no walls of the tier {' or '.join(tiers)}: {why}")


def opened(wanted: str, *, python: str = "") -> ForkSandbox:
    """A sandbox of this tier, or of the best with walls for `auto`. The caller closes it."""
    try:
        return choose(wanted, python=python)
    except WallsMissing as fault:
        missing(*(WITH_WALLS if wanted == "auto" else (wanted,)), why=fault)


def unless(holds: bool, reason: str) -> pytest.MarkDecorator:
    """Skip a test of the walls where the kernel has not what it is about.

    Where a tier with walls is required, the kernel has to have it: then the test runs, and fails.
    """
    return pytest.mark.skipif(not holds and not required() & set(WITH_WALLS), reason=reason)
