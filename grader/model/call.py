"""What is asked of a student's code. It holds inputs and no key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.model.assignment import Driver
from grader.model.value import Value

__all__ = ["Call"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Call:
    """One thing to ask of a student's code.

    `call` calls the entry point with `arguments`, `value` reads a variable (or calls a function
    without arguments), `drive` runs the author's driver on the modules, with one argument.
    """

    id: str  #: a fingerprint of all that follows; see `grader/plan/fingerprint.py`
    group: str  #: after a call that had to be killed, the others of its group wait for the rest
    entry: str
    mode: Literal["call", "value", "drive"] = "call"
    arguments: tuple[Value, ...] = ()
    globals: Mapping[str, Value] = field(default_factory=dict)
    driver: Driver | None = None
    seed: int = 0
    hidden: bool = False  #: made after all others: its inputs must not reach what a student sees
    look_again: bool = False  #: send the arguments back as they are after the call
    look_back: bool = (
        False  #: send what earlier calls of the group returned as it is after this one
    )
    repeat: bool = False  #: make the call twice, with fresh copies of the same arguments
    digits: bool = False  #: of a variable: send how the numbers of its literal were typed
