"""Whether the limits that the machine's owner sets leave room for those of an assignment.

A student's process never gets more than the owner allows. Where that is less than the assignment
promises, right code would be ended, and told that it broke a limit which it kept.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.model.assignment import Limits
from grader.sandbox.contract import SandboxFault

__all__ = ["UlimitsTooLow", "expect_ulimits"]

_MIB = 1 << 20
_DESCRIPTORS = 256  # that a student's code may open; see docs/security.md


class UlimitsTooLow(SandboxFault):
    """The owner of this machine allows less than the assignment promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    which: int  #: of the kernel's limits
    option: str  #: of the shell's `ulimit`
    what: str
    least: int
    unit: int = 1
    name: str = ""  #: of the unit
    key: str = ""  #: of the assignment's limit


def expect_ulimits(limits: Limits) -> None:
    """Raise UlimitsTooLow, which names every hard limit of this process that is too low."""
    found = [_words(need, most) for need in _needs(limits) if (most := _most(need)) < need.least]
    if found:
        msg = f"this machine's owner allows less than the assignment does: {'; '.join(found)}"
        raise UlimitsTooLow(msg)


def _needs(limits: Limits) -> Iterator[_Need]:
    tasks = limits.threads + limits.processes - 1
    space = _address_space() + limits.memory_mib * _MIB
    files = limits.file_mib * _MIB
    cpu = max(1, round(limits.cpu_seconds))
    yield _Need(
        which=resource.RLIMIT_FSIZE,
        option="-f",
        what="the size of a file",
        least=files,
        unit=_MIB,
        name=" MiB",
        key="file_mib",
    )
    yield _Need(
        which=resource.RLIMIT_CPU,
        option="-t",
        what="processor time",
        least=cpu,
        name=" s",
        key="cpu_seconds",
    )
    yield _Need(which=resource.RLIMIT_NOFILE, option="-n", what="open files", least=_DESCRIPTORS)
    yield _Need(
        which=resource.RLIMIT_NPROC,
        option="-u",
        what="processes and threads",
        least=tasks,
        key="threads and processes",
    )
    yield _Need(
        which=resource.RLIMIT_AS,
        option="-v",
        what="address space",
        least=space,
        unit=_MIB,
        name=" MiB",
        key="memory_mib, beside what Python and numpy take",
    )


def _most(need: _Need) -> float:
    hard = resource.getrlimit(need.which)[1]
    return float("inf") if hard == resource.RLIM_INFINITY else hard


def _words(need: _Need, most: float) -> str:
    why = f" ({need.key})" if need.key else ""
    has = f"{most / need.unit:.4g}{need.name}"
    wanted = f"{-(-need.least // need.unit)}{need.name}"
    return f"{need.what}: at most {has} (ulimit -H {need.option}), {wanted} are needed{why}"


def _address_space() -> int:
    """Of this process, which has Python and numpy too."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
