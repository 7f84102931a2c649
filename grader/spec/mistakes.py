"""Build the mistakes of an assignment: what stands in for which steps and givens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.model.assignment import Mistake
from grader.spec.problems import Problems
from grader.spec.values import exact, given, input_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_mistakes"]


def build_mistakes(problems: Problems, specs: Sequence[Mapping[str, Any]]) -> tuple[Mistake, ...]:
    """The mistakes, each under an id of its own. `specs` fit the schema."""
    found: dict[str, Mistake] = {}
    for index, spec in enumerate(specs):
        path: KeyPath = ("mistakes", index)
        replaced = _replaced(problems, path, spec)
        if spec["id"] in found:
            problems.add("S215", (*path, "id"), f"two mistakes have the id {spec['id']!r}")
        found[spec["id"]] = Mistake(
            id=spec["id"],
            replace={name: other for name, other in replaced.items() if isinstance(other, str)},
            values={
                name: input_value(other)
                for name, other in replaced.items()
                if not isinstance(other, str)
            },
            feedback=_feedback(spec["feedback"], "student"),
            for_staff=_feedback(spec["feedback"], "staff"),
            **given(spec, credit=exact, charge=str),
        )
    return tuple(found.values())


def _feedback(spec: str | Mapping[str, str], reader: str) -> str:
    texts = {"student": spec} if isinstance(spec, str) else spec
    return " ".join(texts.get(reader, "").split())


def _replaced(problems: Problems, path: KeyPath, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    replaces = spec["replaces"]
    if isinstance(replaces, str) and spec.get("with") is not None:
        return {replaces: spec["with"]}
    if isinstance(replaces, str):
        message = f"{spec['id']!r} does not say what stands in for {replaces!r}"
        problems.add("S215", path, message, "add `with: ` a step, a given or a value")
        return {}
    if "with" in spec:
        message = "a mapping under `replaces` already says what stands in; leave out `with`"
        problems.add("S215", (*path, "with"), message, of_key=True)
    lacking = [name for name, other in replaces.items() if other is None]
    if lacking:
        message = f"{spec['id']!r} does not say what stands in for {lacking[0]!r}"
        problems.add("S215", (*path, "replaces"), message)
    return {name: other for name, other in replaces.items() if other is not None}
