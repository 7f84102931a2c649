"""A machine with one processor, whatever this one has."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.sandbox.forked import ForkSandbox
from tests import tiers


@pytest.fixture
def crowded(request: pytest.FixtureRequest) -> Iterator[ForkSandbox]:
    """A sandbox of the best tier; it, and what this test starts, share a single processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        sandbox = tiers.opened(getattr(request, "param", "auto"))
        yield sandbox
        sandbox.close()
    finally:
        os.sched_setaffinity(0, before)
