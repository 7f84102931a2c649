"""The interpreter that runs the students' code, and the folders that it needs to read."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.sandbox.contract import SandboxFault

__all__ = ["Interpreter", "find_interpreter"]

_OLDEST = (3, 9)
_SECONDS = 60.0
#: What programs and libraries of the system are made of; nothing of a user's lies there.
_SYSTEM = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)
_SHARED_PREFIXES = ("/", "/usr", "/usr/local")
_QUESTIONS = """
import json, os, site, sys, sysconfig
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": sys.implementation.name,
    "site": site.getsitepackages(),
    "library": os.path.dirname(os.__file__),
    "base": sys.base_prefix,
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    path: str
    site: tuple[str, ...]  #: where packages are found, as for `sys.path`
    library: str  #: the folder of Python's own library
    base: str  #: the prefix of the installation
    version: str

    @property
    def readable(self) -> tuple[str, ...]:
        """Files and folders that code run by it may read, those that there are."""
        own = (*self.site, self.library, f"{self.base}/lib", f"{self.base}/lib64")
        # A whole prefix may be somebody's home, its libraries are not.
        paths = dict.fromkeys((*_SYSTEM, *own))
        return tuple(path for path in paths if os.path.lexists(path))

    @property
    def places(self) -> tuple[str, ...]:
        """Paths of it that students' code meets in `sys`, and that differ between machines."""
        zipped = "python{}{}.zip".format(*self.version.split(".")[:2])
        library = (self.library, str(Path(self.library).with_name(zipped)))
        prefixes = (str(Path(self.path).parent.parent), self.base)
        own = (prefix for prefix in prefixes if prefix not in _SHARED_PREFIXES)
        return (*self.site, *library, self.path, *own)


@functools.lru_cache(maxsize=8)
def find_interpreter(path: str = "") -> Interpreter:
    """The interpreter at this path, or the one that runs us. Raises SandboxFault."""
    return _other(path) if path else _own()


def _own() -> Interpreter:
    """Ours. Only numpy's folder is added, and by hand: `.pth` files there stay without effect."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        msg = "numpy is not installed beside grader"
        raise SandboxFault(msg)
    return Interpreter(
        path=sys.executable,
        site=(str(Path(spec.origin).parents[1]),),
        library=sysconfig.get_path("stdlib"),
        base=sys.base_prefix,
        version="{}.{}.{}".format(*sys.version_info[:3]),
    )


def _other(path: str) -> Interpreter:
    command = [path, "-I", "-c", _QUESTIONS]
    try:
        asked = subprocess.run(
            command, capture_output=True, check=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
        return _checked(path, json.loads(asked.stdout))
    except OSError as error:
        msg = f"the interpreter {path} cannot be started: {error.strerror}"
        raise SandboxFault(msg) from None
    except (subprocess.SubprocessError, ValueError, LookupError, TypeError):
        msg = f"{path} is not a Python interpreter that works"
        raise SandboxFault(msg) from None


def _checked(path: str, told: Any) -> Interpreter:
    """The interpreter that says this of itself. Raises SandboxFault or another error if not one."""
    version = ".".join(map(str, told["version"]))
    if tuple(told["version"]) < _OLDEST or told["implementation"] != "cpython":
        msg = f"{path} is {told['implementation']} {version}; expected CPython 3.9 or newer"
        raise SandboxFault(msg)
    return Interpreter(
        path=path,
        site=tuple(told["site"]),
        library=told["library"],
        base=told["base"],
        version=version,
    )
