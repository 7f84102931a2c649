"""What a student's process can see yields no input of a call that it has not been sent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from grader.collect.collect import collect
from grader.model.assignment import Assignment, Case, Domain, FunctionQuestion
from grader.model.value import leaves
from grader.plan import Plan, make_plan, planned_cases
from grader.plan.sampling import draw, generator
from grader.submissions.submission import Submission
from tests.build import assignment_of, function_of
from tests.shared_sandbox import SANDBOX

SECRET = "4f0f5a3b0f0e4c1dbb9f7b0d4a3e2c11"
UNIT = Domain(low=0, high=1)
VISIBLE = Case(label="", inputs={"x": 0.25}, random={}, count=1, hidden=False, at={})
HIDDEN = Case(label="", inputs={}, random={"x": UNIT}, count=5, hidden=True, at={})

#: Every number and text that can be reached from the first call, hidden calls not yet made.
SEARCH = """
import gc, random, sys

def f(x):
    found = {0}
    frame = sys._getframe()
    seen, waiting = set(), [random.getstate()]
    while frame is not None:
        waiting += [dict(frame.f_locals), frame.f_globals]
        frame = frame.f_back
    waiting += [item for item in gc.get_objects() if type(item) in (dict, list, tuple)]
    while waiting and len(seen) < 400_000:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if type(item) is dict:
            waiting += [*item.keys(), *item.values()]
        elif type(item) in (list, tuple, set):
            waiting += item
        elif type(item) is int and abs(item) >= 2**40:
            found.add(item)
    return sorted(found)
"""


def asked(seed: int | str) -> Assignment:
    question = function_of(cases=(VISIBLE, HIDDEN))
    return assignment_of(slug="x", seed=seed, files=("code.py",), questions=(question,))


def hidden_inputs(assignment: Assignment) -> set[float]:
    (question,) = assignment.questions
    assert isinstance(question, FunctionQuestion)
    cases = planned_cases(assignment, question)
    return {float(one.inputs["x"]) for one in cases if one.hidden}


def computed(assignment: Assignment, keys: Iterable[int | str]) -> Iterator[float]:
    """What somebody who has the spec but for its seed computes with each of these as a key."""
    for key in keys:
        yield from hidden_inputs(replace(assignment, seed=key))
        source = generator(key)
        for _ in range(20):
            yield float(draw(UNIT, source))


def sent_first(plan: Plan) -> list[int]:
    """The seeds that a process is sent up to its last visible call."""
    return [plan.setting.seed, *(call.seed for call in plan.calls if not call.hidden)]


def guesses(plan: Plan) -> list[int | str]:
    """Seeds that were sent, in some ways, and what people take for seeds."""
    sent = sent_first(plan)
    near = [seed + step for seed in sent for step in range(-3, 4)]
    return [*near, *map(str, near), *(seed % 2**32 for seed in sent), *range(300), "x", "homework"]


@pytest.mark.lengthy
def test_seeds_that_are_sent_yield_no_hidden_input() -> None:
    assignment = asked(SECRET)
    assert not hidden_inputs(assignment) & set(computed(assignment, guesses(make_plan(assignment))))


@pytest.mark.lengthy
@pytest.mark.parametrize("seed", [0, 7, "homework"])
def test_a_seed_that_is_guessed_yields_them_all(seed: int | str) -> None:
    """So the attack above works, and the warning of such seeds is due."""
    assignment = asked(seed)
    found = set(computed(assignment, guesses(make_plan(assignment))))
    assert hidden_inputs(assignment) <= found


@pytest.mark.processes
def test_what_is_found_in_the_process_yields_no_hidden_input() -> None:
    assignment = asked(SECRET)
    plan = make_plan(assignment)
    submission = Submission(id="ann", modules={"code.py": SEARCH.encode()}, at_start=("code.py",))
    responses = collect(plan, submission, SANDBOX, {}).responses
    visible = next(call for call in plan.calls if not call.hidden)
    response = responses[visible.id]
    assert response.failure is None
    found = [int(number) for number in leaves(response.value)]
    assert visible.seed in found, "the search finds what is there"
    wanted = hidden_inputs(assignment)
    assert not wanted & set(computed(assignment, found[:3000]))
    assert all(math.isfinite(number) for number in wanted)
