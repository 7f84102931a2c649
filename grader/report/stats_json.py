"""What a class shows as JSON, for pages and programs: docs/integrators/statistics.md."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from grader.compare.comparison import path_text
from grader.stats.clusters import Cluster
from grader.stats.lost import Cause
from grader.stats.shown import ClassShown, QuestionShown

__all__ = ["STATS_VERSION", "stats_document", "stats_json"]

STATS_VERSION = 1
_DECIMALS = 6


def stats_json(shown: ClassShown, *, complete: bool, question: str = "") -> str:
    """The document as text; NaN and infinities cannot occur in it."""
    document = stats_document(shown, complete=complete, question=question)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode() + "\n"


def stats_document(shown: ClassShown, *, complete: bool, question: str = "") -> dict[str, Any]:
    """As plain data; with a question only what is about that one, and the class as a whole."""
    return {
        "schema": STATS_VERSION,
        "assignment": {"slug": shown.slug, "title": shown.title},
        "complete": complete,
        "students": shown.students,
        "held": _plain(shown.waiting.held),
        "pending": _plain(shown.waiting.pending),
        "without_final": shown.waiting.students,
        "distribution": _plain(shown.distribution),
        "reliability": _plain(shown.reliability),
        "lost": {
            "points": _plain(shown.lost.total),
            **{
                cause.value: {
                    "points": _plain(shown.lost.by_cause[cause]),
                    "share": _plain(shown.lost.share(cause)),
                }
                for cause in Cause
            },
        },
        "questions": [
            _question(one) for one in shown.questions if question in ("", one.figures.question)
        ],
        "mistakes": _plain(shown.mistakes),
        "clusters": [_cluster(one) for one in shown.clusters if question in ("", one.question)],
        "readings": _plain(shown.readings),
    }


def _question(one: QuestionShown) -> dict[str, Any]:
    figures = _plain(one.figures)
    return {
        "id": figures.pop("question"),
        **figures,
        "first_wrong": {
            "students": _plain(one.first.students),
            "places": [{"label": label, "students": n} for label, n in one.first.labels],
            "mistakes": [{"mistake": name, "students": n} for name, n in one.first.mistakes],
        },
        "edge": None
        if one.edge is None
        else {key: value for key, value in _plain(one.edge).items() if key != "question"},
        "cases": [{**_plain(case), "adds_nothing": case.adds_nothing} for case in one.cases],
    }


def _cluster(one: Cluster) -> dict[str, Any]:
    return {**_plain(one), "path": path_text(one.path) if one.path else ""}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        value = int(value) if value.denominator == 1 else float(value)
    if isinstance(value, float):
        return round(value, _DECIMALS) if math.isfinite(value) else None
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
