"""A grader without walls, as many are: it runs two students' code in its own process, compares
there, and reports on a descriptor that they can reach.

Attacks are first tried against it, to show that they can succeed. Started by `trial.py` as
`python naive.py <descriptor of the report> <secret>` in a folder of its own; the work comes on
standard input.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import types

_MIB = 1 << 20


def bound(wanted: dict[str, int]) -> None:
    """So that no attack harms the machine that it is tried on."""
    limits = {
        resource.RLIMIT_AS: wanted["memory_mib"] * _MIB,
        resource.RLIMIT_FSIZE: 4 * _MIB,
        resource.RLIMIT_NPROC: 4000,
        resource.RLIMIT_CPU: 10,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        soft_only = which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)
        resource.setrlimit(which, (most, hard if soft_only else most))


def module(name: str, source: str) -> types.ModuleType:
    made = sys.modules[name] = types.ModuleType(name)
    exec(compile(source, name, "exec"), vars(made))
    return made


def accepted(value: object, expected: float) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        return bool(numpy.allclose(value, expected))
    return bool(value == expected)


def main() -> None:
    report_to = int(sys.argv[1])
    work = json.loads(sys.stdin.read())
    if os.getppid() == work["told"]["grader"]:  # ends with the test, whatever happens to it
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)
    for folder in work["path"]:
        sys.path.append(folder)
    bound(work["limits"])
    module("earlier", work["earlier"])
    for name, source in work["files"].items():
        answers = module(name, source)
    try:
        value = getattr(answers, work["entry"])(work["told"])
    except Exception as error:  # noqa: BLE001 - whatever a student's code raises
        value = f"{type(error).__name__}: {error}"
    report: dict[str, object] = {"accepted": accepted(value, work["expected"])}
    following = module("following", work["following"]).good()
    report["next"] = following[:-1] == work["right"]
    report["value"] = value if isinstance(value, list) else repr(value)
    sys.stdout.flush()
    try:
        data = json.dumps(report).encode()
    except TypeError:
        data = json.dumps({**report, "value": repr(value)}).encode()
    os.write(report_to, struct.pack(">I", len(data)))
    while data:
        data = data[os.write(report_to, data[: 1 << 16]) :]


if __name__ == "__main__":
    main()
