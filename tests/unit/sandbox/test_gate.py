"""The gate: at most so many inside, one alone where it has to be, nobody once it is closed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.sandbox.contract import SandboxFault
from grader.sandbox.gate import Gate


class Inside:
    """Who is inside, and the most that were."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = threading.Lock()
        self.now = self.most = self.beside_one_alone = 0

    def visit(self, most: int, alone: bool = False) -> None:
        with self._gate.passed(most, alone=alone):
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.002)
            if alone:
                self.beside_one_alone += self.now - 1
            with self._lock:
                self.now -= 1


@pytest.mark.lengthy
@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_more_are_inside_than_there_is_room_for_and_always_one(most: int) -> None:
    inside = Inside(Gate())
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: inside.visit(most), range(60)))
    assert inside.most == max(1, most)


def test_who_has_to_be_alone_is_and_does_not_wait_for_ever() -> None:
    inside = Inside(Gate())
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: inside.visit(4, alone=number % 7 == 0), range(80)))
    assert inside.beside_one_alone == 0
    assert inside.most > 1


def test_a_gate_that_is_closed_lets_nobody_in_and_keeps_nobody_waiting() -> None:
    gate = Gate()
    with ThreadPoolExecutor(4) as pool, gate.passed(1, alone=False):
        waiting = [pool.submit(Inside(gate).visit, 1, number == 0) for number in range(3)]
        time.sleep(0.02)
        gate.close()
        for one in waiting:
            with pytest.raises(SandboxFault, match="stopped"):
                one.result(timeout=10)


def test_an_error_inside_leaves_room_for_the_next() -> None:
    gate = Gate()
    for alone in (True, False):
        with pytest.raises(KeyError), gate.passed(1, alone=alone):
            raise KeyError
    Inside(gate).visit(1)
