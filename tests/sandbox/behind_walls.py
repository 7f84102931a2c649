"""Python code run behind the kernel's walls, in a process of its own that ends by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.sandbox.child import kernel, landlock
from tests.tiers import unless

__all__ = ["READABLE", "Walls", "needs_filter", "needs_landlock"]

CHILD = Path(kernel.__file__).parent
#: What Python itself, its libraries and the code under test are read from.
READABLE = ("/usr", "/lib", "/lib64", "/etc", sys.prefix, sys.base_prefix, *sys.path, str(CHILD))

needs_filter = unless(bool(kernel.MACHINE), "no system call filter for this system or machine")
needs_landlock = unless(landlock.abi() > 0, "the kernel has no Landlock, or it is switched off")

_PROGRAM = """
import ctypes, errno, json, os, resource, sys

told = json.load(sys.stdin)
sys.path.insert(0, told["child"])
import kernel, landlock, seccomp
del sys.path[0]

for which, most in [
    (resource.RLIMIT_CPU, 20), (resource.RLIMIT_AS, 4 << 30), (resource.RLIMIT_FSIZE, 16 << 20),
    (resource.RLIMIT_NOFILE, 256), (resource.RLIMIT_CORE, 0),
]:
    resource.setrlimit(which, (most, most))
filters = seccomp.Filter(kernel.MACHINE, processes=told["processes"]) if told["filtered"] else None
kernel.no_new_privs()
if told["most"]:
    rules = landlock.Ruleset(told["readable"], told["writable"], most=told["most"])
    rules.restrict()
    rules.close()
if filters is not None:
    filters.install(os.getpid())

outcomes = {}
for name, source in told["attempts"].items():
    scope = {"told": told["values"], "call": kernel.call, "os": os, "sys": sys, "ctypes": ctypes}
    try:
        exec(source, scope)
        outcomes[name] = "done"
    except OSError as error:
        outcomes[name] = errno.errorcode.get(error.errno, repr(error))
    except BaseException as error:
        outcomes[name] = f"{type(error).__name__}: {error}"
json.dump(outcomes, sys.stdout)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Which walls there are; `most` is the version of Landlock, and 0 is none."""

    filtered: bool = True
    processes: bool = False
    most: int = 0
    readable: Sequence[str] = READABLE
    writable: Sequence[str] = ()

    def outcomes(self, attempts: Mapping[str, str], **values: Any) -> dict[str, str]:
        """For each attempt "done", the name of the OSError's number, or what else was raised.

        They run one after the other in one process, and find `values` in `told`.
        """
        told = {**asdict(self), "attempts": attempts, "values": values, "child": str(CHILD)}
        done = self.run(json.dumps(told))
        assert done.returncode == 0, done.stderr
        outcomes: dict[str, str] = json.loads(done.stdout)
        return outcomes

    def signal_after(self, attempt: str, **values: Any) -> int:
        """The number of the signal that ended the process in this attempt; 0 if none did."""
        told = {**asdict(self), "attempts": {"": attempt}, "values": values, "child": str(CHILD)}
        return max(0, -self.run(json.dumps(told)).returncode)

    @staticmethod
    def run(told: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-B", "-c", _PROGRAM],
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
