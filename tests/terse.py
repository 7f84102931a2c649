"""What a worker of xdist tells the process that prints: of a test that passes, that it passed.

Left to itself, a worker sends six messages a test: that it begins, three reports (set up, called,
taken down), that it ends, and that the worker is free. Each is packed, sent, unpacked and handed
to every plugin there; with ten thousand tests that was a fifth of the time of `make fast`.
"""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

__all__ = ["Terse", "wanted"]


def wanted(config: pytest.Config) -> bool:
    """Whether this is a worker, and nobody asked for what only the other reports tell."""
    asked = config.option.durations or getattr(config.option, "xmlpath", None)
    return hasattr(config, "workerinput") and not asked


class Terse:
    """Sends the report of each call, and the others only where something went wrong."""

    @pytest.hookimpl
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        for report in runtestprotocol(item, log=False, nextitem=nextitem):
            if report.when == "call" or not report.passed:
                if report.passed:
                    report.keywords = {}  # nobody asks for what a test that passed was chosen by
                item.ihook.pytest_runtest_logreport(report=report)
        return True
