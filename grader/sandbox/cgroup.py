"""What the group of processes that this one is in may use, as the kernel keeps it (cgroup)."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["free_bytes", "processors", "throttled_seconds"]

_ROOT = Path("/sys/fs/cgroup")
_NONE = 1 << 60  # a limit as large as this is none


def free_bytes() -> int | None:
    """Memory that the tightest of the groups still has room for; None where there is no limit."""
    rooms = []
    for folder in _folders("memory"):
        limit = _number(folder, "memory.max", "memory.limit_in_bytes")
        used = _number(folder, "memory.current", "memory.usage_in_bytes")
        if limit is not None and used is not None and limit < _NONE:
            told = _table(folder / "memory.stat")
            # What was read from files is dropped when somebody needs the room.
            files = told.get("total_inactive_file", told.get("inactive_file", 0))
            files += told.get("total_active_file", told.get("active_file", 0))
            rooms.append(limit - max(0, used - files))
    return min(rooms, default=None)


def processors() -> float | None:
    """How many processors' time the tightest of the groups may use; None where all there are."""
    shares = []
    for folder in _folders("cpu"):
        quota, period = _number(folder, "cpu.cfs_quota_us"), _number(folder, "cpu.cfs_period_us")
        line = _text(folder / "cpu.max").split()
        if len(line) == 2 and line[0].isdigit():
            quota, period = int(line[0]), int(line[1])
        if quota is not None and period and quota > 0:
            shares.append(quota / period)
    return min(shares, default=None)


def throttled_seconds() -> float:
    """How long the groups together were kept from running since their quota was used up."""
    total = 0.0
    for folder in _folders("cpu"):
        told = _table(folder / "cpu.stat")
        total += told.get("throttled_usec", 0) / 1e6 + told.get("throttled_time", 0) / 1e9
    return total


def _folders(controller: str) -> Iterator[Path]:
    """Of the group that we are in and of all above it, where this can be seen."""
    for top, path in _places(controller):
        # In a container the path may be the one outside; then the group's files are at the top.
        own = top / path.lstrip("/")
        folder = own if own.is_dir() else top
        yield folder
        while folder != top:
            folder = folder.parent
            yield folder


def _places(controller: str) -> Iterator[tuple[Path, str]]:
    """Where the hierarchies begin that may keep this controller, and our path in each."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        number, names, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not names:
            yield from ((top, path) for top in _unified())
        elif controller in names.split(","):
            for name in dict.fromkeys((controller, names)):
                if (_ROOT / name).is_dir():
                    yield _ROOT / name, path
                    break


@functools.cache
def _unified() -> tuple[Path, ...]:
    return tuple(
        top for top in (_ROOT, _ROOT / "unified") if (top / "cgroup.controllers").is_file()
    )


def _number(folder: Path, *names: str) -> int | None:
    """The first of these files that is there; None where it says that there is no limit."""
    for name in names:
        text = _text(folder / name).strip()
        if text:
            return int(text) if text.lstrip("-").isdigit() else None
    return None


def _table(path: Path) -> Mapping[str, int]:
    pairs = (line.split() for line in _text(path).splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
