"""What a driver hands in and gets back is looked at around each call that it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.model.assignment import Driver
from grader.model.call import Call
from grader.model.response import Response
from grader.sandbox.contract import JobResult

Run = Callable[..., JobResult]
DRIVER = """
import numpy as np

def drive(module, case):
    context, x = {}, np.array(case["x"])
    output = module.Op.forward(context, x)
    x += 1  # the driver's own: nothing of it is held against the student
    gradient = module.Op.backward(context, case["up"])
    return {"output": output, "gradient": gradient}
"""
HONEST = """
import numpy as np
class Op:
    @staticmethod
    def forward(context, entries):
        context["mask"] = entries > 0
        return entries * context["mask"]
    @staticmethod
    def backward(context, upstream):
        return upstream * context["mask"]
"""


def driven(run: Run, source: str, driver: str = DRIVER, **options: Any) -> Response:
    asked = {"look_again": True, "look_back": True, **options}
    call = Call(
        id="one",
        group="d",
        entry="Op",
        mode="drive",
        arguments=({"x": np.array([1.0, -2.0]), "up": np.array([3.0, 4.0])},),
        driver=Driver(file="drive.py", source=driver),
        **asked,
    )
    return run(source, call).responses["one"]


def found(response: Response) -> list[tuple[str, str, str]]:
    return [(one.kind, one.called.rpartition(".")[2], one.name) for one in response.changed]


IN_PLACE = HONEST.replace("return upstream *", "upstream *=").replace(
    'upstream *= context["mask"]', 'upstream *= context["mask"]\n        return upstream'
)
KEEPS = HONEST.replace(
    "return entries * context", 'context["kept"] = entries\n        return entries * context'
)
OVERWRITES = KEEPS.replace("return upstream *", 'context["kept"][:] = 0\n        return upstream *')
REUSES = (
    HONEST.replace("return entries * context", 'context["out"] = entries * context')
    .replace('["mask"]\n    @static', '["mask"]\n        return context["out"]\n    @static')
    .replace("return upstream *", 'context["out"][:] = 9\n        return upstream *')
)


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        pytest.param(HONEST, [], id="nothing"),
        pytest.param(KEEPS, [], id="an input is kept and not touched"),
        pytest.param(IN_PLACE, [("input", "backward", "upstream")], id="its own argument"),
        pytest.param(OVERWRITES, [("input", "backward", "entries")], id="one of an earlier call"),
        pytest.param(REUSES, [("output", "backward", "")], id="an earlier result"),
    ],
)
def test_what_a_call_changes_is_sent_with_the_name_of_the_call(
    run: Run, source: str, changed: list[tuple[str, str, str]]
) -> None:
    response = driven(run, source)
    assert response.failure is None
    assert found(response) == changed
    for one in response.changed:
        assert not np.array_equal(one.before, one.after)


def test_only_what_is_asked_for_is_looked_at(run: Run) -> None:
    assert found(driven(run, IN_PLACE, look_again=False)) == []
    assert found(driven(run, REUSES, look_back=False)) == []
    assert found(driven(run, IN_PLACE, look_again=False, look_back=False)) == []


def test_dictionaries_are_there_to_be_changed_and_objects_too(run: Run) -> None:
    source = """
class Op:
    def __init__(self, rates): self.rates, self.t = rates, {}
    def step(self, state, point):
        self.t["n"] = state["n"] = 1
        return [p - 1 for p in point]
"""
    driver = """
def drive(module, case):
    op = module.Op([1.0])
    state = {}
    return op.step(state, op.step(state, list(case["x"])))
"""
    assert found(driven(run, source, driver)) == []


def test_a_hook_that_the_student_sets_ends_nothing(run: Run) -> None:
    hostile = HONEST.replace("return upstream", "import sys; sys.setprofile(None); return upstream")
    response = driven(run, hostile)
    assert response.value["gradient"].tolist() == [3.0, 0.0]


def test_an_exception_of_the_student_is_told_as_it_is(run: Run) -> None:
    response = driven(run, HONEST.replace("return upstream *", "raise KeyError(upstream) #"))
    assert response.failure is not None
    assert response.failure.exception == "KeyError"
