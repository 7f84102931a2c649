"""Who gains, who loses and why, as JSON for programs: docs/integrators/results.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader.gradebook.changes import Changes, Given, QuestionChange, StudentChange

__all__ = ["CHANGES_VERSION", "changes_json"]

CHANGES_VERSION = 1
_DECIMALS = 6


def changes_json(
    changes: Changes,
    *,
    assignment: str,
    dry_run: bool,
    code_run_of: int,
    edits: Sequence[str],
    by: Mapping[tuple[int, str], Sequence[str]],
    not_tried: bool,
) -> str:
    """Every student of whom something else came out. `by` says which edits suffice alone for an
    answer; with `not_tried` there were too many to try each."""
    document = {
        "schema": CHANGES_VERSION,
        "assignment": assignment,
        "dry_run": dry_run,
        "students": changes.total,
        "gain": _sum(changes.gaining),
        "lose": _sum(changes.losing),
        "code_run_of": code_run_of,
        "edits": list(edits),
        "edits_not_tried": not_tried,
        "verdicts": [
            {"question": question, "before": before, "after": after, "answers": count}
            for question, counted in changes.verdicts.items()
            for (before, after), count in sorted(counted.items())
        ],
        "changed": [_student(one, by) for one in changes.students],
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode() + "\n"


def _sum(students: Sequence[StudentChange]) -> dict[str, Any]:
    points = sum((one.gain for one in students), Fraction(0))
    return {"students": len(students), "points": _number(points)}


def _student(one: StudentChange, by: Mapping[tuple[int, str], Sequence[str]]) -> dict[str, Any]:
    return {
        "id": one.student,
        "before": _number(one.before),
        "after": _number(one.after),
        "kept": one.kept,
        "questions": [_question(change, by) for change in one.questions],
    }


def _question(
    change: QuestionChange, by: Mapping[tuple[int, str], Sequence[str]]
) -> dict[str, Any]:
    return {
        "id": change.question,
        "attempt": change.attempt,
        "before": _given(change.before),
        "after": _given(change.after),
        "edits": list(by.get((change.submission, change.question), ())),
    }


def _given(given: Given | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {"verdict": given.verdict, "reason": given.reason, "score": _number(given.score)}


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), _DECIMALS)
