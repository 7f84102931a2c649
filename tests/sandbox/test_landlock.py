"""Landlock: what may be read and written, and what older versions leave to the filter."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox.child import kernel, landlock
from tests.sandbox.behind_walls import READABLE, Walls, needs_filter, needs_landlock

pytestmark = needs_landlock

VERSION = landlock.abi()
LANDLOCK_ALONE = Walls(filtered=False, most=99)


def needs_version(version: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(version > VERSION, reason=f"Landlock {VERSION} is before {version}")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Folders `open`, `own` and `secret`, each with a file of the same name in a folder `deep`."""
    for name in ("open", "own", "secret"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / name).write_text(name, encoding="utf-8")
    return tmp_path


def walls_of(place: Path, *, most: int = 99, filtered: bool = False) -> Walls:
    return Walls(
        filtered=filtered,
        most=most,
        readable=(*READABLE, str(place / "open")),
        writable=(str(place / "own"),),
    )


@pytest.fixture
def decoy() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/sleep", "300"]) as process:
        try:
            yield process
        finally:
            process.kill()


READS = {
    "what-is-open": "assert open(told['at'] + '/open/deep/open').read() == 'open'",
    "a-list-of-what-is-open": "assert os.listdir(told['at'] + '/open/deep') == ['open']",
    "what-is-its-own": "assert open(told['at'] + '/own/deep/own').read() == 'own'",
    "python": "import csv",
}
CHANGES = {
    "writing": "open(told['at'] + '/own/deep/own', 'w').write('x')",
    "making": "open(told['at'] + '/own/new', 'x').close()",
    "renaming": "os.rename(told['at'] + '/own/new', told['at'] + '/own/newer')",
    "truncating": "open(told['at'] + '/own/newer', 'r+').truncate(0)",
    "removing": "os.remove(told['at'] + '/own/newer')",
    "making-a-folder": "os.mkdir(told['at'] + '/own/folder')",
    "removing-a-folder": "os.rmdir(told['at'] + '/own/folder')",
}
DENIED = {
    "reading": "open(told['at'] + '/secret/deep/secret')",
    "listing": "os.listdir(told['at'] + '/secret')",
    "listing-the-root": "os.listdir('/')",
    "reading-through-a-link": "open(told['at'] + '/own/link')",
    "reading-around": "open(told['at'] + '/open/../secret/deep/secret')",
    "reading-what-processes-tell": "open('/proc/self/environ')",
    "writing-where-it-reads": "open(told['at'] + '/open/deep/open', 'a')",
    "making-where-it-reads": "open(told['at'] + '/open/new', 'w')",
    "making-a-folder-where-it-reads": "os.mkdir(told['at'] + '/open/new')",
    "removing-where-it-reads": "os.remove(told['at'] + '/open/deep/open')",
    "renaming-where-it-reads": "os.rename(told['at'] + '/open/deep/open', told['at'] + '/open/x')",
    "writing-elsewhere": "open(told['at'] + '/secret/deep/secret', 'a')",
    "making-elsewhere": "open(told['at'] + '/new', 'w')",
    "writing-for-all": "open(told['elsewhere'], 'w')",
    "making-a-fifo": "os.mkfifo(told['at'] + '/own/fifo')",
    "linking-a-name": "os.symlink('/etc/passwd', told['at'] + '/own/name')",
    "making-a-socket": (
        "import socket; socket.socket(socket.AF_UNIX).bind(told['at'] + '/own/socket')"
    ),
    "executing": "os.execv('/bin/true', ['true'])",
    "executing-its-own": "os.execv(told['at'] + '/own/program', ['true'])",
    "mounting": "call('mount', 'none', told['at'] + '/own', 'no such kind', 0, None)",
}


@pytest.mark.parametrize("most", range(1, min(VERSION, 7) + 1))
def test_what_is_allowed_and_what_is_not(place: Path, most: int) -> None:
    (place / "own" / "link").symlink_to(place / "secret" / "deep" / "secret")
    program = place / "own" / "program"
    program.write_bytes(b"#!/bin/true\n")
    program.chmod(0o755)
    elsewhere = Path(f"/tmp/grader-test-{os.getpid()}")
    attempts = READS | CHANGES | DENIED
    outcomes = walls_of(place, most=most).outcomes(
        attempts, at=str(place), elsewhere=str(elsewhere)
    )
    made = elsewhere.exists()
    elsewhere.unlink(missing_ok=True)
    allowed = {**READS, **CHANGES}
    assert {name: outcomes[name] for name in allowed} == dict.fromkeys(allowed, "done")
    # Mounting is not permitted, whoever asks; the others are denied.
    assert {name: outcomes[name] for name in DENIED} == {
        name: "EPERM" if name == "mounting" else "EACCES" for name in DENIED
    }
    assert (place / "secret" / "deep" / "secret").read_text(encoding="utf-8") == "secret"
    assert (place / "open" / "deep" / "open").read_text(encoding="utf-8") == "open"
    assert not made


def test_moving_between_folders_of_its_own_needs_version_2(place: Path) -> None:
    moving = {"moving": "os.rename(told['at'] + '/own/deep/own', told['at'] + '/own/own')"}
    assert walls_of(place, most=1).outcomes(moving, at=str(place)) == {"moving": "EXDEV"}
    if VERSION >= 2:
        assert walls_of(place, most=2).outcomes(moving, at=str(place)) == {"moving": "done"}


def test_what_is_moved_out_of_its_folder_is_refused(place: Path) -> None:
    """Else a name of its own could be given to what it may only read, or the other way round."""
    attempts = {
        "out": "os.rename(told['at'] + '/own/deep/own', told['at'] + '/open/own')",
        "in": "os.rename(told['at'] + '/open/deep/open', told['at'] + '/own/open')",
        "linked-in": "os.link(told['at'] + '/open/deep/open', told['at'] + '/own/linked')",
        "linked-secret": "os.link(told['at'] + '/secret/deep/secret', told['at'] + '/own/linked')",
    }
    outcomes = walls_of(place).outcomes(attempts, at=str(place))
    assert set(outcomes.values()) <= {"EACCES", "EXDEV"}


TRUNCATING = {
    "by-name": "os.truncate(told['file'], 0)",
    "for-reading": "os.open(told['file'], os.O_RDONLY | os.O_TRUNC)",
    "for-nothing": "os.open(told['file'], 3 | os.O_TRUNC)",
    "for-writing": "os.open(told['file'], os.O_WRONLY | os.O_TRUNC)",
    "for-both": "os.open(told['file'], os.O_RDWR | os.O_TRUNC)",
    "for-making": "call('creat', told['file'], 0o600)"
    if kernel.MACHINE == "x86_64"
    else "open(told['file'], 'w')",
}


def what_empties(file: Path, walls: Walls) -> set[str]:
    """The ways to truncate that leave nothing of a file."""
    emptied = set()
    for name, attempt in TRUNCATING.items():
        file.write_text("data", encoding="utf-8")
        outcomes = walls.outcomes({name: attempt}, file=str(file))
        if not file.read_text(encoding="utf-8"):
            emptied.add(name)
        else:
            assert outcomes[name] in ("EACCES", "EPERM")
    return emptied


@pytest.mark.slow
@needs_filter
@pytest.mark.parametrize("where", ["open", "secret"])
def test_before_version_3_only_the_filter_stops_truncation(place: Path, where: str) -> None:
    """Old versions let anyone truncate what the file's owner may write, wherever it is."""
    file = place / where / "deep" / where
    by_landlock_alone = what_empties(file, walls_of(place, most=2))
    assert by_landlock_alone >= {"by-name", "for-nothing"}
    assert ("for-reading" in by_landlock_alone) == (where == "open")
    assert not what_empties(file, walls_of(place, most=2, filtered=True))


@needs_version(3)
@pytest.mark.parametrize("where", ["open", "secret"])
def test_from_version_3_on_landlock_stops_truncation(place: Path, where: str) -> None:
    assert not what_empties(place / where / "deep" / where, walls_of(place, most=3))


@needs_version(4)
def test_no_tcp() -> None:
    attempts = {
        "connecting": "import socket; socket.create_connection(('127.0.0.1', told['port']), 5)",
        "binding": "import socket; socket.socket().bind(('127.0.0.1', 0))",
    }
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        denied = LANDLOCK_ALONE.outcomes(attempts, port=port)
        assert denied == dict.fromkeys(attempts, "EACCES")
        before = replace(LANDLOCK_ALONE, most=3).outcomes(attempts, port=port)
        assert before == dict.fromkeys(attempts, "done")


@needs_version(6)
def test_no_signals_to_others(decoy: subprocess.Popen[bytes]) -> None:
    attempts = {
        "another": "os.kill(told['other'], 0)",
        "its-parent": "os.kill(os.getppid(), 0)",
        "itself": "os.kill(os.getpid(), 0)",
    }
    outcomes = LANDLOCK_ALONE.outcomes(attempts, other=decoy.pid)
    assert outcomes == {"another": "EPERM", "its-parent": "EPERM", "itself": "done"}
    before = replace(LANDLOCK_ALONE, most=5).outcomes(attempts, other=decoy.pid)
    assert before == dict.fromkeys(attempts, "done")


@needs_version(6)
def test_no_signals_from_a_file(decoy: subprocess.Popen[bytes]) -> None:
    attack = {
        "attack": "import fcntl, socket\n"
        "one, other = socket.socketpair()\n"
        f"fcntl.fcntl(one, fcntl.F_SETSIG, {int(signal.SIGKILL)})\n"
        "fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)\n"
        "fcntl.fcntl(one, fcntl.F_SETOWN, told['other'])\n"
        "other.send(b'x')"
    }
    LANDLOCK_ALONE.outcomes(attack, other=decoy.pid)
    with pytest.raises(subprocess.TimeoutExpired):
        decoy.wait(timeout=0.2)
    replace(LANDLOCK_ALONE, most=5).outcomes(attack, other=decoy.pid)
    assert decoy.wait(timeout=60) == -signal.SIGKILL


@needs_version(6)
def test_no_abstract_sockets() -> None:
    name = f"\0grader-test-{os.getpid()}"
    attempt = {"connecting": "import socket; socket.socket(socket.AF_UNIX).connect(told['name'])"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        assert LANDLOCK_ALONE.outcomes(attempt, name=name) == {"connecting": "EPERM"}
        before = replace(LANDLOCK_ALONE, most=5).outcomes(attempt, name=name)
        assert before == {"connecting": "done"}


def test_programs_run_only_where_they_are_said_to(tmp_path: Path) -> None:
    """`runnable` is for assignments that need processes: there, and nowhere else."""
    for name in ("runnable", "readable"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "program").write_bytes(Path("/bin/true").read_bytes())
        (tmp_path / name / "program").chmod(0o755)
    attempt = (
        "import subprocess\n"
        "rules = landlock.Ruleset(told['all'], runnable=told['runnable'])\n"
        "kernel.no_new_privs()\n"
        "rules.restrict()\n"
        "subprocess.run([told['program']], check=True)"
    )
    loader = ["/lib", "/lib64", "/usr/lib"]  # a program's interpreter is executed too
    outcomes = {
        name: Walls(filtered=False).outcomes(
            {"run": "import kernel, landlock\n" + attempt},
            all=[*READABLE, str(tmp_path / "readable")],
            runnable=[*loader, str(tmp_path / "runnable")],
            program=str(tmp_path / name / "program"),
        )["run"]
        for name in ("runnable", "readable")
    }
    assert outcomes == {"runnable": "done", "readable": "EACCES"}


def test_a_file_is_allowed_by_itself(place: Path) -> None:
    """A file, a device, a link to a file: each has the rights of files."""
    file = place / "secret" / "deep" / "secret"
    neighbour = file.with_name("neighbour")
    neighbour.write_text("x", encoding="utf-8")
    (place / "link").symlink_to(file)
    walls = replace(
        LANDLOCK_ALONE, readable=(*READABLE, str(place / "link")), writable=[os.devnull]
    )
    attempts = {
        "it": "assert open(told['file']).read() == 'secret'",
        "device": "open('/dev/null', 'w').write('x')",
        "neighbour": "open(told['neighbour'])",
        "writing": "open(told['file'], 'a')",
    }
    outcomes = walls.outcomes(attempts, file=str(file), neighbour=str(neighbour))
    assert outcomes == {"it": "done", "device": "done", "neighbour": "EACCES", "writing": "EACCES"}


def test_a_path_that_does_not_exist_is_left_out(place: Path) -> None:
    ruleset = landlock.Ruleset([str(place / "nowhere"), str(place / "open" / "deep" / "nothing")])
    ruleset.close()


def test_a_path_that_cannot_be_allowed_is_named(place: Path) -> None:
    below_a_file = str(place / "open" / "deep" / "open" / "x")
    with pytest.raises(NotADirectoryError) as raised:
        landlock.Ruleset([below_a_file])
    assert raised.value.filename == below_a_file
    with pytest.raises(OSError) as refused:  # noqa: PT011 - whatever the number, it has the path
        landlock.Ruleset(["/proc/self/ns/net"])
    assert refused.value.filename == "/proc/self/ns/net"


def open_descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208  # names alone


def test_no_descriptor_is_left_behind(place: Path) -> None:
    before = open_descriptors()
    ruleset = landlock.Ruleset([str(place)])
    assert not os.get_inheritable(ruleset.fd)
    assert stat.S_IFMT(os.fstat(ruleset.fd).st_mode) == 0
    ruleset.close()
    ruleset.close()
    assert ruleset.fd == -1
    with pytest.raises(NotADirectoryError):
        landlock.Ruleset([str(place), str(place / "open" / "deep" / "open" / "x")])
    assert open_descriptors() == before


def test_restricting_needs_no_new_privs() -> None:
    """And says so: root could restrict itself without."""
    program = (
        "import ctypes, os, sys\n"
        f"sys.path.insert(0, {os.path.dirname(landlock.__file__)!r})\n"  # noqa: PTH120  # as text
        "import kernel, landlock\n"
        "rules = landlock.Ruleset(['/usr'])\n"
        "os.getuid() == 0 and (os.setgid(65534), os.setuid(65534))\n"
        "try: rules.restrict()\n"
        "except PermissionError as error: print(error.strerror)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "landlock_restrict_self: Operation not permitted\n"


def test_a_machine_without_landlock_is_told_from_one_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str, *_arguments: object) -> int:
        raise OSError(38, name)

    with pytest.raises(OSError, match="landlock: not on this machine"):
        landlock.Ruleset([], most=0)
    monkeypatch.setattr(landlock, "call", missing)
    assert landlock.abi() == 0
    with pytest.raises(OSError, match="landlock: not on this machine"):
        landlock.Ruleset([])


def test_each_version_asks_for_all_that_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the kernel's own header: rights of files, of the network, and scopes."""
    asked: list[tuple[int, ...]] = []

    def kernel_of(version: int) -> None:
        def call(name: str, attributes: bytes | None, *_rest: object) -> int:
            if attributes is None:
                return version
            asked.append(tuple(memoryview(attributes).cast("Q")))
            return os.open(os.devnull, os.O_RDONLY)

        monkeypatch.setattr(landlock, "call", call)

    for version in range(1, 13):
        kernel_of(version)
        landlock.Ruleset([]).close()
    assert asked == [
        (0x1FFF, 0, 0),
        (0x3FFF, 0, 0),
        (0x7FFF, 0, 0),
        (0x7FFF, 3, 0),
        (0xFFFF, 3, 0),
        (0xFFFF, 3, 3),
        (0xFFFF, 3, 3),
        (0xFFFF, 3, 3),
        (0x1FFFF, 3, 3),
        (0x1FFFF, 15, 3),
        (0x1FFFF, 15, 3),
        (0x1FFFF, 15, 3),
    ]


def test_what_is_denied_fills_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[object] = []

    def call(name: str, *arguments: object) -> int:
        if name == "landlock_restrict_self":
            flags.append(arguments[1])
            return 0
        return os.open(os.devnull, os.O_RDONLY) if arguments[0] is not None else 7

    monkeypatch.setattr(landlock, "call", call)
    for most in (6, 7):
        ruleset = landlock.Ruleset([], most=most)
        ruleset.restrict()
        ruleset.close()
    assert flags == [0, 1]
