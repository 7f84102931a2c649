"""What is looked at again after a call: arguments, earlier results, and the same call once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from grader.model.assignment import Driver
from grader.model.call import Call
from grader.model.response import Response
from grader.model.value import Opaque
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult


def calls(count: int, *arguments: Any, **options: Any) -> list[Call]:
    return [
        Call(id=str(n), group="f", entry="f", arguments=arguments or (float(n),), **options)
        for n in range(count)
    ]


def plain(response: Response) -> dict[str, Any]:
    return {name: np.asarray(value).tolist() for name, value in response.earlier.items()}


ONE_BUFFER = """
import numpy as np
kept = np.zeros(2)
def f(x):
    kept[:] = x
    return kept
"""


def test_the_first_and_the_last_result_are_sent_again_as_they_are_now(
    run: Callable[..., JobResult],
) -> None:
    responses = run(ONE_BUFFER, *calls(4, look_back=True)).responses
    assert [r.value.tolist() for r in responses.values()] == [[n, n] for n in (0.0, 1.0, 2.0, 3.0)]
    assert [plain(r) for r in responses.values()] == [
        {},
        {"0": [1.0, 1.0]},
        {"0": [2.0, 2.0], "1": [2.0, 2.0]},
        {"0": [3.0, 3.0], "2": [3.0, 3.0]},
    ]


def test_results_are_kept_for_their_own_group_and_only_when_asked(
    run: Callable[..., JobResult],
) -> None:
    source = "def f(x): return x\ng = f\n"
    asked = [
        Call(id="unasked", group="f", entry="f", arguments=(0,)),
        Call(id="f1", group="f", entry="f", arguments=(1,), look_back=True),
        Call(id="g1", group="g", entry="g", arguments=(2,), look_back=True),
        Call(id="f2", group="f", entry="f", arguments=(3,), look_back=True),
    ]
    responses = run(source, *asked).responses
    assert {name: plain(r) for name, r in responses.items()} == {
        "unasked": {},
        "f1": {},
        "g1": {},
        "f2": {"f1": 1},
    }


def test_results_of_drivers_are_looked_at_again(run: Callable[..., JobResult]) -> None:
    source = "def drive(module, case): return {'w': module.f(case['x'])}\n"
    driver = Driver(file="drive.py", source=source)
    asked = [
        Call(id=n, group="d", entry="f", mode="drive", arguments=({"x": x},), driver=driver)
        for n, x in (("one", 1.0), ("two", 2.0))
    ]
    asked = [replace(call, look_back=True) for call in asked]
    responses = run(ONE_BUFFER, *asked).responses
    assert responses["one"].value["w"].tolist() == [1.0, 1.0]
    assert responses["two"].earlier["one"]["w"].tolist() == [2.0, 2.0]


def test_a_result_that_outgrew_what_may_be_sent_is_not_what_it_was(
    run: Callable[..., JobResult],
) -> None:
    source = "kept = [0]\ndef f(x):\n    kept.extend([0] * 20_000 * int(x))\n    return kept[:1] "
    source += "if x else kept\n"
    responses = run(source, *calls(2, look_back=True), output_kib=64).responses
    assert responses["0"].value == [0]
    assert responses["1"].value == [0]
    assert isinstance(responses["1"].earlier["0"], Opaque)


def test_a_result_and_all_that_is_sent_beside_it_have_room(run: Callable[..., JobResult]) -> None:
    source = "def f(x): return x + 1\n"
    large = np.zeros(60 << 7)  # 60 KiB, of 64 that a result may have
    responses = run(
        source, *calls(4, large, look_back=True, look_again=True, repeat=True), output_kib=64
    ).responses
    last = responses["3"]
    assert last.failure is None
    assert last.again is not None
    assert [v.nbytes for v in (last.value, last.again.value, *last.earlier.values())] == [
        60 << 10
    ] * 5


def test_large_arguments_come_back_although_no_result_may_be_as_large(
    run: Callable[..., JobResult],
) -> None:
    large = np.zeros(1 << 20)
    response = run(
        "def f(x): x[0] = 1\n", *calls(1, large, look_again=True), output_kib=64, memory_mib=512
    ).responses["0"]
    assert response.failure is None
    assert response.inputs_after is not None
    assert response.inputs_after[0][:2].tolist() == [1.0, 0.0]


def test_a_call_is_repeated_on_fresh_arguments_with_random_numbers_going_on(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import random\n"
        "import numpy as np\n"
        "count = []\n"
        "buffer = np.zeros(1)\n"
        "def pure(x):\n    x += 1\n    return x\n"
        "def counts(x):\n    count.append(1)\n    return len(count)\n"
        "def draws(x): return random.random(), np.random.rand()\n"
        "def overwrites(x):\n    buffer[0] += 1\n    return buffer\n"
        "def fails(x):\n    if count: raise ValueError('twice')\n    count.append(1)\n"
    )
    names = ("pure", "counts", "draws", "overwrites")
    asked = [
        Call(id=n, group=n, entry=n, arguments=(np.zeros(1),), seed=3, repeat=True) for n in names
    ]
    given = run(source, *asked).responses
    pairs = {n: (r.value, r.again.value) for n, r in given.items() if r.again is not None}
    assert [v.tolist() for v in pairs["pure"]] == [[1.0], [1.0]]
    assert pairs["counts"] == (1, 2)
    assert pairs["draws"][0][0] != pairs["draws"][1][0]
    assert pairs["draws"][0][1] != pairs["draws"][1][1]
    assert [v.tolist() for v in pairs["overwrites"]] == [[1.0], [2.0]]


def test_a_repetition_that_fails_is_a_failure_of_its_own(run: Callable[..., JobResult]) -> None:
    source = "count = []\ndef f(x):\n    if count: raise ValueError('no')\n    count.append(1)\n"
    response = run(source, *calls(1, repeat=True)).responses["0"]
    assert response.failure is None
    assert response.again is not None
    assert response.again.failure is not None
    assert (response.again.failure.reason, response.again.failure.line) == (Reason.EXCEPTION, 3)


def test_what_is_not_asked_for_is_not_sent(run: Callable[..., JobResult]) -> None:
    response = run("def f(x): return x\n", *calls(2)).responses["1"]
    assert (response.earlier, response.again, response.inputs_after) == ({}, None, None)


FORGE = """
import sys
def f(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    calls = frame.f_locals["self"]
    type(calls).answer = lambda self, request, payload: {FORGED}
    return x
"""


def test_a_forged_reply_to_what_is_looked_at_again_is_read_with_care(
    run: Callable[..., JobResult],
) -> None:
    one = "__import__('sys').modules['numpy'] and b''"
    forgeries = {
        "{'value': 1}": "no answer",
        "{'value': b'T' * 9}": "no answer",
        "{'value': b'T', 'earlier': 3, 'again': 3, 'arguments': 3}": "read",
        "{'value': b'T', 'earlier': [1, [2], [3, b'T'], ['x']], 'again': {}, 'arguments': b'T'}": (
            "read"
        ),
        "{'value': b'T', 'earlier': [['0', b'?']], 'again': {'failure': {}}}": "read",
        "{'value': b'T', 'earlier': [[str(n), b'T'] for n in range(10**4)]}": "no answer",
        "{'value': b'T', 'earlier': [[str(n), b'T'] for n in range(100)]}": "read",
        f"{{'value': b'T', 'again': {{'value': {one}}}, 'typed': b'l'}}": "read",
    }
    for forged, outcome in forgeries.items():
        source = FORGE.replace("{FORGED}", f"{{'nonce': request['nonce'], **{forged}}}")
        options = {"look_back": True, "look_again": True, "repeat": True, "digits": True}
        response = run(source, *calls(2, **options)).responses["1"]
        if outcome == "no answer":
            assert response.failure is not None
            assert response.failure.verdict is Verdict.CRASHED
        else:
            assert response.value is True
            assert response.inputs_after is None
            assert len(response.earlier) <= 3
            assert response.again is not None
            assert response.again.failure is not None
