"""A mutant is the reference with exactly one small slip in it."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.solver import ReferenceFault, Solution, StepFault
from grader.solver.bounded import OutOfBounds, bounded
from grader.solver.mutants import MOST_MUTANTS, Mutant, load_mutant, mutants, spread
from tests.some import some

ROOT = Path(__file__).parents[3]
PATH = Path("reference.py")
HEAD = "import math\nimport numpy as np\n\ndef g(z, /): return z\n\n"


def of(source: str) -> tuple[Mutant, ...]:
    return mutants(source, PATH)


def variations(body: str) -> list[str]:
    """What becomes of `body`, as the code of a function of x, y and the function step g."""
    source = HEAD + "def f(x, y, g):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    return [
        "\n".join(map(ast.unparse, mutant.tree.body[-1].body))  # type: ignore[attr-defined]  # a function
        for mutant in of(source)
        if mutant.step == "f"
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # signs
        ("return x", ["return -x", "return y"]),
        ("return -x", ["return x", "return -y"]),
        ("x = y * 2", ["x = -(y * 2)"]),
        ("x: float = y", ["x: float = -y"]),
        ("return x * y + 1", ["return -(x * y) + 1"]),
        ("return 1.0 if x else y", ["return -1.0 if x else y", "return 1.0 if x else -y"]),
        ("return g(x)", ["return g(-x)"]),
        ("return not x", ["return x"]),
        # operators
        ("return x + y", ["return x - y"]),
        ("return x - y", ["return x + y", "return y - x"]),
        ("return x * y", ["return x / y"]),
        ("return x / y", ["return x * y", "return y / x"]),
        ("return x ** y", ["return x * y", "return y ** x"]),
        ("return x // y", ["return x / y", "return y // x"]),
        ("return x % y", ["return x // y", "return y % x"]),
        ("return x @ y", ["return x * y", "return y @ x"]),
        ("return x and y", ["return x or y", "return x", "return y"]),
        ("x += y", ["x -= y", "x = y"]),
        ("x |= y", ["x &= y", "x = y"]),
        ("x >>= y", ["x = y"]),
        # comparisons
        ("return x < y", ["return x <= y", "return x > y"]),
        ("return x <= y", ["return x < y", "return x >= y"]),
        ("return x > y", ["return x >= y", "return x < y"]),
        ("return x >= y", ["return x > y", "return x <= y"]),
        ("return x == y", ["return x != y"]),
        ("return x != y", ["return x == y"]),
        ("return 0 < x < y", ["return 0 <= x < y", "return 0 < x <= y"]),
        # constants
        ("return 5", ["return 6", "return 4", "return -5"]),
        ("return 2.5", ["return 5.0", "return 0.0", "return -2.5"]),
        ("return 0.0", ["return 1.0"]),
        ("return True", ["return False"]),
        ("return x[-1]", ["return x[-2]", "return x[-0]", "return x[1]"]),
        ("for _ in range(1, 9):\n    pass", ["for _ in range(2, 9):\n    pass"]),
        # ranges and slices off by one
        ("return range(x)", ["return range(x + 1)", "return range(x - 1)"]),
        ("return x[y:]", ["return x[y + 1:]", "return x[y - 1:]", "return x[y:-1]"]),
        ("return x[:y]", ["return x[1:y]", "return x[:y + 1]", "return x[:y - 1]"]),
        ("return x[2:3]", ["return x[1:3]", "return x[3:3]", "return x[2:4]", "return x[2:2]"]),
        ("return x[:, 0]", ["return x[1:, 0]", "return x[:-1, 0]", "return x[0, :]"]),
        # terms left out
        ("return x + y", ["return x", "return y"]),
        ("return x * y", ["return x", "return y"]),
        ("return 3 * x", ["return 3", "return x"]),
        # what stands in another order
        ("return g(x, y, 1)", ["return g(y, x, 1)", "return g(x, 1, y)"]),
        ("return (x, g(y))", ["return (g(y), x)"]),
        ("return [x, 7]", ["return [7, x]", "return [-x, 7]"]),
        ("return {'a': x, 'b': y}", ["return {'a': y, 'b': x}", "return {'a': -x, 'b': y}"]),
        ("return x if y else 2", ["return 2 if y else x"]),
        # one parameter for the next
        ("return x[y]", ["return y[y]", "return x[x]"]),
        # the other function, or none
        ("return np.sin(x)", ["return np.cos(x)", "return x"]),
        ("return np.cos(x)", ["return np.sin(x)"]),
        ("return np.exp(x)", ["return np.exp2(x)", "return x"]),
        ("return np.maximum(x, 0.0)", ["return np.minimum(x, 0.0)"]),
        ("return np.zeros(3)", ["return np.ones(3)", "return np.zeros(4)", "return np.zeros(2)"]),
        ("return np.argmax(x)", ["return np.argmin(x)"]),
        ("return np.sqrt(x)", ["return np.cbrt(x)", "return x"]),
        ("return max(x, y)", ["return min(x, y)"]),
        ("return abs(x)", ["return x"]),
        ("return g(x)", ["return x"]),
        ("return x.sum()", ["return x", "return x.mean()"]),
        ("return np.sum(x, axis=1)", ["return x", "return np.mean(x, axis=1)"]),
        ("return np.sum(x, axis=1)", ["return np.sum(x, axis=2)", "return np.sum(x, axis=0)"]),
        ("return x.T @ y", ["return x @ y"]),
        # statements of a loop
        ("while x:\n    x = y\n    break", ["while x:\n    pass\n    break"]),
        ("while x:\n    x = y\n    break", ["while x:\n    x = y\n    pass"]),
        ("for x in y:\n    if x:\n        g(y)", ["for x in y:\n    if x:\n        pass"]),
    ],
)
def test_a_slip_of_each_kind_is_made(code: str, expected: list[str]) -> None:
    made = variations(code)
    assert [line for line in expected if line not in made] == []


@pytest.mark.parametrize(
    ("code", "never"),
    [
        ("return x", "return g"),  # a number is not confused with a function
        ("return x", "return --x"),
        ("return g, x", "return (-g, x)"),
        ("return np.maximum(x, y)", "return np.maximum(y, x)"),  # the same
        ("return np.zeros(x)", "return -np.zeros(x)"),
        ("return np.array(x)", "return x"),
        ("return len(x)", "return len(-x)"),
        ("return max(x for x in y)", "return (x for x in y)"),
        ("return np.random.rand()", "return np.random"),
        ("return {**x, 'b': y}", "return {**y, 'b': x}"),
        ("return {**x, 'b': y}", "return {**-x, 'b': y}"),
        ("x = y\nreturn x", "pass\nreturn x"),  # only what is done many times is forgotten once
        ("for y in x:\n    def h(): x = 1", "for y in x:\n\n    def h():\n        pass"),
        ("x, y = 1, 2", "y, x = (1, 2)"),
        ("def h(y): return y\nreturn h", "def h(y):\n    return x\nreturn h"),
    ],
)
def test_what_is_no_slip_is_not_made(code: str, never: str) -> None:
    assert variations(code)
    assert never not in variations(code)


def test_all_mutants_of_a_function_with_their_places() -> None:
    source = "def f(x, /, é, rate):\n    return (é) - 2 * x\n"
    assert [(m.line, m.column, m.change) for m in of(source)] == [
        (2, 12, "`é - 2 * x` → `2 * x - é`"),
        (2, 12, "`é - 2 * x` → `é`"),
        (2, 13, "`é` → `-é`"),
        (2, 13, "`é` → `rate`"),
        (2, 16, "`-` → `+`"),
        (2, 18, "`é - 2 * x` → `2 * x`"),
        (2, 18, "`2 * x` → `2`"),
        (2, 18, "`2` → `3`"),
        (2, 18, "`2` → `1`"),
        (2, 20, "`*` → `/`"),
        (2, 22, "`2 * x` → `x`"),
        (2, 22, "`x` → `é`"),
    ]


def test_an_operator_is_found_behind_brackets_comments_and_lines() -> None:
    source = "def f(x, y):\n    return (\n        (x)  # a + b\n        + y\n    )\n"
    found = [(m.line, m.column) for m in of(source) if m.change == "`+` → `-`"]
    assert found == [(4, 9)]


@pytest.mark.parametrize(
    ("source", "step", "change"),
    [
        ("def _half(x):\n    return x / 2\n", "_half", "`/` → `*`"),
        ("RATE = 0.5\n", None, "`0.5` → `1.0`"),
        ("RATE: float = 0.5\n", None, "`0.5` → `1.0`"),
        ("class P:\n    def m(self):\n        return 1 + self.x\n", "P", "`+` → `-`"),
        ("def f(x):\n    def g():\n        return x + 1\n    return g\n", "f", "`+` → `-`"),
        ("def f(x, y=2, /): pass\n", "f", "`2` → `3`"),
        ("def f(x):\n    while x:\n        x = 1\n", "f", "`x = 1` left out"),
        ("def f(): return lambda x, y: x\n", "f", "`x` → `y`"),
    ],
)
def test_a_change_is_told_with_the_function_that_it_lies_in(
    source: str, step: str | None, change: str
) -> None:
    assert (step, change) in [(mutant.step, mutant.change) for mutant in of(source)]


@pytest.mark.parametrize(
    "source",
    [
        '"""1 + 1"""\n',
        "import numpy as np\nfrom math import pi\n",
        'def f():\n    """return 1 + 1"""\n',
        "def f(x: 1 + 1) -> 2 + 2: pass\n",
        "@d(1)\ndef f(): pass\n",
        'def f(x): return f"{x + 1}"\n',
        "def f(x):\n    assert x > 0\n    raise ValueError(x + 1)\n",
        "def f(x):\n    match x:\n        case 1: pass\n",
        'if __name__ == "__main__":\n    print(1 + 1)\n',
    ],
)
def test_what_computes_nothing_is_left_alone(source: str) -> None:
    assert of(source) == ()


def test_code_that_comes_out_twice_is_given_once() -> None:
    sources = [mutant.source for mutant in of("def f(x):\n    return x + x\n")]
    assert sorted(sources) == [
        "def f(x):\n    return -(x + x)",
        "def f(x):\n    return -x + x",
        "def f(x):\n    return x",
        "def f(x):\n    return x - x",
    ]


def test_a_change_that_does_not_compile_is_left_out() -> None:
    source = "def f():\n    while True:\n        n = 1\n        def g():\n"
    source += "            nonlocal n\n            n = 2\n        return g\n"
    found = {mutant.change for mutant in of(source)}
    assert "`return g` left out" in found
    assert "`n = 1` left out" not in found  # `nonlocal` would name nothing


def test_a_source_that_is_not_python_is_told() -> None:
    with pytest.raises(SyntaxError):
        of("def f(:\n")


# What a mutant is, whatever the source.

_NAMES = st.sampled_from(["x", "y", "rate"])
_LEAVES = _NAMES | st.sampled_from(["1", "2.5", "True", "x[-1]", "y[1:]"])
_EXPRESSIONS = st.recursive(
    _LEAVES,
    lambda part: st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from("+-*/%@<") | st.just("**"), part),
        st.builds("-{}".format, part),
        st.builds("g({}, {})".format, part, part),
        st.builds("np.exp({})".format, part),
        st.builds("[{}, {}]".format, part, part),
        st.builds("({} if {} else {})".format, part, part, part),
        st.builds("({} and {})".format, part, part),
    ),
    max_leaves=6,
)
_STATEMENTS = st.lists(
    st.builds("x = {}".format, _EXPRESSIONS)
    | st.builds("y += {}".format, _EXPRESSIONS)
    | st.builds("while {}: x = {}".format, _EXPRESSIONS, _EXPRESSIONS)
    | st.builds("return {}, {}".format, _EXPRESSIONS, _EXPRESSIONS),
    min_size=1,
    max_size=3,
)
_SOURCES = st.builds(
    lambda lines: "def f(x, y, /, rate, g):\n" + "".join(f"    {line}\n" for line in lines),
    _STATEMENTS,
)


class Original:
    """A tree that is held against many others; what its nodes look like is written down once."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self._dumps = {node: ast.dump(node) for node in ast.walk(self.tree)}
        self._below = {
            node: {self._dumps[one] for one in ast.walk(node)} for node in ast.walk(self.tree)
        }

    def differences(self, new: ast.AST, old: ast.AST | None = None) -> int:
        """How many nodes differ: one where children changed places, or a part was left out."""
        old = self.tree if old is None else old
        dump = ast.dump(new)
        if self._dumps[old] == dump:
            return 0
        if dump in self._below[old]:
            return 1
        before, after = list(ast.iter_child_nodes(old)), list(ast.iter_child_nodes(new))
        if type(old) is not type(new) or len(before) != len(after):
            return 1
        if Counter(self._dumps[one] for one in before) == Counter(map(ast.dump, after)):
            return 1
        return sum(itertools.starmap(self.differences, zip(after, before, strict=True))) or 1


@pytest.mark.slow
@settings(max_examples=some(40), deadline=None)
@given(source=_SOURCES)
def test_every_mutant_compiles_and_differs_in_one_node(source: str) -> None:
    original = Original(source)
    found = mutants(source, PATH, most=10**6)
    for mutant in found:
        assert original.differences(mutant.tree) == 1, mutant
        compile(mutant.source, "m", "exec")
    assert len({mutant.source for mutant in found} - {ast.unparse(original.tree)}) == len(found) > 0


@pytest.mark.lengthy
@settings(max_examples=some(20), deadline=None)
@given(source=_SOURCES)
def test_the_mutants_of_a_source_are_always_the_same(source: str) -> None:
    first, second = ([(str(m), m.step, m.source) for m in of(source)] for _ in range(2))
    assert first == second


@pytest.mark.lengthy
@settings(max_examples=some(20), deadline=None)
@given(source=_SOURCES)
def test_mutants_come_in_the_order_of_the_source(source: str) -> None:
    places = [(mutant.line, mutant.column) for mutant in of(source)]
    assert places == sorted(places)


@given(counts=st.lists(st.integers(1, 40), max_size=8), most=st.integers(1, 100))
def test_too_many_are_thinned_out_evenly(counts: list[int], most: int) -> None:
    tree = ast.parse("")
    items = [
        Mutant(path=PATH, step=f"f{step}", line=line, column=1, change="", tree=tree)
        for step, count in enumerate(counts)
        for line in range(count)
    ]
    kept = spread(items, most)
    assert [item for item in items if item in kept] == list(kept)
    assert len(kept) <= most
    own = [[m.line for m in kept if m.step == f"f{step}"] for step in range(len(counts))]
    if len(counts) > most:
        assert len(kept) == most
        return
    assert len(kept) == len(items) or len(kept) > most - len(counts)
    longest = max(map(len, own), default=0)
    for lines, count in zip(own, counts, strict=True):
        assert len(lines) in (count, longest)
        gaps = {after - before for before, after in pairwise([*lines, count])}
        assert max(gaps) - min(gaps) <= 1


@pytest.mark.slow
def test_the_number_is_bounded() -> None:
    source = "".join(f"def f{n}(x, y): return x * y + {n} * x\n" for n in range(60))
    assert len(mutants(source, PATH, most=10**6)) > MOST_MUTANTS == len(of(source))
    assert {mutant.step for mutant in of(source)} == {f"f{n}" for n in range(60)}


# Running them.


def test_a_mutant_computes_what_its_change_says() -> None:
    found = {m.change: m for m in of("def start(): return 5\ndef f(start): return start + 3\n")}
    values = {
        change: Solution(load_mutant(found[change]), {})["f"]
        for change in ("`+` → `-`", "`3` → `4`", "`5` → `6`", "`start + 3` → `3`")
    }
    assert list(values.values()) == [2, 9, 9, 3]


def test_a_fault_in_a_mutant_is_told_at_the_line_of_the_file() -> None:
    source = "# a comment\n\ndef f(x):\n    return 1 / (x - 1)\n"
    mutant = next(m for m in of(source) if m.change == "`1 / (x - 1)` → `(x - 1) / 1`")
    reference = load_mutant(next(m for m in of(source) if m.change == "`-` → `+`"))
    with pytest.raises(StepFault) as caught:
        _ = Solution(reference, {"x": -1})["f"]
    assert caught.value.line == mutant.line == 4
    assert Solution(load_mutant(mutant), {"x": 3})["f"] == 2


def test_a_mutant_that_never_ends_while_it_is_loaded_is_stopped() -> None:
    source = "STEP = 1\nleft = 3\nwhile left > 0:\n    left -= STEP\ndef f(): return left\n"
    endless = next(mutant for mutant in of(source) if mutant.change == "`1` → `0`")
    with pytest.raises(ReferenceFault, match=r"S302.*OutOfBounds"):
        load_mutant(endless)


def test_mutants_that_never_end_when_solved_can_be_stopped() -> None:
    source = "def f():\n    n = 0\n    while n < 10:\n        n += 1\n    return n\n"
    stopped = set()
    for mutant in of(source):
        reference = load_mutant(mutant)
        try:
            with bounded(1000):
                _ = Solution(reference, {})["f"]
        except (StepFault, OutOfBounds):
            stopped.add(mutant.change)
    assert stopped == {"`+=` → `-=`", "`+=` → `=`", "`1` → `0`", "`n += 1` left out"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if "sigmoid" in path.stem else pytest.mark.slow, id=path.stem)
        for path in sorted((ROOT / "reference").glob("*.py"))
    ],
)
def test_every_step_of_a_reference_has_mutants_and_they_load(path: Path) -> None:
    found = mutants(path.read_text(encoding="utf-8"), path)
    names = set()
    for mutant in spread(found, 20):
        names = set(load_mutant(mutant).steps)
    changed = {mutant.step for mutant in found}
    assert names - changed <= {"ReLU"}  # it computes nothing
