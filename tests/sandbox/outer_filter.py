"""A system that refuses some system calls, as a container's own filter does, around a program."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.sandbox.child import kernel
from grader.sandbox.child.syscalls import NUMBERS

__all__ = ["tell_behind"]

ROOT = Path(__file__).parents[2]
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000


def refuse(calls: Mapping[str, int]) -> None:
    """From here on these calls fail with these numbers, in this process and all that it starts."""
    table = NUMBERS[kernel.MACHINE]
    code = [(0x20, 0, 0, 0)]
    for name, number in calls.items():
        if name in table:
            code += [(0x15, 0, 1, table[name]), (0x06, 0, 0, _ERROR | number)]
    code.append((0x06, 0, 0, _ALLOW))
    packed = b"".join(struct.pack("=HBBI", *item) for item in code)
    program = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("=H6xQ", len(code), ctypes.addressof(program))
    pointer = ctypes.create_string_buffer(header, len(header))
    if os.geteuid() != 0:
        kernel.no_new_privs()
    kernel.call("seccomp", kernel.SECCOMP_SET_MODE_FILTER, 0, pointer)


def tell_behind(*refused: str, program: str, error: int = errno.EPERM) -> Any:
    """What the program puts into `told`, run where these calls are refused."""
    source = f"""
import json, sys
import grader.sandbox.choose
from tests.sandbox.outer_filter import refuse
told = {{}}
{program}
json.dump(told, sys.stdout)
"""
    calls = dict.fromkeys(refused, error)
    source = source.replace("told = {}", f"told = {{}}\nrefuse({calls!r})")
    done = subprocess.run(
        [sys.executable, "-B", "-c", source],
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'grader/sandbox/child'}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
