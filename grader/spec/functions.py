"""Build function questions: what is called, and with which cases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.model.assignment import Case, Domain, Drawn, Driver, FunctionQuestion
from grader.spec.calls import read_call
from grader.spec.context import Context, read_tolerance
from grader.spec.differences import check_inputs_of_differences, read_differences
from grader.spec.drawn import read_drawn
from grader.spec.sources import read_driver
from grader.spec.values import MAX_DRAWN, exact, given, input_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_function"]

_OF_CASE = ("hidden", "public")  #: said of a case, beside its inputs
_BESIDE = "what is said of a case stands beside them: `{inputs: {x: 1}, hidden: true}`"
_LARGEST_WHOLE = 2**53  #: up to here floating-point numbers are exact


def build_function(context: Context, path: KeyPath, spec: Mapping[str, Any]) -> FunctionQuestion:
    """The question; where its call or driver is wrong, a problem and a question without."""
    shared = context.shared(spec)
    problems = context.problems
    if not context.has_reference:
        problems.add("S205", path, f"the function {spec['id']!r} needs a reference")
    call: tuple[str, tuple[str, ...]] | None = None
    driver = None
    if ("call" in spec) == ("driver" in spec):
        gives = "both a call and a driver" if "call" in spec else "neither a call nor a driver"
        message = f"{spec['id']!r} gives {gives}: it must give one of them"
        problems.add("S206", path, message)
    elif "call" in spec:
        call = _call(context, path, spec)
        shared["entry"] = call[0] if call else shared["entry"]
    else:
        source = read_driver(problems, (*path, "driver"), context.folder, spec["driver"])
        driver = Driver(file=spec["driver"], source=source or "")
    for name, value in spec.get("globals", {}).items():
        context.check_given((*path, "globals", name), value)
    default = context.default_tolerance
    tolerance = read_tolerance(problems, (*path, "tolerance"), spec.get("tolerance"), default)
    tolerances = {
        inner: read_tolerance(problems, (*path, "tolerances", inner), one, default)
        for inner, one in spec.get("tolerances", {}).items()
    }
    for one in (tolerance, *tolerances.values()):
        if one.published or one.strict:
            message = "published and strict are for answers that are typed, not for functions"
            problems.add("S204", path, message)
    cases = tuple(
        _case(context, (*path, "cases", index), case, call[1] if call else None)
        for index, case in enumerate(spec["cases"])
    )
    differences = None
    if "finite_differences" in spec and (call or "call" not in spec):
        inner = (*path, "finite_differences")
        differences = read_differences(problems, inner, spec["finite_differences"], call)
        check_inputs_of_differences(problems, path, differences, cases)
    requires = spec.get("requires", ())
    if "promise_share" in spec and not requires:
        message = "a `promise_share` is for what `requires` names, and nothing is required"
        problems.add("S101", (*path, "promise_share"), message, of_key=True)
    return FunctionQuestion(
        **shared,
        step=spec.get("step", spec["id"]),
        parameters=call[1] if call else (),
        driver=driver,
        cases=cases,
        at=context.instance((*path, "at"), spec.get("at", {})),
        globals=spec.get("globals", {}),
        tolerance=tolerance,
        tolerances=tolerances,
        shares={inner: exact(one) for inner, one in spec.get("shares", {}).items()},
        inputs_unchanged="inputs_unchanged" in requires,
        earlier_outputs_unchanged="earlier_outputs_unchanged" in requires,
        deterministic="deterministic" in requires,
        differences=differences,
        integer_inputs=_check_whole(context, path, cases, spec.get("integer_inputs", ())),
        **given(spec, dtype=str, promise_share=exact, shape=str, shape_credit=exact),
    )


def _call(
    context: Context, path: KeyPath, spec: Mapping[str, Any]
) -> tuple[str, tuple[str, ...]] | None:
    """The entry point and the names of its arguments, or None after a problem was added."""
    call = read_call(context.problems, (*path, "call"), spec["call"])
    if call is not None and spec.get("entry", call[0]) != call[0]:
        fault = f"the call's entry point is {call[0]!r}, the question's is {spec['entry']!r}"
        context.problems.add("S206", (*path, "call"), fault)
        return None
    return call


def _case(context: Context, path: KeyPath, spec: Any, parameters: tuple[str, ...] | None) -> Case:
    """One case; `parameters` is None where anything may be given, as to a driver."""
    problems = context.problems
    long_form = any(key in spec for key in ("inputs", "random", "computed"))
    if not long_form:
        _check_short(context, path, spec, parameters)
        spec = {"inputs": spec}
    if "count" in spec and "random" not in spec:
        problems.add("S207", (*path, "count"), "only random cases have a count", of_key=True)
    random = {
        name: drawn
        for name, one in spec.get("random", {}).items()
        if (drawn := read_drawn(problems, (*path, "random", name), one)) is not None
    }
    inputs = {name: input_value(value) for name, value in spec.get("inputs", {}).items()}
    built = Case(
        inputs=inputs,
        random=random,
        computed=spec.get("computed", {}),
        at=context.instance((*path, "at"), spec.get("at", {})),
        **given(spec, label=str, count=int, hidden=bool, public=bool),
    )
    if built.hidden and built.public:
        problems.add("S207", (*path, "public"), "a hidden case cannot be public", of_key=True)
    if _drawn(random) * built.count > MAX_DRAWN:
        message = f"{built.count} cases of {_drawn(random)} random numbers each are too many"
        problems.add("S212", path, message, f"at most {MAX_DRAWN} are drawn for a case")
    given_by = (set(inputs), set(spec.get("random", {})), set(built.computed))
    _check_inputs(context, path, given_by, parameters)
    return built


def _check_short(
    context: Context, path: KeyPath, inputs: Mapping[str, Any], parameters: tuple[str, ...] | None
) -> None:
    """Add a problem where a driver would be given what was meant to be said of the case."""
    for name in _OF_CASE if parameters is None else ():
        if isinstance(inputs.get(name), bool):
            message = f"{name!r} stands among the inputs, so the case is not {name}"
            context.problems.add("S207", (*path, name), message, _BESIDE)


def _drawn(random: Mapping[str, Drawn]) -> int:
    return sum(
        math.prod(one.shape) if isinstance(one, Domain) else _drawn(one) for one in random.values()
    )


def _check_whole(
    context: Context, path: KeyPath, cases: Sequence[Case], paths: Sequence[str]
) -> tuple[str, ...]:
    """Add a problem for each of these inputs that no case has, or that has other numbers."""
    for index, name in enumerate(paths):
        found = [one for case in cases for one in _at({**case.inputs, **case.random}, name)]
        fault = "" if found else "is not an input of a case"
        if not all(map(_is_whole, found)):
            fault = "has numbers that are not whole, or no array of numbers"
        if fault:
            context.problems.add("S207", (*path, "integer_inputs", index), f"{name} {fault}")
    return tuple(paths)


def _at(inputs: Mapping[str, Any], path: str) -> list[Any]:
    """What stands at a path, if there is anything."""
    inside: Any = inputs
    for name in path.split("."):
        if not isinstance(inside, Mapping) or name not in inside:
            return []
        inside = inside[name]
    return [inside]


def _is_whole(value: Any) -> bool:
    if isinstance(value, Domain):
        return value.integers
    if not isinstance(value, np.ndarray):
        return type(value) is int
    return bool((np.trunc(value) == value).all() and (abs(value) < _LARGEST_WHOLE).all())


def _check_inputs(
    context: Context,
    path: KeyPath,
    given_by: Sequence[set[str]],
    parameters: tuple[str, ...] | None,
) -> None:
    """`given_by` has the names that are listed, drawn and computed."""
    names = sorted(name for one in given_by for name in one)
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    ways = "listed, random or computed"
    faults = [f"gives {name} in more than one way: {ways}" for name in twice]
    if parameters is not None:
        lacking = ", ".join(sorted(set(parameters) - set(names)))
        extra = ", ".join(sorted(set(names) - set(parameters)))
        faults += [f"is missing {lacking}"] if lacking else []
        faults += [f"gives {extra}, which the call does not take"] if extra else []
    if faults:
        beside = any(name in names and name not in (parameters or names) for name in _OF_CASE)
        advice = _BESIDE if beside else ""
        context.problems.add("S207", path, f"the case {' and '.join(faults)}", advice)
