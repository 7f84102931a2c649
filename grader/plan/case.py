"""The cases of a function question, as they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.model.call import Call
from grader.model.value import Value

__all__ = ["DifferenceProbe", "PlannedCase"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DifferenceProbe:
    """One entry of one input, moved down and up."""

    parameter: str
    index: tuple[int, ...]  #: of the entry; empty for a single number
    below: Call
    above: Call
    width: float  #: between the two, as floating point has it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedCase:
    """One call of a student's function with fixed inputs."""

    id: str  #: the fingerprint of the call
    label: str
    inputs: Mapping[str, Value]
    givens: Mapping[str, Value]  #: the instance, the assignment's givens included
    hidden: bool
    public: bool = False
    named: bool = True  #: its label is the author's, or shows the inputs
    seed: int = 0  #: of the calls that it makes
    probes: tuple[
        DifferenceProbe, ...
    ] = ()  #: finite differences of another function, if they are asked for
