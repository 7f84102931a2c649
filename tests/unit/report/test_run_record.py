from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from grader.model.assignment import Limits
from grader.model.graded import Graded
from grader.report.run_record import start_record


def record(marked: Callable[..., Graded], **changes: Any) -> Any:
    assignment = replace(marked().assignment, **changes)
    return json.loads(start_record(assignment, tier="basic", workers=4, submissions=120).finish())


def test_the_record_says_what_the_results_do_not(marked: Callable[..., Graded]) -> None:
    document = record(marked)
    assert set(document) == {
        "schema",
        "started",
        "wall_seconds",
        "tier",
        "workers",
        "submissions",
        "limits",
        "interpreter",
        "grader",
        "python",
        "numpy",
        "platform",
    }
    assert (document["schema"], document["tier"]) == (1, "basic")
    assert (document["workers"], document["submissions"]) == (4, 120)
    assert document["wall_seconds"] >= 0


def test_the_limits_and_the_interpreter_that_held_are_told(
    marked: Callable[..., Graded],
) -> None:
    document = record(marked, limits=Limits(wall_seconds=2.5, processes=4), python="/p/python")
    assert document["limits"]["wall_seconds"] == 2.5
    assert document["limits"]["processes"] == 4
    assert document["limits"]["memory_mib"] == 512
    assert document["interpreter"] == "/p/python"
    assert record(marked)["interpreter"] == ""


def test_the_start_is_an_instant_with_its_zone(marked: Callable[..., Graded]) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    started = datetime.fromisoformat(record(marked)["started"])
    assert started.utcoffset() is not None
    assert before <= started <= datetime.now(UTC)
