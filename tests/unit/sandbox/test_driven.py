"""What a driver met, known without starting anything: `Driven` is run in this process."""

from __future__ import annotations

import textwrap
from typing import Any

import driven
import numpy as np
import pytest

DRIVE = """
def drive(module, case):
    config, w, rows = None, case["w"], []
    for dw in case["gradients"]:
        w, config = module.adam(w, dw, config)
        rows.append(w + 0)
    return {"w": rows, "t": config["t"]}
"""
OP = """
import numpy as np
def drive(module, case):
    op = module.Op(
        3,
    )
    out, cache = op.forward(case["w"])
    sizes = [len(module.names()), *(n for n in range(2))]
    return np.array(op.backward(out, cache)) + sizes[0] + op.bias
"""


class _Module:
    def __init__(self, source: str) -> None:
        self.__dict__["_scope"] = {"np": np}
        exec(compile(textwrap.dedent(source), "hw.py", "exec"), self._scope)

    def __getattr__(self, name: str) -> Any:
        return self._scope[name]


def _met(source: str, driver: str = DRIVE) -> dict[str, Any] | None:
    """What was met; "value" is left as it was returned."""
    case = {"w": np.array([1.0, 2.0, 3.0]), "gradients": [np.ones(3), np.ones(3)]}
    once = driven.Driven("drive.py", driver, {"hw.py"})
    drive = once.begin()
    try:
        drive(_Module(source), case)
    except Exception as error:  # noqa: BLE001 - as the worker does
        found: dict[str, Any] | None = once.met(error)
        return found
    raise AssertionError("it went through")


def _adam(returned: str, before: str = "") -> str:
    return f"def adam(w, dw, config):\n    {before or 'pass'}\n    return {returned}\n"


UNUSABLE = {
    "nothing": ("None", "none", -1, ""),
    "nothing-first": ("None, {'t': 1}", "none", 0, ""),
    "no-state": ("w, None", "none", 1, ""),
    "one-value": ("0.5", "count", -1, ""),
    "one-array": ("w", "count", -1, ""),
    "three-values": ("w, dw, config", "count", -1, ""),
    "exchanged": ("{'t': 1}, w", "number", 0, ""),
    "text": ("'w', {'t': 1}", "number", 0, ""),
    "key": ("w, {'m': 1}", "key", 1, "t"),
    "no-dictionary": ("w, [1, 2]", "key", 1, "t"),
    "an-object": ("w, object()", "key", 1, "t"),
    "no-dictionary-but-numbers": ("w, w", "key", 1, "t"),
}


@pytest.mark.parametrize(("returned", "problem", "at", "text"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_was_returned_is_what_the_driver_met(
    returned: str, problem: str, at: int, text: str
) -> None:
    met = _met(_adam(returned))
    assert met is not None
    told = [met["problem"], met["called"], met["at"], met.get("text", "")]
    assert told == [problem, "adam", at, text]
    assert met["driver"] == "drive.py"
    assert 5 <= met["line"] <= 7


def test_how_many_values_were_wanted() -> None:
    met = _met(_adam("w, dw, config"))
    assert met is not None
    assert (met["wanted"], len(met["value"])) == (2, 3)


@pytest.mark.parametrize(
    "source",
    [
        _adam("w - dw", before="config = {'t': 0, **(config or {})}"),  # fails in the second call
        _adam("w - 0 * dw"),  # fails in the driver's last line
        _adam("np.array([w, dw])", before="config and config['t']"),
    ],
)
def test_an_array_of_as_many_entries_is_no_several_values(source: str) -> None:
    """Python takes it apart without a word, and what fails comes later."""
    met = _met_of_two(source)
    assert met is not None
    assert (met["problem"], met["wanted"], met["at"]) == ("count", 2, -1)


def _met_of_two(source: str) -> dict[str, Any] | None:
    two = DRIVE.replace('case["w"]', 'case["w"][:2]').replace(
        "        w, c", "        dw = dw[:2]\n        w, c"
    )
    return _met(source, two)


def test_an_array_that_is_taken_apart_as_meant_is_not_blamed() -> None:
    drive = "def drive(module, case):\n    a, b = module.pair()\n    return module.use(a, b)\n"
    source = "def pair(): return np.array([1.0, 2.0])\ndef use(a, b): return 1 / 0\n"
    assert _met(source, drive) is None
    drive = """
def drive(module, case):
    a, b = 1.0, 2.0
    for _ in range(2):
        a, b = module.step(a, b)
    return a
"""
    assert _met("def step(a, b): return np.array([b, [0, 1][int(a)]])\n", drive) is None


def test_an_exception_of_the_students_own_code_speaks_for_itself() -> None:
    assert _met(_adam("1 / 0")) is None
    assert _met(_adam("w, config['m']")) is None


def test_what_their_code_failed_on_came_from_their_code() -> None:
    drive = DRIVE.replace("rows.append(w + 0)", "pass")
    met = _met(_adam("{'t': 1}, w - 0.1 * dw"), drive)
    assert met is not None
    told = {name: met[name] for name in ("problem", "called", "at", "parameter", "text")}
    given = {"problem": "given", "called": "adam", "at": 0, "parameter": "w", "text": "numbers"}
    assert told == given


def test_a_state_that_grows_out_of_nothing_is_not_blamed() -> None:
    """The first call gets None and the second a dictionary, as is meant; the bug is another."""
    source = _adam("w, {'t': 1}", before="if config: 1 / 0")
    assert _met(source) is None


def test_other_arguments_than_it_is_called_with() -> None:
    met = _met("def adam(w, dw):\n    return w, dw\n")
    assert met is not None
    assert (met["least"], met["most"], met["text"]) == (2, 2, "adam(w, dw, config)")
    met = _met("def adam(w, dw, a, b, *more, c=1):\n    return w, dw\n")
    assert met is not None
    assert (met["least"], met["most"]) == (4, -1)


CLASSES = {
    "no-bias": ("out, 1", "out", ("made", "Op", "bias")),
    "cache-none": ("out, None", "cache + out", ("given", "Op.forward", "")),
    "backward-nothing": ("out, 1", "None", ("none", "Op.backward", "")),
    "backward-text": ("out, 1", "'text'", ("number", "Op.backward", "")),
}


@pytest.mark.parametrize(("forward", "backward", "told"), CLASSES.values(), ids=CLASSES)
def test_methods_are_known_by_their_class(
    forward: str, backward: str, told: tuple[str, str, str]
) -> None:
    source = f"""
    class Op:
        def __init__(self, n): self.n = n
        def forward(self, out): return {forward}
        def backward(self, out, cache): return {backward}
    def names(): return "ab"
    """
    met = _met(source, OP)
    assert met is not None
    assert (met["problem"], met["called"], met.get("text", "")) == told


def test_a_driver_does_the_same_with_its_calls_led_elsewhere() -> None:
    source = """
    class Op:
        bias = 1
        def __init__(self, n, *, m=0): self.n = n
        def forward(self, out): return out, 2
        def backward(self, out, cache): return out * cache
    def names(): return "ab"
    """
    assert _run(OP, source).tolist() == [5.0, 7.0, 9.0]


BUILT_IN = """
class Base:
    def f(self): return 1
class Own(Base):
    def f(self): return super().f() + len(locals())
def drive(module, case):
    kept = [module.f(*[n], **{"b": 1}) for n in (1, 2)]
    return (lambda x: x + Own().f())(sum(kept)), sorted(vars()), module.f(1, b=module.f(2, b=3))
"""


def test_functions_that_look_at_their_caller_see_the_driver() -> None:
    found = _run(BUILT_IN, "def f(a, b): return a + b\n")
    assert found == (8, ["case", "kept", "module"], 6)


def _run(driver: str, source: str) -> Any:
    case = {"w": np.array([1.0, 2.0, 3.0])}
    return driven.Driven("drive.py", driver, {"hw.py"}).begin()(_Module(source), case)
