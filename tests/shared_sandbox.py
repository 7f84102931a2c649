"""One sandbox for all tests that need a student's code to run, and do not care how."""

from __future__ import annotations

import atexit

from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import BASIC

__all__ = ["SANDBOX"]

SANDBOX = ForkSandbox(BASIC)
atexit.register(SANDBOX.close)
