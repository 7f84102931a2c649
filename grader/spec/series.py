"""Build series questions and their criteria."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.model.series import (
    Criterion,
    SeriesQuestion,
)
from grader.spec.context import Context
from grader.spec.problems import did_you_mean
from grader.spec.values import exact, given
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_series"]

_RULES = (
    "count",
    "range",
    "final",
    "best",
    "monotone",
    "integers",
    "states_best",
    "distinct",
    "rows_differ",
)
_BELONGS = {"lowest": ("best", "states_best"), "slack": ("monotone",), "strictly": ("monotone",)}


def build_series(context: Context, path: KeyPath, spec: Mapping[str, Any]) -> SeriesQuestion:
    columns = tuple(spec["columns"])
    criteria = tuple(
        criterion
        for index, one in enumerate(spec["criteria"])
        if (criterion := _criterion(context, (*path, "criteria", index), one, columns)) is not None
    )
    return SeriesQuestion(
        **context.shared(spec),
        columns=columns,
        criteria=criteria,
        **given(spec, gaps=bool),
    )


def _criterion(
    context: Context, path: KeyPath, spec: Mapping[str, Any], columns: tuple[str, ...]
) -> Criterion | None:
    problems = context.problems
    rules = [rule for rule in _RULES if rule in spec]
    if len(rules) != 1:
        known = ", ".join(_RULES)
        problems.add("S213", path, f"a criterion has exactly one rule of {known}")
        return None
    rule = rules[0]
    for key, owners in _BELONGS.items():
        if key in spec and rule not in owners:
            message = f"{key!r} does not go with {rule!r}"
            problems.add("S213", (*path, key), message, f"it goes with {' or '.join(owners)}")
    names = tuple(spec[rule]) if rule in ("states_best", "rows_differ") else ()
    for name in (spec["column"], *names):
        if name not in columns:
            message = f"{name!r} is not one of the columns"
            problems.add("S213", path, message, did_you_mean(name, columns))
    low, high = _bounds(context, path, rule, spec)
    return Criterion(
        label=spec.get("label", f"{spec['column']}: {rule.replace('_', ' ')}"),
        column=spec["column"],
        rule=rule,
        low=low,
        high=high,
        direction=spec.get("monotone", ""),
        names=names,
        **given(spec, share=exact, lowest=bool, slack=float, strictly=bool, required=bool),
    )


def _bounds(
    context: Context, path: KeyPath, rule: str, spec: Mapping[str, Any]
) -> tuple[float | None, float | None]:
    if rule not in ("count", "range", "final", "best", "distinct"):
        return None, None
    bound = spec[rule] if isinstance(spec[rule], list) else [spec[rule], spec[rule]]
    low, high = (None if end is None else float(end) for end in bound)
    if low is None and high is None:
        context.problems.add("S213", (*path, rule), f"{rule} gives no bound")
    elif low is not None and high is not None and low > high:
        message = f"the bounds of {rule} are the wrong way round"
        context.problems.add("S213", (*path, rule), message)
    return low, high
