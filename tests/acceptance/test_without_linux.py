"""`grader check` of a sheet where nothing of Linux is there, as on Windows and on a Mac."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUG = "ecs289-homework"
WORK = ROOT / "examples" / "submissions" / SLUG / "all-correct"

#: Modules of others are imported first: what they would do elsewhere is their affair.
WITHOUT = """\
import concurrent.futures, ctypes, inspect, json, os, secrets, selectors, shutil, signal, socket
import subprocess, sys, tarfile, tempfile, zipfile
import numpy.ma, numpy.random, yaml

BLOCKED = ("fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog")
for name in BLOCKED:
    sys.modules.pop(name, None)


class Blocked:
    def find_spec(self, name, path, target=None):
        if name in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocked())
sys.platform = PLATFORM
GONE = {
    os: (
        "fork forkpty memfd_create sched_getaffinity getuid geteuid getgid getegid setsid killpg"
        " waitid wait3 wait4 posix_spawn sysconf statvfs chown mkfifo pidfd_open O_CLOEXEC"
        " O_DIRECTORY O_NOFOLLOW O_NONBLOCK WNOHANG pipe2 getresuid P_PID WEXITED WNOWAIT"
    ),
    signal: (
        "SIGKILL SIGHUP SIGXCPU SIGALRM SIGSTOP SIGCONT SIGCHLD SIGUSR1 SIGPIPE SIGQUIT SIGSYS"
        " setitimer ITIMER_REAL pthread_sigmask sigtimedwait sigwait sigpending alarm pause"
    ),
    socket: "AF_UNIX send_fds recv_fds SCM_RIGHTS CMSG_LEN CMSG_SPACE SO_PEERCRED",
    selectors: "EpollSelector PollSelector",
}
for module, names in GONE.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
from grader.cli.main import main

main()
"""


def check(platform: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    code = f"PLATFORM = {platform!r}\n{WITHOUT}"
    return subprocess.run(
        [sys.executable, "-c", code, "check", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_a_sheet_is_checked_and_code_is_said_to_need_linux() -> None:
    done = check("win32", SLUG, WORK)
    assert done.returncode == 0, done.stderr
    assert "  ✓ nesterov_points  [3 / 3]  correct\n" in done.stdout
    assert "adam" not in done.stdout
    assert done.stderr == (
        "note: code is run on Linux only (on Windows: in WSL; on a Mac: in a virtual machine); "
        "not looked at here: gradient, adam\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_what_is_wrong_is_explained_there_too(platform: str) -> None:
    sheet = ROOT / "examples" / "submissions" / SLUG / "classical-momentum" / "answers.yaml"
    done = check(platform, SLUG, sheet)
    assert (done.returncode, done.stderr) == (0, "")
    assert "This is classical momentum." in done.stdout
