"""Build what a function's result is held against: finite differences of another function."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.model.assignment import OF_DIFFERENCES, Case, Domain, FiniteDifferences
from grader.model.value import Value
from grader.spec.calls import read_call
from grader.spec.context import read_tolerance
from grader.spec.problems import Problems, did_you_mean
from grader.spec.values import exact, given
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_inputs_of_differences", "read_differences"]

_MOST_NUMBERS = 4096  # every call is sent all of them


def read_differences(
    problems: Problems,
    path: KeyPath,
    spec: Mapping[str, Any],
    call: tuple[str, tuple[str, ...]] | None,
) -> FiniteDifferences | None:
    """The demand, or None after a problem was added; `call` is that of the question."""
    inner = (*path, "tolerance")
    tolerance = read_tolerance(problems, inner, spec.get("tolerance"), OF_DIFFERENCES)
    if tolerance.published or tolerance.strict:
        message = "published and strict are for answers that are typed, not for functions"
        problems.add("S204", inner, message)
    if call is None:
        message = "finite differences need a `call`, whose arguments they change"
        problems.add("S206", path, message, of_key=True)
        return None
    entry, parameters = call
    of = (spec["of"], parameters)
    if "(" in spec["of"] or not spec["of"].isidentifier():
        read = read_call(problems, (*path, "of"), spec["of"])
        if read is None:
            return None
        of = read
    if of[0] == entry:
        message = f"{entry!r} cannot be compared with differences of itself"
        problems.add("S206", (*path, "of"), message)
    for index, name in enumerate(spec["with_respect_to"]):
        if name not in of[1]:
            message = f"{name!r} is not an argument of {of[0]}"
            near = did_you_mean(name, of[1])
            problems.add("S206", (*path, "with_respect_to", index), message, near)
    for name in of[1]:
        if name not in parameters:
            message = f"{name!r} is not an argument of the question's call"
            problems.add("S206", (*path, "of"), message, did_you_mean(name, parameters))
    return FiniteDifferences(
        of=of[0],
        parameters=of[1],
        with_respect_to=tuple(spec["with_respect_to"]),
        step=float(spec["step"]) if "step" in spec else None,
        tolerance=tolerance,
        **given(spec, share=exact),
    )


def check_inputs_of_differences(
    problems: Problems,
    path: KeyPath,
    differences: FiniteDifferences | None,
    cases: Sequence[Case],
) -> None:
    """Add a problem for every input that cannot be moved a little, entry by entry."""
    for index, case in enumerate(cases):
        for name in differences.with_respect_to if differences else ():
            if name in case.random:
                drawn = case.random[name]
                size = math.prod(drawn.shape) if isinstance(drawn, Domain) else 0
            else:
                size = _size(case.inputs.get(name, 0))
            fault = ""
            if size == 0:
                fault = f"finite differences need a number or an array of numbers for {name}"
            elif size > _MOST_NUMBERS:
                fault = f"{size} numbers are too many to take finite differences of ({name})"
            if fault:
                help_text = f"an input has at most {_MOST_NUMBERS}"
                problems.add("S207", (*path, "cases", index), fault, help_text)


def _size(value: Value) -> int:
    """How many numbers there are; 0 for what is not made of numbers."""
    if isinstance(value, np.ndarray):
        return value.size
    return int(isinstance(value, int | float) and not isinstance(value, bool))
