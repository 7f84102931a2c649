"""What a call is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.model.assignment import Driver
from grader.model.call import Call
from grader.model.response import Response
from grader.model.value import Opaque
from grader.model.verdict import Reason
from grader.sandbox.contract import JobResult
from grader.sandbox.text import CUT
from tests.build import call_of


def test_values_go_and_come_back_as_they_are(ask: Callable[..., Response]) -> None:
    given = [1, -2.5, 1e-320, 2**70, True, None, "é\n", b"\0", (1, [2]), {"a": {(1, 2): 3j}}]
    back = ask("def f(*values): return list(values)\n", *given).value
    assert back == given
    assert list(map(type, back)) == list(map(type, given))


def test_arrays_go_and_come_back_with_dtype_and_shape(ask: Callable[..., Response]) -> None:
    given = np.arange(12, dtype="<i2").reshape(3, 4)[::2, ::-1]
    back = ask("def f(x): return x.T\n", given).value
    assert back.dtype == given.dtype
    assert np.array_equal(back, given.T)


def test_each_call_is_given_fresh_arguments(run: Callable[..., JobResult]) -> None:
    source = "def f(x, y):\n    x[0] += 1\n    y.append(1)\n    return x, y\n"
    shared: tuple[Any, ...] = (np.zeros(2), [])
    calls = [Call(id=str(n), group="f", entry="f", arguments=shared) for n in range(3)]
    responses = run(source, *calls).responses
    values = [(r.value[0].tolist(), r.value[1]) for r in responses.values()]
    assert values == [([1.0, 0.0], [1])] * 3
    assert (shared[0].tolist(), shared[1]) == ([0.0, 0.0], [])


def test_arguments_are_looked_at_after_the_call_when_asked(run: Callable[..., JobResult]) -> None:
    source = "def f(x, y):\n    x *= 2\n    y['new'] = print\n"
    given: tuple[Any, ...] = (np.ones(2), {})
    calls = [
        Call(id="seen", group="f", entry="f", arguments=given, look_again=True),
        Call(id="unseen", group="f", entry="f", arguments=given),
    ]
    responses = run(source, *calls).responses
    after = responses["seen"].inputs_after
    assert after is not None
    assert after[0].tolist() == [2.0, 2.0]
    assert after[1] == {"new": Opaque(type_name="builtin_function_or_method")}
    assert responses["unseen"].inputs_after is None


def test_state_is_kept_between_calls(run: Callable[..., JobResult]) -> None:
    source = "seen = []\ndef f():\n    seen.append(0)\n    return len(seen)\n"
    calls = [Call(id=str(n), group="f", entry="f") for n in range(3)]
    assert [r.value for r in run(source, *calls).responses.values()] == [1, 2, 3]


def test_globals_are_set_before_each_call_in_the_file_that_is_called(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "a.py": "eta = 'own'\ndef f(): return eta\ndef spoil():\n    global eta\n    eta = 0\n",
        "b.py": "eta = 'b'\ndef g(): return eta\n",
    }
    calls = [
        Call(id="first", group="f", entry="f", globals={"eta": 0.1}),
        Call(id="spoil", group="f", entry="spoil"),
        Call(id="again", group="f", entry="f", globals={"eta": 0.2}),
        Call(id="other", group="g", entry="g"),
    ]
    values = {name: r.value for name, r in run(files, *calls).responses.items()}
    assert values == {"first": 0.1, "spoil": None, "again": 0.2, "other": "b"}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param("f = [1, 2]\n", [1, 2], id="variable"),
        pytest.param("def f(): return 3\n", 3, id="function-without-arguments"),
        pytest.param("class f:\n    def __new__(cls): return 4\n", 4, id="class"),
        pytest.param("f = None\n", None, id="none"),
    ],
)
def test_an_answer_is_a_variable_or_what_a_function_gives(
    run: Callable[..., JobResult], source: str, value: Any
) -> None:
    response = run(source, call_of("f", mode="value")).responses["f"]
    assert response.failure is None
    assert response.value == value


def test_a_driver_sees_the_names_of_all_files(run: Callable[..., JobResult]) -> None:
    driver = Driver(
        file="drive.py",
        source=(
            "from math import floor\n"
            "def drive(module, case):\n"
            "    layer = module.Layer(case['x'])\n"
            "    return [layer.forward(), module.scale, floor(2.5)]\n"
        ),
    )
    files = {"a.py": "class Layer:\n    def __init__(self, x): self.x = x\n"}
    files["a.py"] += "    def forward(self): return self.x + 1\n"
    files["b.py"] = "scale = 7\n"
    call = Call(
        id="d", group="d", entry="Layer", mode="drive", arguments=({"x": 1},), driver=driver
    )
    assert run(files, call).responses["d"].value == [2, 7, 2]


def test_a_driver_that_misses_a_name_says_so_without_a_line_of_its_own(
    run: Callable[..., JobResult],
) -> None:
    driver = Driver(file="drive.py", source="def drive(module, case): return module.gone\n")
    call = call_of("f", {}, name="d", mode="drive", driver=driver)
    failure = run("f = 1\n", call).responses["d"].failure
    assert failure is not None
    assert (failure.exception, failure.file) == ("AttributeError", "")
    assert "gone" in failure.message


RANDOM = """
import random
import numpy as np
LOADED = random.random(), np.random.rand()
def f(): return [random.random(), np.random.rand(), *LOADED]
def end():
    import os
    os._exit(0)
"""


def test_random_numbers_of_a_call_depend_on_its_seed_alone(run: Callable[..., JobResult]) -> None:
    calls = [
        Call(id="one", group="f", entry="f", seed=1),
        Call(id="two", group="f", entry="f", seed=2),
        call_of("end"),
        Call(id="one, in a new process", group="f", entry="f", seed=1),
    ]
    values = {name: r.value for name, r in run(RANDOM, *calls, seed=5).responses.items()}
    assert values["one"] == values["one, in a new process"]
    assert values["one"][:2] != values["two"][:2]
    assert values == {n: r.value for n, r in run(RANDOM, *calls, seed=5).responses.items()}


def test_random_numbers_while_loading_depend_on_the_seed_of_the_job(
    run: Callable[..., JobResult],
) -> None:
    call = call_of("f", seed=1)
    first, second = (run(RANDOM, call, seed=seed).responses["f"].value for seed in (1, 2))
    assert first[:2] == second[:2]
    assert first[2:] != second[2:]


def test_sets_of_words_have_the_same_order_in_every_run(ask: Callable[..., Response]) -> None:
    source = "def f(): return list({chr(97 + n) * 3 for n in range(26)})\n"
    assert ask(source).value == ask(source).value


def test_reading_from_the_keyboard_finds_nothing(ask: Callable[..., Response]) -> None:
    failure = ask("def f(): return input('your name: ')\n").failure
    assert failure is not None
    assert (failure.exception, failure.line) == ("EOFError", 1)


def test_hidden_calls_come_last_even_after_a_call_was_killed(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import os\n"
        "seen = []\n"
        "def f(x):\n"
        "    if x == 'dies': os._exit(0)\n"
        "    seen.append(x)\n"
        "    return list(seen)\n"
        "g = f\n"
    )

    def call(name: str, group: str, *, hidden: bool = False) -> Call:
        return Call(id=name, group=group, entry=group, arguments=(name,), hidden=hidden)

    result = run(
        source,
        call("kept", "f", hidden=True),
        call("dies", "f"),
        call("after", "f"),
        call("hers", "g", hidden=True),
        call("own", "g"),
    )
    given = {name: response.value for name, response in result.responses.items()}
    assert given["own"] == ["own"]
    assert given["after"] == ["own", "after"]
    assert given["hers"][:2] == given["kept"][:2] == ["own", "after"]


def test_what_is_printed_stands_with_the_call_that_printed_it(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import os, sys\n"
        "print('loading')\n"
        "def f(x):\n"
        "    print('out', x)\n"
        "    print('err', x, file=sys.stderr)\n"
        "    if x == 1: sys.stdout.flush(); os._exit(0)\n"
    )
    calls = [Call(id=str(x), group=str(x), entry="f", arguments=(x,)) for x in range(3)]
    result = run(source, *calls)
    assert result.printed == "loading\n"
    assert [sorted(r.printed.split("\n")) for r in result.responses.values()] == [
        ["", f"err {x}", f"out {x}"] for x in range(3)
    ]


def test_printed_text_counts_for_each_call_anew(run: Callable[..., JobResult]) -> None:
    source = "def f(): print('x' * 40_000)\n"
    calls = [Call(id=str(n), group="f", entry="f") for n in range(4)]
    result = run(source, *calls, output_kib=64)
    assert [r.failure for r in result.responses.values()] == [None] * 4
    kept = "".join(r.printed for r in result.responses.values())
    assert len(kept) == (64 << 10) + len(CUT)
    assert kept.count(CUT) == 1


def test_printed_text_is_cleaned(run: Callable[..., JobResult]) -> None:
    source = "import os\nprint('\\x1b[2J 10%\\r20%\\r\\n', os.getcwd(), object())\ndef f(): pass\n"
    printed = run(source, call_of("f")).printed
    assert printed == "�[2J 10%\n20%\n . <object object at 0x…>\n"


def test_a_huge_whole_number_is_named_and_not_sent(ask: Callable[..., Response]) -> None:
    value = ask("def f(): return 7 ** 10**5\n").value
    assert isinstance(value, Opaque)
    assert value.type_name == "int"


def test_a_missing_name_does_not_hide_what_failed_to_load(run: Callable[..., JobResult]) -> None:
    files = {"bad.py": "1 / 0\ndef f(): pass\n", "good.py": "def g(): return 1\n"}
    calls = [Call(id=name, group=name, entry=name) for name in ("f", "g")]
    responses = run(files, *calls).responses
    assert responses["f"].failure is not None
    assert responses["f"].failure.reason is Reason.EXCEPTION
    assert responses["g"].value == 1


TORCH = "SEEDS = []\ndef manual_seed(number): SEEDS.append(number)\n"


def test_torch_is_seeded_where_it_was_imported(run: Callable[..., JobResult]) -> None:
    source = "import torch\ndef f(): return list(torch.SEEDS)\n"
    calls = [Call(id=str(seed), group="f", entry="f", seed=seed) for seed in (7, 8)]
    responses = run({"a.py": source, "torch.py": TORCH}, *calls).responses
    assert [response.value for response in responses.values()] == [[7], [7, 8]]


@pytest.mark.parametrize(
    "fake",
    [
        "",
        "manual_seed = 5\n",
        "def manual_seed(): pass\n",
        "def manual_seed(number): raise SystemExit\n",
        "import sys\nsys.modules['torch'] = 7\n",
        (
            "import sys\nclass T:\n    __dict__ = property(lambda self: 1 / 0)\n"
            "sys.modules['torch'] = T()\n"
        ),
    ],
)
def test_what_stands_in_for_torch_fails_nothing(ask: Callable[..., Response], fake: str) -> None:
    source = f"try:\n    import torch\nexcept BaseException: pass\nimport random\n{DRAW}"
    seeded = ask({"a.py": source, "torch.py": fake}).value
    assert seeded == ask({"a.py": f"import random\n{DRAW}"}).value


DRAW = "def f(): return random.random()\n"


def test_what_stands_in_for_seeding_fails_nothing(ask: Callable[..., Response]) -> None:
    source = "import random\nimport numpy\nrandom.seed = numpy.random.seed = None\n"
    assert ask(source + "def f(): return 3\n").value == 3
