"""What the questions of one assignment have in common while they are built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.model.assignment import CarryForward
from grader.model.tolerance import Tolerance, ToleranceError
from grader.model.typed import USUAL_NUMBERS, NumberRules
from grader.model.value import Value
from grader.spec.problems import Problems, did_you_mean
from grader.spec.values import exact, given, input_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["Context", "read_carry_forward", "read_tolerance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The assignment around a question; problems go to `problems`."""

    problems: Problems
    folder: Path
    givens: Mapping[str, Value]
    default_points: Fraction
    default_tolerance: Tolerance
    default_carry_forward: CarryForward
    has_reference: bool
    numbers: NumberRules = USUAL_NUMBERS

    def shared(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that all kinds of question have."""
        return {
            "id": spec["id"],
            "kind": spec["kind"],
            "points": exact(spec["points"]) if "points" in spec else self.default_points,
            "entry": spec.get("entry", spec["id"]),
            "carry_forward": read_carry_forward(
                spec.get("carry_forward"), self.default_carry_forward
            ),
            **given(spec, prompt=str, charge=str, all_or_nothing=bool, bonus=bool),
        }

    def instance(self, path: KeyPath, spec: Mapping[str, Any]) -> Mapping[str, Value]:
        """The givens that an `at` changes."""
        for name in spec:
            self.check_given((*path, name), name, of_key=True)
        return {name: input_value(value) for name, value in spec.items()}

    def check_given(self, path: KeyPath, name: str, *, of_key: bool = False) -> None:
        if name not in self.givens:
            message = f"{name!r} is not one of the assignment's givens"
            near = did_you_mean(name, self.givens)
            self.problems.add("S203", path, message, near, of_key=of_key)


def read_tolerance(
    problems: Problems, path: KeyPath, spec: Mapping[str, Any] | None, default: Tolerance
) -> Tolerance:
    """The tolerance of a spec, or `default` where it gives none (or a senseless one)."""
    if spec is None:
        return default
    try:
        tolerance = Tolerance.from_spec(spec)
    except ToleranceError as error:
        problems.add("S204", path, str(error), of_key=True)
        return default
    if not any((tolerance.rtol, tolerance.atol)) and set(spec) & {"rtol", "atol"}:
        help_text = "write `exact: true` where that is meant"
        problems.add("S204", path, "both bounds are zero", help_text, of_key=True)
    return tolerance


def read_carry_forward(
    spec: Mapping[str, Any] | bool | None, default: CarryForward
) -> CarryForward:
    """The policy of a spec; what it leaves open is as in `default`."""
    if spec is None:
        return default
    if isinstance(spec, bool):
        return replace(default, allowed=spec)
    changes = given(
        spec, credit=exact, fabricated_credit=exact, plausible=lambda ends: tuple(map(exact, ends))
    )
    return replace(default, allowed=True, **changes)
