"""Read how a call is written: `name(first, second)`."""

from __future__ import annotations

import keyword
import re

from grader.spec.problems import Problems
from grader.spec.yaml_reader import KeyPath

__all__ = ["read_call"]

_CALL = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)


def read_call(
    problems: Problems, path: KeyPath, written: str
) -> tuple[str, tuple[str, ...]] | None:
    """The entry point and the names of its arguments, or None after a problem was added."""
    match = _CALL.fullmatch(written)
    name = match[1] if match else ""
    items = match[2].split(",") if match and match[2].strip() else []
    parameters = tuple(item.strip() for item in items)
    fault = ""
    if not all(word.isidentifier() and not keyword.iskeyword(word) for word in (name, *parameters)):
        fault = "a call is written name(first, second)"
    elif len(set(parameters)) < len(parameters):
        fault = "the call names an argument twice"
    if fault:
        problems.add("S206", path, fault)
        return None
    return name, parameters
