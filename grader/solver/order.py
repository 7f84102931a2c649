"""In which order the steps of a reference are computed, with some replaced and some known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from grader.solver.reference import Reference, Step

__all__ = ["Order", "StepFault", "Way", "original"]

_MARK = "~"  # no name of Python ends so


class StepFault(Exception):
    """A step could not be computed: its name, the line in the reference, and one sentence."""

    def __init__(self, step: str, line: int, message: str) -> None:
        super().__init__(f"step {step!r} {message}")
        self.step = step
        self.line = line
        self.message = message

    def again(self) -> StepFault:
        """The same fault to be raised once more, without what led to it the last time."""
        return StepFault(self.step, self.line, self.message)


class Way(NamedTuple):
    """The names to be computed, one after another, and why it cannot be gone to the end."""

    names: tuple[str, ...]
    fault: StepFault | None


def original(name: str) -> str:
    """Under which a replaced name's own value is kept."""
    return name + _MARK


class Order:
    """What each name is computed from and by which step, where some are replaced and some known.

    Solutions that have this in common, such as those at all points of a formula, share one.
    """

    def __init__(
        self, reference: Reference, replace: Mapping[str, str], known: Iterable[str]
    ) -> None:
        self._reference = reference
        self._replace = replace
        self._known = frozenset(known)
        self._needs: dict[str, dict[str, str]] = {}
        self._ways: dict[str, Way] = {}

    def step(self, name: str) -> Step | None:
        """The step that computes a name; None where another given stands in for it."""
        if name.endswith(_MARK):
            return self._reference.steps.get(name.removesuffix(_MARK))
        return self._reference.steps.get(self._replace.get(name, name))

    def needs(self, name: str) -> dict[str, str]:
        """Parameters of the step that computes `name`, and the names whose values they are.

        Raises StepFault where nothing computes it.
        """
        if name not in self._needs:
            self._needs[name] = self._read_needs(name)
        return self._needs[name]

    def way_to(self, name: str) -> Way:
        """What is to be computed for a name, itself at the end and what it needs before it."""
        if name not in self._ways:
            self._ways[name] = self._find_way(name)
        return self._ways[name]

    def _read_needs(self, name: str) -> dict[str, str]:
        step = self.step(name)
        if step is not None:
            own = name if name in self._replace else None
            return {need: original(need) if need == own else need for need in step.needs}
        other = self._replace.get(name)
        if other is None:
            raise StepFault(name.removesuffix(_MARK), 0, "is neither a step nor a given")
        # A given stands in for it: the original one, so that two of them can change places.
        return {"": original(other) if other in self._replace else other}

    def _find_way(self, name: str) -> Way:
        # A trail instead of recursion: references may have longer chains than Python's stack.
        found: dict[str, None] = {}
        trail = {} if name in self._known else {name: None}
        while trail:
            current = next(reversed(trail))
            try:
                needs = self.needs(current)
            except StepFault as fault:
                return Way(tuple(found), fault.again())
            lacking = next(
                (one for one in needs.values() if one not in self._known and one not in found), None
            )
            if lacking is None:
                found[current] = None
                trail.popitem()
            elif lacking in trail:
                step = self.step(current)
                line = step.line if step is not None else 0
                return Way(tuple(found), StepFault(lacking, line, "needs itself"))
            else:
                trail[lacking] = None
        return Way(tuple(found), None)
