"""What an input is drawn from: a domain, or a mapping of names to domains, however deep."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from grader.model.assignment import Drawn
from grader.spec.problems import Problems, did_you_mean
from grader.spec.values import read_domain
from grader.spec.yaml_reader import KeyPath

__all__ = ["read_drawn"]

_KINDS = ("range", "integers")
_MORE = ("signed", "shape", "also")
_DEEPEST = 8
_HELP = "a domain is [low, high], or a mapping with `range` or `integers`"


def read_drawn(problems: Problems, path: KeyPath, data: Any) -> Drawn | None:
    """Read a domain, or a mapping of them; None after a problem was added.

    The schema has looked at the outermost domains, and not at what stands inside a mapping.
    """
    return _read(problems, path, data, 0)


def _read(problems: Problems, path: KeyPath, data: Any, depth: int) -> Drawn | None:
    if isinstance(data, list) or (isinstance(data, Mapping) and any(one in data for one in _KINDS)):
        fault = _misformed(data) if depth else ""
        if fault:
            problems.add("S212", path, fault, _HELP)
            return None
        return read_domain(problems, path, data)
    if not isinstance(data, Mapping) or not data or depth >= _DEEPEST:
        problems.add("S212", path, "nothing is drawn from this", _HELP)
        return None
    for name in data:
        # A name such as `rate` is none of these, however near it is.
        if name in _MORE or difflib.get_close_matches(str(name), _KINDS, cutoff=0.8):
            message = f"a domain with {name!r} gives neither range nor integers"
            problems.add("S212", path, message, did_you_mean(str(name), _KINDS) or _HELP)
            return None
    read = {str(name): _read(problems, (*path, name), one, depth + 1) for name, one in data.items()}
    found = {name: one for name, one in read.items() if one is not None}
    return found if len(found) == len(read) else None


def _misformed(data: Any) -> str:
    """What is wrong with the form of a domain, in words."""
    spec: Mapping[str, Any] = {"range": data} if isinstance(data, list) else data
    unknown = [str(name) for name in spec if name not in (*_KINDS, *_MORE)]
    if unknown:
        return f"a domain has no {unknown[0]!r}"
    for name in _KINDS:
        ends = spec.get(name, [0, 1])
        whole = int if name == "integers" else int | float
        if not (isinstance(ends, list) and len(ends) == 2 and all(_is(one, whole) for one in ends)):
            return f"{name} is [low, high]: two {'whole ' * (whole is int)}numbers"
    lengths = spec.get("shape", [1])
    if not isinstance(lengths, list) or not 1 <= len(lengths) <= 4:
        return "a shape is a list of one to four lengths"
    if not all(_is(one, int) and 1 <= one <= 1000 for one in lengths):
        return "each length of a shape is a whole number from 1 to 1000"
    if not isinstance(spec.get("signed", False), bool):
        return "signed is true or false"
    return "" if "also" not in spec else "`also` is for formulas"


def _is(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)
