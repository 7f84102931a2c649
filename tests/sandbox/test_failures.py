"""Each way in which code may fail has its name, and costs no more than its own call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.value import shape_of
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult, Sandbox, SandboxFault
from tests.build import call_of

# what `f` does → what it comes to; every one is kept small by the limits of the fixture
ENDINGS = {
    "raises": ("raise ValueError('no')", Verdict.RAISED, Reason.EXCEPTION),
    "raises-an-interrupt": ("raise KeyboardInterrupt", Verdict.RAISED, Reason.EXCEPTION),
    "raises-a-group": ("raise ExceptionGroup('', [KeyError()])", Verdict.RAISED, Reason.EXCEPTION),
    "recurses": ("return f()", Verdict.RAISED, Reason.EXCEPTION),
    "asks-for-input": ("return input('n? ')", Verdict.RAISED, Reason.EXCEPTION),
    "sys-exit": ("import sys; sys.exit(0)", Verdict.RAISED, Reason.SYSTEM_EXIT),
    "quit": ("quit()", Verdict.RAISED, Reason.SYSTEM_EXIT),
    "os-exit": ("import os; os._exit(0)", Verdict.CRASHED, Reason.NO_ANSWER),
    "aborts": ("import os; os.abort()", Verdict.CRASHED, Reason.NO_ANSWER),
    "segfault": ("import ctypes; ctypes.string_at(0)", Verdict.CRASHED, Reason.NO_ANSWER),
    "closes-everything": (
        "import os; os.closerange(0, 200)",
        Verdict.CRASHED,
        Reason.NO_ANSWER,
    ),
    "big-list": ("return [0] * 10**9", Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT),
    "big-array": (
        "import numpy as np; return np.ones(10**9)",
        Verdict.MEMORY_EXCEEDED,
        Reason.MEMORY_LIMIT,
    ),
    "grows": (
        "kept = []\n    while True: kept.append(bytearray(1 << 20))",
        Verdict.MEMORY_EXCEEDED,
        Reason.MEMORY_LIMIT,
    ),
    "prints-on": (
        "while True: print('x' * 1000)",
        Verdict.OUTPUT_EXCEEDED,
        Reason.OUTPUT_LIMIT,
    ),
    "returns-much-text": ("return 'x' * 10**6", Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT),
    "returns-many-numbers": (
        "return list(range(10**5))",
        Verdict.OUTPUT_EXCEEDED,
        Reason.OUTPUT_LIMIT,
    ),
    "returns-a-big-view": (
        "import numpy as np; return np.broadcast_to(1.0, (10**6, 10**6))",
        Verdict.OUTPUT_EXCEEDED,
        Reason.OUTPUT_LIMIT,
    ),
    "returns-itself-twice": (
        "x = []; x += [x, x]; return x",
        Verdict.OUTPUT_EXCEEDED,
        Reason.OUTPUT_LIMIT,
    ),
}
ENDLESS = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(1000)",
    "waits-in-c": "import threading; threading.Event().wait()",
    "ignores-signals": (
        "import signal\n"
        "    [signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]\n"
        "    while True: pass"
    ),
    "loops-in-the-answer": (
        "class Again(Exception):\n"
        "        def __str__(self):\n"
        "            while True: pass\n"
        "    raise Again"
    ),
}
ENDED = {
    "os-exit": "import os; os._exit(0)",
    "raises": "raise ValueError('no')",
    "prints-on": "while True: print('x' * 1000)",
    "grows": "return [0] * 10**9",
    "closes-everything": "import os; os.closerange(0, 200)",
}


def _function(body: str) -> str:
    return f"def f(*a):\n    {body}\n\ndef good(x):\n    return x + 1\n"


def test_every_ending_has_its_verdict(run: Callable[..., JobResult]) -> None:
    bodies = [body.replace("f()", f"f{n}()") for n, (body, _, _) in enumerate(ENDINGS.values())]
    source = "".join(f"def f{n}():\n    {body}\n" for n, body in enumerate(bodies))
    calls = [Call(id=name, group=name, entry=f"f{n}") for n, name in enumerate(ENDINGS)]
    failures = {name: r.failure for name, r in run(source, *calls).responses.items()}
    found = {
        name: failure and (failure.verdict, failure.reason) for name, failure in failures.items()
    }
    assert found == {name: (verdict, reason) for name, (_, verdict, reason) in ENDINGS.items()}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_timed_out(ask: Callable[..., Response], body: str) -> None:
    failure = ask(_function(body), wall_seconds=0.7).failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.TIMED_OUT, Reason.TIME_LIMIT)


@pytest.mark.parametrize(
    ("signal", "verdict"), [(9, Verdict.BLOCKED), (19, Verdict.TIMED_OUT)], ids=["kill", "stop"]
)
def test_a_signal_to_itself_earns_nothing(
    sandbox: Sandbox, ask: Callable[..., Response], signal: int, verdict: Verdict
) -> None:
    source = f"import os\ndef f():\n    os.kill(os.getpid(), {signal})\n    return 'went on'\n"
    if sandbox.tier == "basic" and signal == 9:  # nobody can tell who did it
        with pytest.raises(SandboxFault, match="may have done it itself"):
            ask(source, wall_seconds=0.7)
        return
    response = ask(source, wall_seconds=0.7)
    if sandbox.tier == "full" and signal != 9:  # the first of a namespace takes none from inside
        assert response.value == "went on"
    else:
        assert response.failure is not None
        assert response.failure.verdict is verdict


def test_a_file_larger_than_allowed_is_refused(
    sandbox: Sandbox, ask: Callable[..., Response]
) -> None:
    failure = ask(_function("open('big', 'wb').write(bytes(2 << 20))")).failure
    assert failure is not None
    if sandbox.tier == "container":  # no file can be written at all
        assert (failure.verdict, failure.reason) == (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
    else:
        assert (failure.verdict, failure.reason) == (Verdict.OUTPUT_EXCEEDED, Reason.FILE_LIMIT)


@pytest.mark.slow
def test_a_value_has_no_more_parts_than_we_read_quickly(run: Callable[..., JobResult]) -> None:
    """However many numbers an array holds, it is read at once."""
    values = {
        "array": "np.zeros(4_000_000)",
        "list": "[0.5] * 119_999",
        "nothing": "[None] * 120_000",
        "lists": "[[0.5] * 9] * 12_000",
        "numbers of numpy": "[np.float64(1)] * 60_000",
        "arrays": "{'a': [np.zeros(1)] * 60_000}",
        "objects": "[object()] * 60_000",
        "keys": "dict.fromkeys(range(10_001))",
    }
    made = [f"def f{place}(): return {text}\n" for place, text in enumerate(values.values())]
    calls = [Call(id=name, group=name, entry=f"f{place}") for place, name in enumerate(values)]
    limits = {"output_kib": 65536, "wall_seconds": 20, "memory_mib": 512}
    responses = run("import numpy as np\n" + "".join(made), *calls, **limits).responses
    assert shape_of(responses["array"].value) == (4_000_000,)
    assert shape_of(responses["list"].value) == (119_999,)
    reasons = {name: one.failure and one.failure.reason for name, one in responses.items()}
    assert reasons == dict.fromkeys(values, Reason.VALUE_LIMIT) | {"array": None, "list": None}


@pytest.mark.slow
def test_used_up_processor_time_is_timed_out(ask: Callable[..., Response]) -> None:
    failure = ask(_function("while True: pass"), wall_seconds=20, cpu_seconds=1).failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.TIMED_OUT, Reason.CPU_LIMIT)


@pytest.mark.parametrize(
    ("source", "verdict", "reason"),
    [
        pytest.param("x = (\n", Verdict.RAISED, Reason.SYNTAX_ERROR, id="syntax"),
        pytest.param("\x00", Verdict.RAISED, Reason.SYNTAX_ERROR, id="null-byte"),
        pytest.param("1 / 0", Verdict.RAISED, Reason.EXCEPTION, id="raises"),
        pytest.param("import sys; sys.exit(1)", Verdict.RAISED, Reason.SYSTEM_EXIT, id="sys-exit"),
        pytest.param("x = [0] * 10**9", Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT, id="memory"),
    ],
)
def test_failing_while_loading_is_the_answer_to_every_call(
    run: Callable[..., JobResult], source: str, verdict: Verdict, reason: Reason
) -> None:
    calls = [call_of("f", name=name) for name in ("one", "two")]
    responses = run(source + "\ndef f(): return 1\n", *calls, wall_seconds=0.7).responses
    failures = {name: response.failure for name, response in responses.items()}
    found = {name: f and (f.verdict, f.reason) for name, f in failures.items()}
    assert found == dict.fromkeys(("one", "two"), (verdict, reason))


LOST = "def early(): return 1\n{}\ndef late(): return early() + 1\n"
ENDS = {
    "ends": ("import os; os._exit(0)", Reason.NO_ANSWER),
    "crashes": ("import ctypes; ctypes.string_at(0)", Reason.NO_ANSWER),
    "waits-in-c": ("sum(range(10**12))", Reason.TIME_LIMIT),
    "waits-and-catches": (
        "while True:\n try: __import__('time').sleep(9)\n except BaseException: pass",
        Reason.TIME_LIMIT,
    ),
    "named": ("x = __import__('os')._exit(0)", Reason.NO_ANSWER),
}


@pytest.mark.parametrize(
    "ends",
    [name if name == "ends" else pytest.param(name, marks=pytest.mark.slow) for name in ENDS],
)
@pytest.mark.parametrize("in_cells", [False, True], ids=["module", "notebook"])
def test_what_ends_the_process_while_loading_costs_no_definition(
    run: Callable[..., JobResult], ends: str, in_cells: bool
) -> None:
    statement, reason = ENDS[ends]
    pieces = LOST.format(f"# In[2]:\n{statement}\n# In[3]:" if in_cells else statement)
    calls = [call_of(name, name=name) for name in ("early", "late", "x")]
    result = run(pieces, *calls, wall_seconds=0.7)
    assert [result.responses[name].value for name in ("early", "late")] == [1, 2]
    assert result.ended is not None
    assert result.ended.reason is reason
    missing = result.responses["x"].failure
    assert missing is not None
    assert (missing.reason, missing.loading) == (reason, True)  # it may be what was left out


def test_values_with_a_name_are_computed_again_where_they_did_not_end_it(
    run: Callable[..., JobResult],
) -> None:
    source = "import math\nx = math.sqrt(4)\ndef f(): return x\nimport os\nos._exit(0)\n"
    assert run(source, call_of("f", name="f")).responses["f"].value == 2.0


@pytest.mark.parametrize("source", ["print('x' * 3_000_000)", "for i in range(60_000): print(i)"])
def test_what_is_printed_while_loading_costs_nothing(
    run: Callable[..., JobResult], source: str
) -> None:
    calls = [call_of("f", name=name) for name in ("one", "two")]
    result = run(f"{source}\ndef f(): print('called'); return 1\n", *calls, output_kib=64)
    assert [response.value for response in result.responses.values()] == [1, 1]
    assert result.ended is None
    assert result.printed.endswith("64 KiB are kept]\n")


def test_an_exception_names_the_line_of_the_students_own_file(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "answers.py": "import numpy\nimport part\n\ndef f():\n    return part.g()\n",
        "part.py": "import numpy as np\n\ndef g():\n    x = 1\n    np.linalg.inv(np.eye(2)[:1])\n",
    }
    failure = run(files, call_of("f", name="a")).responses["a"].failure
    assert failure is not None
    assert (failure.file, failure.line, failure.exception) == ("part.py", 5, "LinAlgError")


def test_a_syntax_error_names_its_line(ask: Callable[..., Response]) -> None:
    failure = ask("x = 1\ny = 2\ndef f(:\n    pass\n").failure
    assert failure is not None
    assert (failure.file, failure.line) == ("answers.py", 3)
    assert "site" not in failure.message


@pytest.mark.parametrize("body", ENDED.values(), ids=ENDED)
def test_a_failing_call_costs_no_other(run: Callable[..., JobResult], body: str) -> None:
    calls = [
        Call(id="before", group="g", entry="good", arguments=(1,)),
        Call(id="bad", group="g", entry="f"),
        Call(id="after", group="g", entry="good", arguments=(2,)),
        Call(id="other", group="h", entry="good", arguments=(3,)),
    ]
    responses = run(_function(body), *calls).responses
    assert responses["bad"].failure is not None
    values = [responses[name].value for name in ("before", "after", "other")]
    assert values == [2, 3, 4]


def test_a_timed_out_call_costs_only_itself(run: Callable[..., JobResult]) -> None:
    source = "def f(x):\n    while x == 1: pass\n    return x\n"
    calls = [Call(id=str(x), group="f", entry="f", arguments=(x,)) for x in range(3)]
    responses = run(source, *calls, wall_seconds=0.7).responses
    assert [response.value for response in responses.values()] == [0, None, 2]
    assert responses["1"].failure is not None


@pytest.mark.slow
def test_an_endless_function_does_not_use_up_the_time_of_the_others(
    run: Callable[..., JobResult],
) -> None:
    endless = [Call(id=f"f{n}", group="f", entry="f") for n in range(20)]
    other = call_of("good", 1)
    source = _function("while True: pass")
    responses = run(source, *endless, other, wall_seconds=0.5, submission_seconds=2).responses
    assert responses["good"].value == 2
    verdicts = {response.failure.verdict for response in responses.values() if response.failure}
    assert verdicts == {Verdict.TIMED_OUT}


def test_responses_come_in_the_order_of_the_calls(run: Callable[..., JobResult]) -> None:
    source = "import os\ndef f(x):\n    if x % 2: os._exit(0)\n    return x\n"
    calls = [Call(id=str(x), group=str(x % 3), entry="f", arguments=(x,)) for x in range(6)]
    assert list(run(source, *calls).responses) == ["0", "1", "2", "3", "4", "5"]


def test_a_name_that_is_not_defined_is_missing(ask: Callable[..., Response]) -> None:
    failure = ask("def g(): pass\n").failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.MISSING, Reason.NAME_NOT_DEFINED)


def test_what_is_no_function_cannot_be_called(ask: Callable[..., Response]) -> None:
    failure = ask("f = 3\n").failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.INVALID, Reason.NOT_CALLABLE)


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        pytest.param(b"# caf\xe9\ndef f(): return 1\n", 1, "saved as UTF-8", id="first-line"),
        pytest.param(b"def f():\n  return 1\n\n# caf\xe9\n", 4, "saved as UTF-8", id="later-line"),
        pytest.param("def f(): return 1\n".encode("utf-16"), 1, "saved as UTF-8", id="utf-16"),
        pytest.param(b"x = 1\nx\0 = 2\ndef f(): return 1\n", 2, "NUL", id="nul"),
        pytest.param(b"# coding: klingon\ndef f(): return 1\n", 1, "klingon", id="no-encoding"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_the_line(
    ask: Callable[..., Response], source: bytes, line: int, said: str
) -> None:
    failure = ask({"answers.py": source}).failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.RAISED, Reason.SYNTAX_ERROR)
    assert (failure.file, failure.line) == ("answers.py", line)
    assert said in failure.message
