"""What walls stop is called by its name; where there are none, it is an ordinary exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from grader.model.call import Call
from grader.model.response import Failure, Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult, Sandbox
from tests.build import call_of

#: what `f` does → what it comes to where there are walls. Whatever it reaches without them is ours.
TRIED: Mapping[str, tuple[str, Reason]] = {
    "connects": (
        "import socket\n    socket.create_connection(('127.0.0.1', 9), 1)",
        Reason.FORBIDDEN_NETWORK,
    ),
    "makes-a-socket": ("import socket\n    socket.socket()", Reason.FORBIDDEN_NETWORK),
    "looks-a-name-up": (
        "import socket\n    socket.getaddrinfo('grader.invalid', 80)",
        Reason.FORBIDDEN_NETWORK,
    ),
    "downloads": (
        "from urllib import request\n    request.urlopen('http://127.0.0.1:9/data.csv', timeout=1)",
        Reason.FORBIDDEN_NETWORK,
    ),
    "forks": ("import os\n    os.fork() or os._exit(0)", Reason.FORBIDDEN_PROCESS),
    "runs-a-program": (
        "import subprocess\n    subprocess.run(['/bin/true'])",
        Reason.FORBIDDEN_PROCESS,
    ),
    "replaces-itself": ("import os\n    os.execv('/bin/true', ['true'])", Reason.FORBIDDEN_PROCESS),
    "spawns": (
        "import os\n    os.posix_spawn('/bin/true', ['true'], {})",
        Reason.FORBIDDEN_PROCESS,
    ),
    "uses-a-pool": (
        "import multiprocessing\n    multiprocessing.Pool(2).map(abs, [1])",
        Reason.FORBIDDEN_PROCESS,
    ),
    "signals": ("import os, signal\n    os.kill(os.getpid() + 1, 0)", Reason.FORBIDDEN_PROCESS),
    "starts-many-threads": (
        (
            "from threading import Event, Thread\n"
            "    for n in range(200): Thread(target=Event().wait, args=(2,), daemon=True).start()"
        ),
        Reason.FORBIDDEN_PROCESS,
    ),
    "changes-a-mode": ("import os\n    os.chmod('.', 0o700)", Reason.FORBIDDEN_FILE),
    "links": ("import os\n    os.symlink('/etc', 'etc')", Reason.FORBIDDEN_FILE),
    "becomes-another": ("import os\n    os.setuid(12345)", Reason.FORBIDDEN_CALL),
}
#: Only the tier full hides that a file is there; elsewhere it is refused.
FILES = {
    "reads": "open('/etc/passwd').read()",
    "reads-with-numpy": "import numpy\n    numpy.loadtxt('/etc/passwd')",
    "lists": "import os\n    os.listdir('/sys')",
    "writes": "open('/var/tmp/grader-test-of-walls', 'x')",
}


def _function(body: str) -> str:
    return f"def f():\n    {body}\n    return 1\n"


def _failure(response: Response) -> Failure:
    assert response.failure is not None, "it went through"
    return response.failure


@pytest.fixture
def walled(sandbox: Sandbox) -> None:
    if sandbox.tier == "basic":
        pytest.skip("the tier basic has no walls")


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize(("body", "reason"), TRIED.values(), ids=TRIED)
def test_what_is_forbidden_is_blocked_at_its_line(
    ask: Callable[..., Response], body: str, reason: Reason
) -> None:
    failure = _failure(ask(_function(body), memory_mib=1024))
    assert (failure.verdict, failure.reason) == (Verdict.BLOCKED, reason), failure
    assert (failure.file, failure.line) == ("answers.py", 3)


@pytest.mark.usefixtures("walled")
@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
def test_a_file_that_is_not_theirs_is_blocked_or_is_not_there(
    ask: Callable[..., Response], sandbox: Sandbox, body: str
) -> None:
    failure = _failure(ask(_function(body)))
    assert failure.file == "answers.py"
    if sandbox.tier == "full":
        assert failure.exception == "FileNotFoundError" or failure.verdict is Verdict.BLOCKED
    else:
        assert (failure.verdict, failure.reason) == (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)


def test_without_walls_the_same_exception_is_an_ordinary_one(
    ask: Callable[..., Response], sandbox: Sandbox
) -> None:
    failure = _failure(ask(_function("raise PermissionError(13, 'Permission denied', 'x')")))
    expected = (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
    if sandbox.tier == "basic":
        expected = (Verdict.RAISED, Reason.EXCEPTION)
    assert (failure.verdict, failure.reason) == expected


def test_a_blocked_call_costs_no_other(run: Callable[..., JobResult]) -> None:
    source = _function("raise PermissionError(1, 'no')") + "def good(x):\n    return x + 1\n"
    calls = [
        Call(id="bad", group="f", entry="f"),
        call_of("good", 1),
    ]
    responses = run(source, *calls).responses
    assert responses["bad"].failure is not None
    assert responses["good"].value == 2


@pytest.mark.usefixtures("walled")
def test_what_is_forbidden_while_loading_is_blocked_too(ask: Callable[..., Response]) -> None:
    failure = _failure(ask("import socket\nsocket.socket()\nif socket:\n    def f(): pass\n"))
    assert (failure.verdict, failure.reason) == (Verdict.BLOCKED, Reason.FORBIDDEN_NETWORK)
    assert (failure.file, failure.line) == ("answers.py", 2)


@pytest.mark.usefixtures("walled")
def test_code_that_does_without_what_is_forbidden_is_not_blocked(
    ask: Callable[..., Response],
) -> None:
    body = (
        "import socket\n    try:\n        socket.socket()\n    except OSError:\n        pass\n"
        "    return 1"
    )
    assert ask(_function(body)).value == 1


def test_too_large_a_file_is_a_limit_of_its_own(
    ask: Callable[..., Response], sandbox: Sandbox
) -> None:
    if sandbox.tier == "container":
        pytest.skip("nothing can be written in the tier container")
    failure = _failure(ask(_function("open('big', 'wb').write(bytes(2 << 20))"), file_mib=1))
    assert (failure.verdict, failure.reason) == (Verdict.OUTPUT_EXCEEDED, Reason.FILE_LIMIT)


def test_too_many_files_are_the_same_limit(ask: Callable[..., Response], sandbox: Sandbox) -> None:
    if sandbox.tier != "full":
        pytest.skip("only the tier full has a working folder with a limit of its own")
    failure = _failure(
        ask(_function("for n in range(40): open(str(n), 'wb').write(bytes(1 << 20))"))
    )
    assert (failure.verdict, failure.reason) == (Verdict.OUTPUT_EXCEEDED, Reason.FILE_LIMIT)


def test_no_temporary_file_where_nothing_can_be_written(
    ask: Callable[..., Response], sandbox: Sandbox
) -> None:
    response = ask(_function("import tempfile\n    tempfile.TemporaryFile().write(b'x')"))
    if sandbox.tier == "container":
        failure = _failure(response)
        assert (failure.verdict, failure.reason) == (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
        assert (failure.file, failure.line) == ("answers.py", 3)
    else:
        assert response.value == 1
