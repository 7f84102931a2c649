from __future__ import annotations

import json
from datetime import UTC, datetime

from grader.report.run_record import start_record


def test_the_record_says_what_the_results_do_not() -> None:
    record = json.loads(start_record("basic", 4, 120).finish())
    assert set(record) == {
        "schema",
        "started",
        "wall_seconds",
        "tier",
        "workers",
        "submissions",
        "grader",
        "python",
        "numpy",
        "platform",
    }
    assert (record["schema"], record["tier"]) == (1, "basic")
    assert (record["workers"], record["submissions"]) == (4, 120)
    assert record["wall_seconds"] >= 0


def test_the_start_is_an_instant_with_its_zone() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    started = datetime.fromisoformat(json.loads(start_record("basic", 1, 1).finish())["started"])
    assert started.utcoffset() is not None
    assert before <= started <= datetime.now(UTC)
