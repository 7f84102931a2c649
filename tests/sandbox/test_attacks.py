"""Code that works against the grader harms its own answers and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.value import Opaque
from grader.model.verdict import Verdict
from grader.sandbox.contract import JobResult
from tests.build import call_of

# Finds the nonce of the request under way and sends a reply of its own making, on every descriptor.
FORGE = """
import os, struct, sys

def forge(**reply):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    reply = {"nonce": frame.f_locals["request"]["nonce"], **reply}
    while "wire" not in frame.f_globals:
        frame = frame.f_back
    wire = frame.f_globals["wire"]
    data = wire.frame(wire.encode(reply, 1 << 24))
    for descriptor in range(3, 40):
        try:
            os.write(descriptor, data)
        except OSError:
            pass
"""

FORGERIES = {
    "a-verdict-that-earns": "forge(failure={'verdict': 'correct', 'reason': 'exception'})",
    "a-fault-of-ours": "forge(failure={'verdict': 'grader_error', 'reason': 'judge_fault'})",
    "a-reason-without-words": "forge(failure={'verdict': 'missing', 'reason': 'judge_fault'})",
    "verdict-of-another-type": "forge(failure={'verdict': ['correct'], 'reason': 1})",
    "no-reply-at-all": "os.write(1, b'')\n    [os.write(n, b'\\0' * 4) for n in REPLIES]",
    "a-length-of-four-gigabytes": "[os.write(n, b'\\xff' * 64) for n in REPLIES]",
    "text": "[os.write(n, b'correct\\n' * 9) for n in REPLIES]",
    "array-for-a-nonce": "import numpy as np\n    forge(nonce=np.arange(3))",
    "a-guessed-nonce": "forge(nonce=bytes(16), value='forged')",
    "none-for-a-nonce": "forge(nonce=None)",
    "number-for-a-reply": (
        "import struct\n    [os.write(n, struct.pack('>I', 1) + b'T') for n in REPLIES]"
    ),
    "truncated": "[os.write(n, b'\\0\\0\\1\\0d') for n in REPLIES]; os._exit(0)",
}
QUICK = ("a-verdict-that-earns", "a-guessed-nonce", "text", "array-for-a-nonce")
REPLIES = """
REPLIES = []
for n in range(3, 40):
    try:
        if not os.get_inheritable(n) or os.fstat(n).st_mode & 0o10000:
            os.write(n, b"")
            REPLIES.append(n)
    except OSError:
        pass
"""


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(attack, id=name, marks=[] if name in QUICK else [pytest.mark.slow])
        for name, attack in FORGERIES.items()
    ],
)
def test_a_forged_reply_is_no_answer(run: Callable[..., JobResult], attack: str) -> None:
    source = (
        f"{FORGE}{REPLIES}\ndef f():\n    {attack}\n    return 1\n\ndef good():\n    return 2\n"
    )
    # The worker's own reply to `f` comes after the forged one and may spoil the call after it.
    calls = [call_of("f")]
    calls += [Call(id=name, group="good", entry="good") for name in ("next", "later")]
    responses = run(source, *calls).responses
    assert responses["f"].failure is not None
    assert responses["f"].failure.verdict is Verdict.CRASHED
    assert responses["later"].value == 2


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param("message=10**2000, line='x', file=['a'], exception=None", id="types"),
        pytest.param("message={1: [2]}, line=-1, file='/etc/passwd', exception=3.5", id="more"),
        pytest.param("message='m' * 50000, line=10**9, exception='e' * 50000", id="sizes"),
    ],
)
def test_a_forged_failure_is_cut_to_what_a_failure_is(
    run: Callable[..., JobResult], fields: str
) -> None:
    attack = f"forge(failure=dict(verdict='raised', reason='exception', {fields}))"
    source = f"{FORGE}\ndef f():\n    {attack}\n"
    failure = run(source, call_of("f")).responses["f"].failure
    assert failure is not None
    assert len(failure.message) <= 500
    assert len(failure.exception) <= 100
    assert (failure.file, failure.line) == ("", 0)


def test_a_child_that_stops_reading_does_not_hold_the_grader(
    run: Callable[..., JobResult],
) -> None:
    source = f"{FORGE}\ndef f(text):\n    forge(value=1)\n    while True: pass\n"
    calls = [call_of("f", "x" * 10**6, name=n) for n in ("one", "two")]
    responses = run(source, *calls, wall_seconds=0.7).responses
    assert responses["two"].failure is not None
    assert responses["two"].failure.verdict is Verdict.TIMED_OUT


REPLACED = {
    "builtins": (
        "import builtins\n"
        "for name in ('len', 'max', 'min', 'sum', 'map', 'range', 'hash', 'callable', 'getattr',\n"
        "             'issubclass', 'open', 'round', 'print', 'zip', 'enumerate'):\n"
        "    setattr(builtins, name, None)\n"
    ),
    "struct": "import struct\nstruct.pack = struct.unpack = struct.Struct = None\n",
    "json": "import json\njson.dumps = json.loads = None\n",
    "numpy": (
        "import numpy as np\n"
        "for name in ('asarray', 'array', 'ndarray', 'generic', 'dtype', 'frombuffer'):\n"
        "    setattr(np, name, None)\n"
    ),
    "os": "import os\nos.read = os.write = os._exit = os.fdopen = None\n",
    "traceback": "import traceback, linecache\ntraceback.extract_tb = linecache.getline = None\n",
    "stdout": "import sys\nsys.stdout.close(); sys.stderr = None\n",
    "stdin": "import sys\nsys.stdin = None\nimport os\nos.close(0)\n",
    "modules": "import sys\nsys.modules.clear()\n",
    "excepthook": "import sys\nsys.excepthook = sys.exit = None\n",
    "fake-torch": (
        "import sys, types\n"
        "class Tensor: pass\n"
        "sys.modules['torch'] = types.SimpleNamespace(Tensor=Tensor)\n"
    ),
}


@pytest.mark.parametrize("replaced", REPLACED.values(), ids=REPLACED)
def test_answers_come_back_whatever_was_replaced(
    run: Callable[..., JobResult], replaced: str
) -> None:
    source = (
        f"import numpy\nKEPT = numpy.arange(3.0)\n{replaced}\ndef f(x):\n    return [x, KEPT]\n"
    )
    calls = [Call(id=str(x), group="f", entry="f", arguments=(x,)) for x in (1, 2)]
    responses = run(source, *calls).responses
    values = [(r.value[0], r.value[1].tolist()) for r in responses.values() if r.failure is None]
    assert values == [(1, [0.0, 1.0, 2.0]), (2, [0.0, 1.0, 2.0])]


def test_an_object_that_cannot_be_sent_is_named(ask: Callable[..., Response]) -> None:
    source = (
        "import sys, types\n"
        "class Tensor:\n"
        "    def detach(self): raise SystemExit\n"
        "sys.modules['torch'] = types.SimpleNamespace(Tensor=Tensor)\n"
        "def f(): return Tensor()\n"
    )
    assert ask(source).value.type_name == "Tensor"


OPAQUE = {
    "memoryview": "memoryview(bytearray(8)).cast('d')",
    "function": "lambda: 0",
    "list_iterator": "iter([])",
    "set": "{1, 2}",
    "object": "object()",
    "Liar": "Liar()",
    "Meta": "Liar",
}


def test_what_is_no_plain_data_is_named_by_its_type(run: Callable[..., JobResult]) -> None:
    source = (
        "class Meta(type):\n"
        "    def __hash__(cls): raise MemoryError\n"
        "    def __eq__(cls, other): return True\n"
        "class Liar(metaclass=Meta):\n"
        "    __class__ = float\n"
        "    def __float__(self): return 1.0\n"
        "    def __eq__(self, other): return True\n"
    )
    source += "".join(f"def f{n}(): return {value}\n" for n, value in enumerate(OPAQUE.values()))
    calls = [Call(id=name, group=name, entry=f"f{n}") for n, name in enumerate(OPAQUE)]
    values = {name: r.value for name, r in run(source, *calls).responses.items()}
    why = {"function": "a function that was not called"}
    why["set"] = "a set, which has no order: return a list"
    assert values == {name: Opaque(type_name=name, why=why.get(name, "")) for name in OPAQUE}


HOSTILE = {
    "str-exits": "class {0}(Exception):\n    def __str__(self): raise SystemExit",
    "str-gives-no-text": "class {0}(Exception):\n    def __str__(self): return 3",
    "unhashable-file": "class {0}(SyntaxError):\n    filename = []",
    "file-raises": (
        "class {0}(SyntaxError):\n    @property\n    def filename(self): raise ValueError"
    ),
    "no-traceback": "class {0}(BaseException):\n    __traceback__ = 3",
    "name-of-control-characters": "{0} = type('\\x1b[2J\\n' + 'x' * 9999, (Exception,), {{}})",
}


def test_a_hostile_exception_is_still_one(run: Callable[..., JobResult]) -> None:
    source = "".join(
        f"{text.format(f'E{n}')}\ndef f{n}(): raise E{n}\n"
        for n, text in enumerate(HOSTILE.values())
    )
    calls = [Call(id=name, group=name, entry=f"f{n}") for n, name in enumerate(HOSTILE)]
    responses = run(source, *calls).responses
    verdicts = {name: r.failure and r.failure.verdict for name, r in responses.items()}
    assert verdicts == dict.fromkeys(HOSTILE, Verdict.RAISED)
    names = [r.failure.exception for r in responses.values() if r.failure is not None]
    assert names[:5] == ["E0", "E1", "E2", "E3", "E4"]
    assert names[5].isprintable()


def test_a_message_shows_nothing_of_ours(ask: Callable[..., Response]) -> None:
    source = (
        "import os, sys, numpy\n"
        "def f():\n"
        "    frame = sys._getframe().f_back\n"
        "    here = os.getcwd()\n"
        "    raise ValueError(f'{here} {os.path.basename(here)}|{object()}|{numpy}|'\n"
        "        f'{frame.f_code.co_filename}|\\x1b[31m\\u202e\\x00|\\r\\nlast')\n"
    )
    failure = ask(source).failure
    assert failure is not None
    assert failure.message == (
        ". .|<object object at 0x…>|<module 'numpy' from '…/numpy/__init__.py'>|"
        "…/calls.py|�[31m��|\nlast"
    )
