"""A student's code that attacks nobody."""

from __future__ import annotations

from typing import Any


def nothing(told: dict[str, Any]) -> Any:
    return None
