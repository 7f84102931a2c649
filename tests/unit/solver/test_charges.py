"""Who asked before changes nothing: a value that is remembered is charged what it cost."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.solver import Reference, Solution, StepFault, load_reference
from grader.solver.bounded import OutOfBounds, bounded, called, current_block
from tests.some import some

KINDS = ("value", "function", "raises", "stubborn", "lacking")
BODIES = {
    "value": "    return [n, {needs}]\n",
    "raises": "    raise ValueError(n)\n",
    "lacking": "    return nowhere\n",
    # Catches whatever ends its loop, and has a value all the same.
    "stubborn": "    try:\n        for n in range({cost}):\n            n += 1\n"
    "    except BaseException:\n        pass\n    return n\n",
}


def source(graph: list[tuple[str, int, list[int]]]) -> str:
    """Steps s0, s1, …, each of a kind, with a cost, made from some of those before it."""
    lines = []
    for number, (kind, cost, needs) in enumerate(graph):
        names = [f"s{need % number}" for need in needs] if number else []
        names = list(dict.fromkeys(names)) + (["nowhere"] if kind == "lacking" else [])
        loop = f"    n = 0\n    for n in range({cost}):\n        n += 1\n"
        if kind == "function":
            head = f"def s{number}(z, /{''.join(', ' + name for name in names)}):\n"
            lines.append(head + loop + "    return z\n")
            continue
        # What it needs may be a function, which is then called, a list or a number.
        calls = "".join(f"    {name} = {name}(1) if callable({name}) else 1\n" for name in names)
        body = BODIES[kind].format(needs=", ".join(names), cost=cost)
        lines.append(f"def s{number}({', '.join(names)}):\n{calls}{loop}{body}")
    return "".join(lines)


def accesses(solution: Solution, names: list[str], lines: int) -> tuple[int, list[str]]:
    """What is used up in one block that asks for some steps, and what became of each."""
    became = []
    block = bounded(lines)
    gc.disable()  # whoever tests may count what is collected, in lines of Python
    try:
        with block:
            for name in names:
                try:
                    value = solution[name]
                    became.append(str(value(2)) if callable(value) else str(value))
                except StepFault as fault:
                    became.append(str(fault))
    except OutOfBounds as error:
        became.append(str(error))
    finally:
        gc.enable()
    return block.used, became


graphs = st.lists(
    st.tuples(
        st.sampled_from((*KINDS, "value", "value", "value", "function")),
        st.integers(0, 40),
        st.lists(st.integers(0, 20), max_size=3),
    ),
    min_size=1,
    max_size=8,
)
orders = st.lists(
    st.tuples(st.lists(st.integers(0, 20), min_size=1, max_size=5), st.integers(1, 900)),
    min_size=1,
    max_size=6,
)


@pytest.mark.lengthy
@settings(max_examples=some(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs, order=orders, replaced=st.booleans(), warmed=st.lists(st.integers(0, 20)))
def test_a_full_memory_costs_what_an_empty_one_does(
    tmp_path_factory: pytest.TempPathFactory,
    graph: list[tuple[str, int, list[int]]],
    order: list[tuple[list[int], int]],
    replaced: bool,
    warmed: list[int],
) -> None:
    path = tmp_path_factory.mktemp("graph") / "graph.py"
    path.write_text(source(graph), encoding="utf-8")
    reference = load_reference(path)
    replace = {f"s{len(graph) - 1}": "s0"} if replaced and len(graph) > 1 else {}

    def empty() -> Solution:
        return Solution(reference, {}, replace=replace, remembered=True)

    shared, partly, full = empty(), empty(), empty()
    for number in range(len(graph)):
        ask(full, f"s{number}")
    for number in warmed:
        ask(partly, f"s{number % len(graph)}")
    for numbers, lines in order:
        names = [f"s{number % len(graph)}" for number in numbers]
        alone = accesses(empty(), names, lines)
        assert accesses(full, names, lines) == alone
        assert accesses(partly, names, lines) == alone
        assert accesses(shared, names, lines) == alone


def ask(solution: Solution, name: str) -> None:
    with suppress(StepFault):
        _ = solution[name]


def loaded(tmp_path: Path, text: str) -> Reference:
    path = tmp_path / "reference.py"
    path.write_text(text, encoding="utf-8")
    return load_reference(path)


CHAIN = """
import numpy as np
def loop(n, /):
    for _ in range(n):
        pass
    return n
def a(loop): return loop(100)
def b(a, loop): return a + loop(200)
def c(a, b, loop): return a + b + loop(300)
def caught(loop):
    try:
        return loop(10**9)
    except Exception:
        return 5
def arrays(a): return np.linalg.norm(np.vander(np.arange(3.0)))
"""


def test_a_block_is_charged_once_for_each_step(tmp_path: Path) -> None:
    solution = Solution(loaded(tmp_path, CHAIN), {}, remembered=True)
    with bounded() as cold:
        assert solution["c"] == 700
    with bounded() as warm:
        _ = solution["b"]
        first = warm.used
        _ = solution["b"], solution["a"]
        assert warm.used == first
        _ = solution["c"]
    assert 600 < first < warm.used == cold.used < 1300


def test_what_was_reached_in_one_block_is_not_remembered(tmp_path: Path) -> None:
    solution = Solution(loaded(tmp_path, CHAIN), {}, remembered=True)
    for _ in range(2):
        with pytest.raises(OutOfBounds), bounded(500):
            _ = solution["c"]
    assert solution["c"] == 700
    with pytest.raises(OutOfBounds), bounded(500):
        _ = solution["c"]


@pytest.mark.parametrize("remembered", [True, False])
def test_a_step_cannot_catch_the_bound(tmp_path: Path, remembered: bool) -> None:
    solution = Solution(loaded(tmp_path, CHAIN), {}, remembered=remembered)
    for _ in range(2):
        with pytest.raises(OutOfBounds), bounded(1000):
            _ = solution["caught"]


def test_blocks_inside_others_have_a_budget_of_their_own(tmp_path: Path) -> None:
    solution = Solution(loaded(tmp_path, CHAIN), {}, remembered=True)
    with bounded() as outer:
        with bounded() as inner:
            assert current_block() is inner
            _ = solution["c"]
        assert current_block() is outer
        assert outer.used == 0
        _ = solution["c"]
        assert outer.used == inner.used
    assert current_block() is None


def test_lines_of_ours_are_not_counted(tmp_path: Path) -> None:
    solution = Solution(loaded(tmp_path, "def a(x): return x\n"), {"x": [[1]] * 1000})
    with bounded() as block:
        _ = solution["a"]
    assert block.used == 3  # the call, its line and the return


def test_the_first_import_is_not_paid_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lately_needed.py").write_text("N = 0\nfor n in range(500):\n    N += n\n")
    (tmp_path / "parts").mkdir()
    lazy = "def __getattr__(name):\n    import importlib\n"
    lazy += "    return importlib.import_module('parts.' + name)\n"
    (tmp_path / "parts" / "__init__.py").write_text(lazy)
    (tmp_path / "parts" / "one.py").write_text("N = 0\nfor n in range(500):\n    N += n\n")
    monkeypatch.syspath_prepend(tmp_path)
    text = "def a():\n    import lately_needed, parts\n    return lately_needed.N + parts.one.N\n"
    reference = loaded(tmp_path, text)
    used = []
    try:
        for _ in range(2):
            with bounded() as block:
                _ = Solution(reference, {})["a"]
            used.append(block.used)
    finally:
        for name in ("lately_needed", "parts", "parts.one"):
            sys.modules.pop(name, None)
    assert used[0] == used[1] < 10


def test_what_ours_calls_is_counted_only_by_way_of_called() -> None:
    def author(n: int) -> int:
        for _ in range(n):
            pass
        return n

    with bounded() as block:
        called(author, 100)
    assert 200 < block.used < 210


def test_a_fault_is_remembered_with_what_it_cost(tmp_path: Path) -> None:
    text = "CALLS = []\ndef bad():\n    CALLS.append(1)\n    raise ValueError('no')\n"
    text += "def calls(x): return len(CALLS)\ndef after(bad): return 1\n"
    reference = loaded(tmp_path, text)
    solution = Solution(reference, {"x": 1}, remembered=True)
    used = []
    for _ in range(3):
        with pytest.raises(StepFault, match="'bad' raises ValueError: no"), bounded() as block:
            _ = solution["after"]
        used.append(block.used)
    assert solution["calls"] == 1
    assert used[0] == used[1] == used[2] > 0


def test_threads_are_charged_alike(tmp_path: Path) -> None:
    reference = loaded(tmp_path, CHAIN)
    names = ["arrays", "b", "c", "a"]
    alone = accesses(Solution(reference, {}, remembered=True), names, 1000)
    for _ in range(5):
        shared = Solution(reference, {}, remembered=True)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(accesses, [shared] * 4, [names] * 4, [1000] * 4))
        assert found == [alone] * 4
