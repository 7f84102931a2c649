"""A plan is the same every time, may be sent away, and holds nothing of the key."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.prepare import Prepared
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion, Limits
from grader.model.value import NumberText, walk
from grader.plan import Plan, fingerprint, make_plan
from grader.spec.load import load_assignment
from tests import homeworks
from tests.some import by_name

ROOT = Path(__file__).resolve().parents[3]
SLUGS = sorted(item.name for item in (ROOT / "assignments").iterdir() if item.is_dir())
EVERY_KIND = ROOT / "tests" / "specs" / "valid" / "every-kind"


#: Two of them take longer to prepare than all else here.
LARGE = ["bs6207-assignment-2", "dl2020-assignment-2"]


@pytest.fixture(scope="module", params=by_name({slug: slug for slug in SLUGS}, lengthy=LARGE))
def prepared(request: pytest.FixtureRequest) -> Prepared:
    return homeworks.prepared(request.param)


@pytest.fixture(scope="module")
def every_kind() -> Assignment:
    return load_assignment(EVERY_KIND).assignment


def test_every_question_is_asked_in_its_order(every_kind: Assignment) -> None:
    plan = make_plan(every_kind)
    assert [one.question for one in plan.questions] == [one.id for one in every_kind.questions]
    functions = [one.id for one in every_kind.questions if isinstance(one, FunctionQuestion)]
    assert [one.question for one in plan.functions] == functions
    by_hand = [ask.question for ask in plan.asks if ask.call is None]
    kinds = {one.id: one.kind for one in every_kind.questions}
    assert {kinds[name] for name in by_hand} == {"text", "figure"}


def test_an_ask_names_parts_columns_and_options(every_kind: Assignment) -> None:
    asks = {ask.question: ask for ask in make_plan(every_kind).asks}
    for question in every_kind.questions:
        if isinstance(question, AnswerQuestion):
            ask = asks[question.id]
            assert ask.labels == tuple(part.label for part in question.parts if question.labelled)
            for part in question.parts:
                assert ask.options.get(part.label, ()) == tuple(part.options)
    assert any(ask.options for ask in asks.values())
    assert all(ask.labels for ask in asks.values() if ask.kind == "series")


def test_every_call_bears_its_own_fingerprint(prepared: Prepared) -> None:
    plan = make_plan(prepared.assignment)
    calls = [*plan.calls, *(ask.call for ask in plan.asks if ask.call is not None)]
    assert [call.id for call in calls] == [fingerprint(call) for call in calls]
    assert len({call.id for call in calls}) == len(calls)


def test_the_key_is_about_the_same_calls(prepared: Prepared) -> None:
    plan, key = make_plan(prepared.assignment), prepared.key
    cases = {call.id for one in plan.functions for call in one.cases}
    assert {case.id for cases in key.cases.values() for case in cases} == cases == {*key.returned}
    asks = {ask.question: ask.call.id for ask in plan.asks if ask.call is not None}
    assert dict(key.asks) == asks


def test_a_plan_is_the_same_every_time_and_in_another_process(prepared: Prepared) -> None:
    plan = make_plan(prepared.assignment)
    sent: Plan = pickle.loads(pickle.dumps(plan))
    assert make_plan(prepared.assignment).fingerprint == plan.fingerprint == sent.fingerprint
    assert sent.setting.digest == plan.setting.digest
    assert [fingerprint(call) for call in sent.calls] == [call.id for call in plan.calls]


CHANGES: dict[str, Callable[[Assignment], Assignment]] = {
    "files": lambda whole: replace(whole, files=("other.py",)),
    "provided": lambda whole: replace(whole, provided="import math\n"),
    "limits": lambda whole: replace(whole, limits=Limits(wall_seconds=9)),
    "preload": lambda whole: replace(whole, preload=("numpy",)),
    "python": lambda whole: replace(whole, python="/course/bin/python"),
    "data": lambda whole: replace(whole, data={"spec.py": Path(__file__)}),
    "seed": lambda whole: replace(whole, seed=f"{whole.seed}+"),
    "questions": lambda whole: replace(whole, questions=whole.questions[1:]),
    "order": lambda whole: replace(whole, questions=whole.questions[::-1]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_fingerprint_of_a_plan_is_of_all_that_is_asked(
    every_kind: Assignment, change: str
) -> None:
    changed = CHANGES[change](every_kind)
    assert make_plan(changed).fingerprint != make_plan(every_kind).fingerprint


def test_what_only_judging_needs_is_no_part_of_it(every_kind: Assignment) -> None:
    changed = replace(
        every_kind,
        title="Another",
        mistakes=(),
        reference=None,
        questions=tuple(
            replace(question, points=question.points + 1, prompt="?", all_or_nothing=True)
            for question in every_kind.questions
        ),
    )
    assert make_plan(changed).fingerprint == make_plan(every_kind).fingerprint


# -- no key --------------------------------------------------------------------------------------


def numbers(value: Any) -> Iterator[float]:
    for item in walk(value):
        if isinstance(item, np.ndarray) and item.dtype.kind == "f":
            yield from map(float, item.ravel())
        elif isinstance(item, float):
            yield float(item)


def secrets(prepared: Prepared) -> Iterator[bytes]:
    """What no student's process may ever hold."""
    assignment = prepared.assignment
    for mistake in assignment.mistakes:
        yield mistake.feedback.encode()
        yield from (
            name.encode() for name in (mistake.id, *mistake.replace.values()) if "_" in name
        )
    for question in assignment.questions:
        for part in question.parts if isinstance(question, AnswerQuestion) else ():
            stated = [item for item in walk(part.expected) if isinstance(item, NumberText | str)]
            yield from (str(item).encode() for item in stated if len(str(item)) > 4)
    if assignment.reference is not None:
        source = assignment.reference.read_text(encoding="utf-8")
        lines = (line.strip() for line in source.splitlines())
        yield from (line.encode() for line in lines if len(line) > 25)
    yield from (b"rtol", b"atol", b"tolerance", b"expected", str(assignment.folder).encode())


def test_a_plan_holds_nothing_of_the_key(prepared: Prepared) -> None:
    plan = make_plan(prepared.assignment)
    sent = pickle.dumps(plan)
    options = {name for ask in plan.asks for names in ask.options.values() for name in names}
    public = "\n".join((prepared.assignment.provided, *options))
    public += "".join(call.driver.source for call in plan.calls if call.driver is not None)
    found = [secret for secret in secrets(prepared) if secret in sent]
    assert not [secret for secret in found if secret.decode() not in public]
    asked = {
        number
        for call in plan.calls
        for value in (*call.arguments, *call.globals.values())
        for number in numbers(value)
    }
    values = [*prepared.key.parts.values(), *prepared.key.returned.values()]
    expected = {number for value in values for number in numbers(value)} - asked
    telling = [number for number in expected if not float(number * 64).is_integer()]
    # What those ask for is passed on from the inputs, made of simple numbers, or no number.
    some = prepared.assignment.slug not in ("dl2020-assignment-2", "sigmoid-chain-exercise-3")
    assert bool(telling) is some
    for number in telling:
        assert struct.pack(">d", number) not in sent
        assert struct.pack("<d", number) not in sent
        assert repr(number).encode() not in sent
