"""Why a child is of no more use: a limit, its own end, or somebody's who ended it from outside.

Taken from what the kernel accounts for: a signal alone may lie.
"""

from __future__ import annotations

import signal

from grader.model.assignment import Limits
from grader.model.verdict import Reason
from grader.sandbox.contract import MachineFault
from grader.sandbox.zygote import Usage

__all__ = [
    "ChildEnded",
    "CpuUsedUp",
    "MemoryUsedUp",
    "OutputExceeded",
    "TimedOut",
    "TooManyProcesses",
    "cpu_seconds",
    "why_ended",
]

_CPU_SLACK = 0.5  # seconds: the limit is kept by ticks, which on a busy machine fall unevenly
_CPU_SHARE = 0.6  # of the limit, where the kernel ended the process: the clocks drift apart
_NEARLY = 0.9  # a process that needs more memory than it may have ends before it has all of it


class TimedOut(Exception):
    """No answer within the time allowed."""


class CpuUsedUp(Exception):
    """The process ended when its processor time was used up."""


class MemoryUsedUp(Exception):
    """The process ended when it held about all the memory that it may have."""


class OutputExceeded(Exception):
    """More printed text than allowed."""


class TooManyProcesses(Exception):
    """More processes at a time than allowed."""


class ChildEnded(Exception):
    """The process ended, or sent something that is not an answer."""


def why_ended(used: Usage, limits: Limits, *, alone: bool, walled: bool) -> Exception:
    """What to raise of a child that ended by itself, or that closed what it answers on.

    `alone` says that it ran alone; `walled` that its code can send itself no SIGKILL.
    """
    allowed = cpu_seconds(limits)
    enough = allowed - _CPU_SLACK
    # What ended so near to its limit beside others is run again before the limit is blamed.
    if used.signal == signal.SIGXCPU or (used.signal == signal.SIGKILL and alone):
        enough = min(enough, _CPU_SHARE * allowed)
    if used.cpu_seconds >= enough:
        return CpuUsedUp()
    if used.signal == signal.SIGKILL:
        told = (
            "the process of the student's code was ended from outside, within its limits: by the "
            "kernel since there was no memory left, or by another program"
        )
        own = "" if walled else "; without walls the code may have done it itself"
        return MachineFault(Reason.MACHINE_MEMORY, told + own)
    if used.resident_kib >= _NEARLY * 1024 * limits.memory_mib:
        return MemoryUsedUp()
    return ChildEnded()


def cpu_seconds(limits: Limits) -> int:
    """The kernel counts whole seconds, from one on."""
    return max(1, round(limits.cpu_seconds))
