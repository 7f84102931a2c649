"""Does a driver use the name that students must define?

Whose module lacks that name gets nothing, whatever the driver would have made of the rest. Where
`entry` is left out it is the question's id, which need not be what the driver uses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.judge.expect.key import Key
from grader.judge.expect.world import World
from grader.model.assignment import Assignment, FunctionQuestion
from grader.solver.bounded import bounded

__all__ = ["unused_entries"]


def unused_entries(assignment: Assignment, key: Key) -> tuple[str, ...]:
    """A sentence for each question whose driver asks the module for other names in every case."""
    if key.worlds is None:
        return ()
    world = key.worlds.under()
    found = []
    for question in assignment.questions:
        if not isinstance(question, FunctionQuestion) or question.driver is None:
            continue
        used = _used(question, key, world)
        if used and question.entry not in used:
            names = ", ".join(used)
            file = Path(question.driver.file).name
            found.append(
                f"{question.id}: students must define {question.entry}, and {file} uses {names} "
                f"instead: is `entry: {used[0]}` meant?"
            )
    return tuple(found)


def _used(question: FunctionQuestion, key: Key, world: World) -> list[str]:
    """The names that the driver asks the module for, in their order."""
    used: dict[str, None] = {}
    for case in key.cases[question.id]:
        try:
            with bounded():
                world.call(question, case, around=lambda module: _Asked(module, used))
        except Exception:  # noqa: BLE001, S112 - that is told elsewhere
            continue
    return [*used]


class _Asked:
    """A module that notes which names it is asked for."""

    def __init__(self, module: Any, used: dict[str, None]) -> None:
        self._module = module
        self._used = used

    def __getattr__(self, name: str) -> Any:
        self._used[name] = None
        return getattr(self._module, name)
