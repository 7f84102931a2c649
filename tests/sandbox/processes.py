"""Which processes there are, seen from outside: children sit in other sessions and namespaces."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["Process", "alive", "below", "marked", "until", "with_umask"]

#: Number and time of the start, which tells a process from a later one of the same number.
Process = tuple[int, int]


def _fields(pid: int) -> list[str]:
    """The fields of `stat` after the name, the state first."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _all() -> dict[int, list[str]]:
    found = {}
    for item in Path("/proc").iterdir():
        if item.name.isdigit():
            try:
                fields = _fields(int(item.name))
            except OSError:
                continue  # it ended meanwhile
            if fields[0] not in "ZX":
                found[int(item.name)] = fields
    return found


def below(pid: int) -> set[Process]:
    """All processes that this one started, and those that they did."""
    processes = _all()
    found: set[int] = set()
    while True:
        more = {
            one
            for one, fields in processes.items()
            if int(fields[1]) in found | {pid} and one not in found
        }
        if not more:
            return {(one, int(processes[one][19])) for one in found}
        found |= more


def marked(mark: str) -> set[Process]:
    """All processes whose environment holds this text; it is handed down by every fork."""
    found = set()
    for pid, fields in _all().items():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue  # it ended meanwhile, or is not ours to look into
        if mark.encode() in environment:
            found.add((pid, int(fields[19])))
    return found


def alive(processes: set[Process]) -> set[Process]:
    """Those that still run."""
    now = {(pid, int(fields[19])) for pid, fields in _all().items()}
    return processes & now


def with_umask(processes: set[Process], umask: int) -> set[Process]:
    """Those that set this umask: the way in which a student's code tells us that it runs."""
    found = set()
    for process in processes:
        try:
            status = Path(f"/proc/{process[0]}/status").read_text(encoding="utf-8")
        except OSError:
            continue
        if f"\nUmask:\t{umask:04o}\n" in status:
            found.add(process)
    return found


def until(holds: Callable[[], object], seconds: float) -> bool:
    """Whether it came to hold within this time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
