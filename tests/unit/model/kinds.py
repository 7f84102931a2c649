"""Every class of facts of the judge's, found by looking, so that a new one is found too."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import grader.model
from grader.model.fact import Fact, OpenFact

__all__ = ["kinds_of_facts"]


def kinds_of_facts() -> list[type[Fact]]:
    for module in pkgutil.iter_modules(grader.model.__path__):
        importlib.import_module(f"grader.model.{module.name}")
    found = {one for one in _below(Fact) if _is_ours(one) and one is not OpenFact}
    return sorted(found, key=lambda one: one.__name__)


def _below(kind: type[Fact]) -> Iterator[type[Fact]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _is_ours(kind: type[Fact]) -> bool:
    """Not a test's, and not the class without slots that a dataclass with slots was made from."""
    if not kind.__module__.startswith("grader."):
        return False
    return getattr(sys.modules[kind.__module__], kind.__name__, None) is kind
