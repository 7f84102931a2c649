"""Final marks as JSON and as CSV, for other programs and for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from grader.model.grade import CourseTotal, Grade
from grader.report.cells import guarded

__all__ = ["grades_csv", "grades_json"]

_DECIMALS = 6
_COLUMNS = (
    "student",
    "name",
    "number",
    "section",
    "assignment",
    "points",
    "max_points",
    "attempt",
    "handed_in",
    "excused",
    "waiting",
    "steps",
    "notes",
)


def grades_json(grades: Iterable[Grade], totals: Sequence[CourseTotal]) -> str:
    """`points` is null where something is held or waits, and where the person is excused."""
    document = {
        "schema": 1,
        "grades": [_grade(one) for one in grades],
        "totals": [_total(one) for one in totals],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def grades_csv(grades: Iterable[Grade]) -> str:
    """A row a person and assignment; no cell is a formula, and points are empty where none are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in grades:
        document = _grade(one)
        steps = "; ".join(step.text for step in one.steps)
        waiting = ", ".join(one.waiting)
        document |= {"waiting": waiting, "steps": steps, "notes": "; ".join(one.notes)}
        document["excused"] = "yes" if one.excused else ""
        writer.writerow(
            [guarded(cell) if isinstance(cell, str) else cell for cell in _cells(document)]
        )
    return text.getvalue()


def _cells(document: dict[str, Any]) -> list[Any]:
    return ["" if document[name] is None else document[name] for name in _COLUMNS]


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), _DECIMALS)


def _grade(one: Grade) -> dict[str, Any]:
    return {
        "student": one.person.key,
        "name": one.person.name,
        "number": one.person.number,
        "section": one.person.section,
        "assignment": one.assignment,
        "points": _number(one.points),
        "unrounded": _number(one.unrounded),
        "max_points": _number(one.max_points),
        "attempt": one.attempt,
        "handed_in": one.handed_in.isoformat() if one.handed_in else None,
        "excused": one.excused,
        "waiting": list(one.waiting),
        "questions": [
            {
                "id": question.question,
                "points": _number(question.points),
                "max_points": _number(question.max_points),
                "bonus": question.bonus,
                "dropped": question.dropped,
                "by": question.by or None,
                "verdict": question.verdict,
            }
            for question in one.questions
        ],
        "steps": [{"text": step.text, "points": _number(step.points)} for step in one.steps],
        "notes": list(one.notes),
    }


def _total(one: CourseTotal) -> dict[str, Any]:
    return {
        "student": one.person.key,
        "per_cent": _number(one.per_cent),
        "weights": {slug: _number(weight) for slug, weight in one.weights.items()},
        "waiting": list(one.waiting),
    }
