"""What a function was asked to promise beside its values, judged from data the child sent after.

A student's code can lie about these and only these: it shares the process that looks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model.assignment import FunctionQuestion, Limits
from grader.model.fact import Fact
from grader.model.fact_marking import Failed, OtherDtype, Path, PromiseBroken
from grader.model.response import Changed, Failure, Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase, case_call

__all__ = ["PROMISES", "Broken", "broken_promises", "same_data", "wrong_dtype"]

#: Under these a value is not what is wrong, so that no mistake explains them and none earns credit.
PROMISES = frozenset(
    {
        Reason.INPUTS_CHANGED,
        Reason.EARLIER_CHANGED,
        Reason.NOT_DETERMINISTIC,
        Reason.WRONG_DTYPE,
        Reason.NOTHING_RETURNED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that was not kept; of a hidden case its fact tells a student nothing of inputs."""

    verdict: Verdict
    reason: Reason
    fact: Fact


def broken_promises(
    question: FunctionQuestion,
    case: PlannedCase,
    responses: Mapping[str, Response],
    limits: Limits,
    *,
    values_right: bool,
) -> Iterator[Broken]:
    """The promises that a case shows to be broken; its response is not a failure.

    What its numbers are is not asked here, so that nothing of this depends on the key.
    `values_right` is only told: that a promise is all that is wrong.
    """
    response = responses[case.id]

    def broken(reason: Reason, arguments: tuple[str, ...] = (), entry: str = "") -> Broken:
        fact = PromiseBroken(
            reason=reason,
            entry=entry or question.entry,
            arguments=arguments,
            values_right=values_right,
            hidden=case.hidden,
        )
        return Broken(verdict=Verdict.INCORRECT, reason=reason, fact=fact)

    inputs, outputs = (_changed_in_calls(response, kind) for kind in ("input", "output"))
    if question.inputs_unchanged:
        changed = _inputs_changed(question, case, response)
        if inputs:  # the student's own names, whatever the driver calls them
            first = inputs[0].called
            names = dict.fromkeys(one.name for one in inputs if one.called == first)
            yield broken(Reason.INPUTS_CHANGED, tuple(filter(None, names)), first)
        elif changed is not None:
            told = set(changed) <= _shown_names(question) or not case.hidden
            yield broken(Reason.INPUTS_CHANGED, changed if told else ())
    if question.earlier_outputs_unchanged:
        if outputs:
            yield broken(Reason.EARLIER_CHANGED, entry=outputs[0].called)
        elif _earlier_changed(response, responses):
            yield broken(Reason.EARLIER_CHANGED)
    if question.deterministic:
        again = response.again
        if again is not None and again.failure is not None:
            yield _failed_again(question, case, again.failure, limits)
        elif again is None or not same_data(again.value, response.value):
            yield broken(Reason.NOT_DETERMINISTIC)


def _changed_in_calls(response: Response, kind: str) -> list[Changed]:
    """What a driver handed to a function, or got back from one, and a call of its changed."""
    of_kind = (one for one in response.changed if one.kind == kind)
    return [one for one in of_kind if not same_data(one.after, one.before)]


def _shown_names(question: FunctionQuestion) -> set[str]:
    """The names of inputs that students know: a driver may be given others in hidden cases."""
    shown = (case for case in question.cases if not case.hidden)
    return {*question.parameters, *(name for one in shown for name in (*one.inputs, *one.random))}


def _inputs_changed(
    question: FunctionQuestion, case: PlannedCase, response: Response
) -> tuple[str, ...] | None:
    """The names of the arguments that are not what they were, or None where all are.

    For a driver these are the inputs of the case. They are nameless where nothing came back.
    """
    after: Any = response.inputs_after
    before: Any = case_call(question, case).arguments
    if after is not None and same_data(list(after), list(before)):
        return None
    names: Sequence[str] = question.parameters
    if question.driver is not None and after and isinstance(after[0], Mapping):
        names = tuple(before[0])
        after = [after[0].get(name) for name in names]
        before = [before[0][name] for name in names]
    if after is None or not len(names) == len(after) == len(before):
        return ()
    pairs = zip(names, after, before, strict=True)
    return tuple(name for name, now, then in pairs if not same_data(now, then))


def _earlier_changed(response: Response, responses: Mapping[str, Response]) -> bool:
    """Against what came first. After a call that had to be killed there is nothing earlier."""
    return any(
        name in responses
        and responses[name].failure is None
        and not same_data(now, responses[name].value)
        for name, now in response.earlier.items()
    )


def _failed_again(
    question: FunctionQuestion, case: PlannedCase, failure: Failure, limits: Limits
) -> Broken:
    return Broken(
        verdict=failure.verdict,
        reason=Reason.NOT_DETERMINISTIC,
        fact=Failed(
            failure=failure,
            entry=question.entry,
            limits=limits,
            again=True,
            hidden=case.hidden,
        ),
    )


def same_data(now: Value, then: Value) -> bool:
    """Whether two values are the same bit by bit, of the same types; every NaN equals every NaN."""
    if isinstance(then, np.ndarray):
        return isinstance(now, np.ndarray) and _same_array(now, then)
    if isinstance(then, Mapping):
        same_keys = isinstance(now, Mapping) and set(now) == set(then)
        return same_keys and all(same_data(now[key], then[key]) for key in then)
    if type(now) is not type(then):
        return False
    if isinstance(then, list | tuple):
        return len(now) == len(then) and all(map(same_data, now, then))
    if isinstance(then, np.generic):
        return _same_array(np.asarray(now), np.asarray(then))
    if isinstance(then, complex):
        return same_data([now.real, now.imag], [then.real, then.imag])
    if isinstance(then, float):
        return struct.pack("d", now) == struct.pack("d", then) or (now != now and then != then)
    return bool(now == then)


def _same_array(now: np.ndarray, then: np.ndarray) -> bool:
    if now.dtype != then.dtype or now.shape != then.shape:
        return False
    if now.tobytes() == then.tobytes():
        return True
    if then.dtype.kind == "c":  # one part may be NaN, and the other tells
        return _same_array(now.real, then.real) and _same_array(now.imag, then.imag)
    if then.dtype.kind != "f":
        return False
    # The sign of a zero is a bit too.
    equal = (now == then) & (np.signbit(now) == np.signbit(then))
    return bool(np.all(equal | (np.isnan(now) & np.isnan(then))))


# -- dtype ---------------------------------------------------------------------------------------


def wrong_dtype(
    question: FunctionQuestion, case: PlannedCase, actual: Value, expected: Value
) -> Broken | None:
    """The first number of a result without the dtype that the question asks for, or None.

    A plain float is a float64 and a plain whole number an int64. Inside of a tuple, a list or a
    dictionary a plain whole number passes where the key has one too: a counter of steps.
    """
    found = _other_dtype(actual, expected, question.dtype, ()) if question.dtype else None
    if found is None:
        return None
    path, name = found
    return Broken(
        verdict=Verdict.INVALID,
        reason=Reason.WRONG_DTYPE,
        fact=OtherDtype(wanted=question.dtype, found=name, path=path, hidden=case.hidden),
    )


def _other_dtype(actual: Value, expected: Value, dtype: str, path: Path) -> tuple[Path, str] | None:
    pairs: list[tuple[str | int, Value, Value]]
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        pairs = [(str(key), actual[key], expected[key]) for key in expected if key in actual]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        pairs = [(n, *pair) for n, pair in enumerate(zip(actual, expected, strict=False))]
    elif isinstance(actual, list | tuple):
        pairs = [(n, item, None) for n, item in enumerate(actual)]
    else:
        counts = path and type(expected) is int and type(actual) is int
        name = "" if counts else _dtype(actual)
        return (path, name) if name not in ("", dtype) else None
    results = (_other_dtype(item, wanted, dtype, (*path, step)) for step, item, wanted in pairs)
    return next((result for result in results if result is not None), None)


def _dtype(value: Value) -> str:
    """The dtype of a number or an array of numbers, or "" for anything else."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.name if value.dtype.kind in "iufc" else ""
    return {float: "float64", int: "int64", complex: "complex128"}.get(type(value), "")
