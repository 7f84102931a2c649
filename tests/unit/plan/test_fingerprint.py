from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.assignment import Driver
from grader.model.call import Call
from grader.plan import fingerprint
from grader.plan.fingerprint import Fingerprints

CALL = Call(
    id="",
    group="f",
    entry="step",
    arguments=(3, np.array([1.0, 2.0])),
    globals={"eta": 0.5, "beta": 1},
    seed=7,
)
CHANGES: dict[str, Any] = {
    "group": "g",
    "entry": "other",
    "mode": "value",
    "arguments": (3,),
    "globals": {"eta": 0.25, "beta": 1},
    "driver": Driver(file="drive.py", source="def drive(module, case): return 1\n"),
    "seed": 8,
    "hidden": True,
    "look_again": True,
    "look_back": True,
    "repeat": True,
    "digits": True,
}


def test_everything_that_is_asked_counts_and_nothing_else() -> None:
    assert {field.name for field in fields(Call)} == {"id", *CHANGES}
    found = {fingerprint(replace(CALL, **{name: to})) for name, to in CHANGES.items()}
    assert len(found | {fingerprint(CALL)}) == len(CHANGES) + 1
    turned = dict(reversed([*CALL.globals.items()]))
    assert fingerprint(replace(CALL, id="another", globals=turned)) == fingerprint(CALL)


ALIKE = [3, 3.0, True, "3", b"3", (3,), [3], np.int64(3), np.int32(3), np.float32(3), 3 + 0j]
ALIKE += [np.array(3), np.array([3]), np.array([[3]]), np.array([3.0]), {"3": 3}, {"3": 3.0}, None]
ALIKE += [0.0, -0.0, np.array([0.0]), np.array([-0.0]), np.zeros((0, 2)), np.zeros((2, 0)), [], ()]
ALIKE += ["a" * 100_000, dict.fromkeys(map(str, range(20_000))), 10**399, -(10**399)]


def test_arguments_count_by_type_dtype_shape_and_bytes() -> None:
    assert len({fingerprint(replace(CALL, arguments=(one,))) for one in ALIKE}) == len(ALIKE)


def test_arrays_of_equal_content_are_the_same_however_they_lie_in_memory() -> None:
    array = np.arange(12.0).reshape(3, 4)
    same = [
        array,
        np.asfortranarray(array),
        array.astype(">f8"),
        np.repeat(array, 2, axis=1)[:, ::2],
    ]
    assert len({fingerprint(replace(CALL, arguments=(one,))) for one in same}) == 1


def deep() -> Any:
    value: Any = 1
    for _ in range(60):
        value = [value]
    return value


@pytest.mark.parametrize(
    "make",
    [deep, pytest.param(lambda: [[]] * 1_100_000, id="many", marks=pytest.mark.slow)],
)
def test_values_that_are_more_than_can_be_sent_have_one_too(make: Callable[[], Any]) -> None:
    assert fingerprint(replace(CALL, arguments=(make(),))) != fingerprint(CALL)


def test_it_is_the_same_on_every_machine_and_with_every_version() -> None:
    """Responses are stored under it: a change here leaves all of them behind."""
    assert fingerprint(CALL) == "call:bc03a4c6add7ba77403a93634cc0785a"


@given(st.text(max_size=3), st.text(max_size=3))
def test_names_do_not_run_into_each_other(entry: str, group: str) -> None:
    call = replace(CALL, entry=entry, group=group)
    moved = replace(CALL, entry=entry + group, group="")
    assert (fingerprint(call) == fingerprint(moved)) == (group == "")


def test_a_fingerprint_is_no_name_of_a_question() -> None:
    assert not fingerprint(CALL).isidentifier()


def test_calls_that_ask_the_same_are_counted() -> None:
    names = Fingerprints()
    found = [names.named(one).id for one in (CALL, replace(CALL, seed=8), CALL, CALL)]
    assert found == [
        fingerprint(CALL),
        fingerprint(replace(CALL, seed=8)),
        fingerprint(CALL, 1),
        fingerprint(CALL, 2),
    ]
