"""What is told of an exception: what walls and limits stopped, by the exceptions they come as."""

from __future__ import annotations

import builtins
import errno
import linecache
import os
import socket
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.sandbox.child import failures

NAME = "optimizers.py"
BLOCKED = "blocked"
RAISED = ("raised", "exception")


@pytest.fixture
def walled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "_walled", False)
    failures.walls_are_up()


@pytest.fixture
def told() -> Iterator[Callable[..., dict[str, Any]]]:
    """What is told of the exception that this code, as a file handed in, ends with."""

    def told(source: str, name: str = NAME, **given: Any) -> dict[str, Any]:
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        scope = {"__name__": name.removesuffix(".py"), **given}
        try:
            exec(compile(source, name, "exec"), scope)
        except BaseException as error:  # noqa: BLE001 - whatever it ends with is to be told
            return failures.describe(error, [name])
        raise AssertionError

    yield told
    linecache.cache.pop(NAME, None)


def refused(number: int = errno.EPERM, *name: str) -> Callable[..., None]:
    """A call that fails as one that the walls refuse: without a frame of its own in the trace."""

    class Refuse:
        def __call__(self, *_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number), *name)

    return Refuse()


class Library:
    """Functions that fail inside a module of this name, as the standard library's do."""

    def __init__(self, name: str, fails: Callable[..., None]) -> None:
        scope = {"__name__": name, "fails": fails}
        exec(compile("def call(*a):\n    fails()\n", f"/lib/{name}.py", "exec"), scope)
        self.call: Any = scope["call"]


def found(failure: dict[str, Any]) -> tuple[str, str]:
    return failure["verdict"], failure["reason"]


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS])
@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        ("open(1)", ("/etc/passwd",), "forbidden_file"),
        ("open(1)", (b"/etc/passwd",), "forbidden_file"),
        ("os.chdir(1)", (), "forbidden_call"),
        ("socket(2, 1)", (), "forbidden_network"),
        ("s.connect (('127.0.0.1', 80))", (), "forbidden_network"),
        ("os.fork()", (), "forbidden_process"),
        ("os.execv('/bin/sh', ['sh'])", (), "forbidden_process"),
        ("os.posix_spawn('/bin/sh', [], {})", ("/bin/sh",), "forbidden_process"),
        ("os.kill(1, 9)", (), "forbidden_process"),
        ("solve_system(open(1))", ("data.csv",), "forbidden_file"),
    ],
)
def test_a_refused_call_is_named_by_what_it_was(
    told: Callable[..., dict[str, Any]], number: int, source: str, name: Any, reason: str
) -> None:
    refuse = refused(number, *name)
    functions = ("chdir", "connect", "fork", "execv", "posix_spawn", "kill")
    module = type("Module", (), {function: staticmethod(refuse) for function in functions})
    given = dict.fromkeys(("open", "socket", "solve_system"), refuse)
    failure = told(f"x = 1\n{source}\n", os=module, s=module, **given)
    assert found(failure) == (BLOCKED, reason)
    assert (failure["file"], failure["line"]) == (NAME, 2)
    assert os.strerror(number) in failure["message"]


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize(
    ("library", "reason"),
    [
        ("socket", "forbidden_network"),
        ("ssl", "forbidden_network"),
        ("http.client", "forbidden_network"),
        ("urllib.request", "forbidden_network"),
        ("subprocess", "forbidden_process"),
        ("multiprocessing.popen_fork", "forbidden_process"),
        ("concurrent.futures.process", "forbidden_process"),
        ("socketlike", "forbidden_call"),
        ("shutil", "forbidden_call"),
    ],
)
def test_a_call_through_a_library_is_named_by_it(
    told: Callable[..., dict[str, Any]], library: str, reason: str
) -> None:
    failure = told("library.call()\n", library=Library(library, refused()))
    assert found(failure) == (BLOCKED, reason)
    assert (failure["file"], failure["line"]) == (NAME, 1)


@pytest.mark.usefixtures("walled")
def test_a_file_refused_inside_a_library_is_a_file(told: Callable[..., dict[str, Any]]) -> None:
    for library in ("urllib.request", "numpy.lib.npyio"):
        fails = refused(errno.EACCES, "/etc/shadow")
        failure = told("library.call()\n", library=Library(library, fails))
        assert found(failure) == (BLOCKED, "forbidden_file")
    failure = told("x.call()\n", x=Library("subprocess", refused(errno.EACCES, "/bin/ls")))
    assert found(failure) == (BLOCKED, "forbidden_process")


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize(
    "source",
    [
        "try:\n    fork()\nexcept OSError as e:\n    raise ValueError('later') from e\n",
        "try:\n    fork()\nexcept OSError:\n    raise ValueError('later')\n",
        "try:\n    fork()\nexcept OSError:\n    raise ValueError('later') from None\n",
        (
            "try:\n    try:\n        fork()\n    except OSError:\n        1 / 0\n"
            "except ZeroDivisionError as e:\n    raise KeyError from e\n"
        ),
        "try:\n    fork()\nexcept OSError as e:\n    kept = e\nraise ValueError from kept\n",
    ],
)
def test_what_was_raised_because_of_it_is_blocked_too(
    told: Callable[..., dict[str, Any]], source: str
) -> None:
    failure = told(source, fork=refused())
    assert found(failure) == (BLOCKED, "forbidden_process")
    assert failure["exception"] == "PermissionError"
    assert source.splitlines()[failure["line"] - 1].strip() == "fork()"


@pytest.mark.usefixtures("walled")
def test_only_the_nearest_causes_are_looked_at(told: Callable[..., dict[str, Any]]) -> None:
    source = (
        "e = PermissionError(1, 'no')\nfor n in range(length):\n    f = ValueError(n)\n"
        "    f.__cause__ = e\n    e = f\nraise e\n"
    )
    assert found(told(source, length=10)) == (BLOCKED, "forbidden_call")
    assert found(told(source, length=1000)) == RAISED


@pytest.mark.usefixtures("walled")
def test_who_ends_the_program_after_a_refusal_ended_the_program(
    told: Callable[..., dict[str, Any]],
) -> None:
    source = "try:\n    fork()\nexcept OSError:\n    raise SystemExit('no')\n"
    assert found(told(source, fork=refused())) == ("raised", "system_exit")


@pytest.mark.usefixtures("walled")
def test_their_own_function_called_by_a_library_is_theirs(
    told: Callable[..., dict[str, Any]],
) -> None:
    source = "def theirs():\n    os.chdir('x')\ncalls(theirs)()\n"
    os_module = type("Module", (), {"chdir": staticmethod(refused())})
    given = {"os": os_module, "calls": lambda theirs: Library("multiprocessing.pool", theirs).call}
    failure = told(source, **given)
    assert found(failure) == (BLOCKED, "forbidden_call")
    assert failure["line"] == 2


@pytest.mark.usefixtures("walled")
def test_an_error_number_of_their_own_making_is_none(told: Callable[..., dict[str, Any]]) -> None:
    assert found(told(HOSTILE["errno-is-odd"])) == RAISED


@pytest.mark.usefixtures("walled")
def test_a_name_that_cannot_be_looked_up_is_the_network(
    told: Callable[..., dict[str, Any]],
) -> None:
    def fails() -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    failure = told("library.call()\n", library=Library("socket", fails))
    assert found(failure) == (BLOCKED, "forbidden_network")


@pytest.mark.usefixtures("walled")
def test_one_thread_too_many(told: Callable[..., dict[str, Any]]) -> None:
    failure = told('raise RuntimeError("can\'t start new thread")\n')
    assert found(failure) == (BLOCKED, "forbidden_process")
    for other in ("RuntimeError('no')", "RuntimeError(1)", "RuntimeError()", "ValueError('x', 2)"):
        assert found(told(f"raise {other}\n")) == RAISED


@pytest.mark.usefixtures("walled")
def test_a_fork_that_finds_no_room_and_a_pipe_that_has_no_data(
    told: Callable[..., dict[str, Any]],
) -> None:
    again = refused(errno.EAGAIN)
    assert found(told("os.fork()\n", os=type("M", (), {"fork": again}))) == (
        BLOCKED,
        "forbidden_process",
    )
    assert found(told("read()\n", read=again)) == RAISED


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize(
    "source",
    [
        "raise PermissionError('no')",
        "raise PermissionError",
        "raise OSError('1', 'no')",
        "raise FileNotFoundError(2, 'No such file or directory', 'data.csv')",
        "raise ConnectionRefusedError(111, 'Connection refused')",
        "raise ValueError(1, 'Operation not permitted')",
        "1 / 0",
    ],
)
def test_other_exceptions_stay_what_they_are(
    told: Callable[..., dict[str, Any]], source: str
) -> None:
    assert found(told(source)) == RAISED


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_without_walls_a_refusal_is_an_ordinary_exception(
    told: Callable[..., dict[str, Any]], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "_walled", False)
    failure = told("os.fork()\n", os=type("M", (), {"fork": refused(number)}))
    assert found(failure) == RAISED


@pytest.mark.parametrize(
    ("number", "walls", "expected"),
    [
        (errno.EFBIG, False, ("output_exceeded", "file_limit")),
        (errno.EFBIG, True, ("output_exceeded", "file_limit")),
        (errno.ENOSPC, True, ("output_exceeded", "file_limit")),
        (errno.EDQUOT, True, ("output_exceeded", "file_limit")),
        (errno.ENOMEM, False, ("memory_exceeded", "memory_limit")),
        (errno.ENOMEM, True, ("memory_exceeded", "memory_limit")),
    ],
)
def test_limits_that_the_kernel_keeps(
    told: Callable[..., dict[str, Any]],
    number: int,
    walls: bool,
    expected: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(failures, "_walled", walls)
    failure = told("save()\n", save=refused(number, "big"))
    assert found(failure) == expected


@pytest.mark.usefixtures("walled")
def test_a_file_of_their_own_named_as_a_library_is_theirs(
    told: Callable[..., dict[str, Any]],
) -> None:
    source = "def go():\n    refuse()\ngo()\n"
    failure = told(source, name="socket.py", refuse=refused())
    assert found(failure) == (BLOCKED, "forbidden_call")
    assert (failure["file"], failure["line"]) == ("socket.py", 2)


HOSTILE = {
    "errno-raises": "class E(OSError):\n    errno = property(lambda s: 1 / 0)\nraise E(1, 'x')",
    "errno-is-odd": "class I(int): pass\nclass E(OSError):\n    errno = I(1)\nraise E(1, 'x')",
    "filename-raises": (
        "class E(PermissionError):\n    filename = property(lambda s: 1 / 0)\nraise E(1, 'x')"
    ),
    "filename-is-odd": "e = PermissionError(1, 'x')\ne.filename = [1]\nraise e",
    "text-raises": "class E(PermissionError):\n    def __str__(s): 1 / 0\nraise E(1, 'x')",
    "text-is-long": "raise PermissionError(1, 'x' * 10**7)",
    "its-own-cause": "e = ValueError()\nf = KeyError()\ne.__cause__ = f\nf.__cause__ = e\nraise e",
    "many-causes": (
        "e = None\nfor n in range(10**5):\n    f = ValueError(n)\n    f.__cause__ = e\n    e = f\n"
        "raise e"
    ),
    "cause-lies": "class E(Exception):\n    __cause__ = 3\n    __context__ = 4\nraise E",
    "class-lies": (
        "class E(Exception):\n    __class__ = property(lambda s: OSError)\n    errno = 1\nraise E"
    ),
    "module-name-lies": "__name__ = [1]\nraise PermissionError(1, 'x')",
    "no-lines": "import linecache\nlinecache.cache['optimizers.py'] = 3\nraise OSError(1, 'x')",
    "odd-lines": (
        "import linecache\nlinecache.cache['optimizers.py'] = (1, None, [1] * 9, 'x')\n"
        "raise OSError(1, 'x')"
    ),
    "deep": "def f(n):\n    if n:\n        f(n - 1)\n    raise OSError(1, 'x')\nf(900)",
    "exits": "raise SystemExit(PermissionError(1, 'x'))",
}


@pytest.mark.lengthy
@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_made_up_exception_gets_plain_bounded_words_of_its_own(
    told: Callable[..., dict[str, Any]], source: str
) -> None:
    failure = told(source)
    assert failure["verdict"] in ("raised", "blocked")
    assert set(failure) <= {"verdict", "reason", "exception", "message", "file", "line"}
    assert len(failure.get("message", "")) <= 10_000
    assert type(failure["exception"]) is str


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize(
    "name", ["isinstance", "getattr", "type", "any", "str", "len", "OSError", "BaseException"]
)
def test_replaced_builtins_change_nothing(
    told: Callable[..., dict[str, Any]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error: BaseException
    try:
        refused(errno.EACCES, "/etc/passwd")()
    except OSError as caught:
        error = caught
    with monkeypatch.context() as patch:
        patch.setattr(builtins, name, None)
        failure = failures.describe(error, [NAME])
    assert found(failure) == (BLOCKED, "forbidden_file")


def test_the_module_is_that_of_the_child() -> None:
    assert failures.__name__ in sys.modules
    assert failures.__file__.endswith("child/failures.py")


def test_a_place_between_two_lines_is_told_by_the_line_before() -> None:
    """The jump that ends the outer loop belongs to no line: code may be ended there, too."""
    source = "for x in range(2):\n    y = 1\n    while y < 9: y += 1\nraise ValueError\n"
    code = compile(source, NAME, "exec")
    starts = [start for start, _, line in code.co_lines() if line is None]
    if not starts:
        pytest.skip("this Python gives a line to each instruction")
    frames = []
    try:
        exec(code, {"__name__": "optimizers"})
    except ValueError as ended:
        frames = [frame for frame, _ in traceback.walk_tb(ended.__traceback__)]
    assert frames[-1].f_code is code
    trace = types.TracebackType(None, frames[-1], starts[0], -1)
    assert vars(types.TracebackType)["tb_lineno"].__get__(trace) in (None, -1)
    assert failures.line_of(trace) == 3
    error = ValueError().with_traceback(trace)
    assert failures.describe(error, [NAME])["line"] == 3
    assert failures.chain_of(error, [NAME]) == [[NAME, 3]]
