"""What is true of one run and not of the results: times, versions, the tier, the machine."""

from __future__ import annotations

import json
import platform
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from grader.model.assignment import Assignment, Limits

__all__ = ["RunRecord", "start_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """Written beside the results as `<results>.run.json`; see docs/integrators/results.md."""

    started: str  #: ISO 8601, UTC
    began: float  #: seconds of a monotonic clock
    tier: str  #: what the walls around the students' code keep out
    workers: int
    submissions: int
    limits: Limits  #: that held, whether the assignment or the command line set them
    interpreter: str  #: of the students' code; empty: the one that ran us

    def finish(self) -> str:
        """The record as JSON, with the versions that a second run needs to give the same bytes."""
        document = {
            "schema": 1,
            "started": self.started,
            "wall_seconds": round(time.monotonic() - self.began, 3),
            "tier": self.tier,
            "workers": self.workers,
            "submissions": self.submissions,
            "limits": asdict(self.limits),
            "interpreter": self.interpreter,
            "grader": version("numgrader"),
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "platform": platform.platform(),
        }
        return json.dumps(document, indent=2) + "\n"


def start_record(assignment: Assignment, *, tier: str, workers: int, submissions: int) -> RunRecord:
    """A record that begins now."""
    return RunRecord(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        began=time.monotonic(),
        tier=tier,
        workers=workers,
        submissions=submissions,
        limits=assignment.limits,
        interpreter=assignment.python,
    )
