"""Which walls this machine can put up: found by putting them up and trying to get through."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.sandbox.canary import try_walls
from grader.sandbox.contract import SandboxFault
from grader.sandbox.folders import remove_abandoned
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.walls import TIERS, Walls

__all__ = ["TierProbe", "WallsMissing", "choose", "survey"]

_PR_SET_DUMPABLE = 4

#: What each tier keeps out, and what it leaves open: the words of `grader doctor`.
_STOPS: Mapping[str, tuple[str, ...]] = {
    "full": (
        "reading, and knowing of, any file but Python, its packages, and the assignment's data",
        "writing anywhere but into 16 MiB of memory of its own",
        "network, sockets, shared memory",
        "seeing, signalling, tracing and starting processes",
        "endless loops, too much memory, too much output",
    ),
    "container": (
        "reading any file but Python, its packages, and the assignment's data",
        "writing any file",
        "network, sockets, shared memory",
        "signalling, tracing and starting processes",
        "endless loops, too much memory, too much output",
    ),
    "basic": ("endless loops, too much memory, too much output, crashes",),
}
_LEAVES: Mapping[str, tuple[str, ...]] = {
    "full": (),
    "container": (
        "whether a file exists whose path it guesses, its size and dates, and where a link points",
        "when files of Python were last read: by reading some it can tell a later run something",
    ),
    "basic": (
        "reading and changing every file that you can read and change, the key among them",
        "network, and starting and ending processes, grader among them",
    ),
}


class WallsMissing(Exception):
    """The walls that were asked for cannot be put up here; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierProbe:
    """What came of trying one tier on this machine."""

    tier: str
    works: bool
    why: str  #: why it does not work, or empty
    variant: str  #: how it is built here, or empty
    stops: tuple[str, ...]
    leaves: tuple[str, ...]


def choose(wanted: str, *, python: str = "") -> ForkSandbox:
    """A sandbox of the tier wanted; `auto` takes the best that has walls, and never `basic`.

    Raises WallsMissing where it cannot be had: nothing less is taken instead; SandboxFault where
    `python` is not an interpreter that can be used.
    """
    find_interpreter(python)
    _keep_others_out()
    remove_abandoned()
    reasons = []
    for tier in TIERS[:2] if wanted == "auto" else (wanted,):
        sandbox, why = _try(tier, python)
        if sandbox is not None:
            return sandbox
        reasons.append(f"{tier}: {why}")
    raise WallsMissing("; ".join(reasons))


def survey(python: str = "") -> tuple[TierProbe, ...]:
    """Every tier, tried: full, container, basic."""
    return tuple(_probe(tier, python) for tier in TIERS)


def _probe(tier: str, python: str) -> TierProbe:
    sandbox, why = _try(tier, python)
    variant = ""
    if sandbox is not None:
        variant = sandbox.variant
        sandbox.close()
    return TierProbe(
        tier=tier,
        works=sandbox is not None,
        why=why,
        variant=variant,
        stops=_STOPS[tier],
        leaves=_LEAVES[tier],
    )


def _try(tier: str, python: str) -> tuple[ForkSandbox | None, str]:
    """The sandbox if its walls hold, else why they do not."""
    why, ways = "", _ways(tier)
    for walls in ways:
        sandbox = ForkSandbox(walls, python=python)
        try:
            sandbox.warm_up()
            # Packages may lie where only we may read; the last way is taken without them.
            packages = walls is not ways[-1]
            if tier != "basic":
                why = try_walls(sandbox, with_numpy=not python, all_packages=packages)
        except SandboxFault as fault:
            why = str(fault)
        except OSError as error:  # no place for a decoy, no descriptor, no network at all
            why = f"it cannot be tried here: {error}"
        except BaseException:  # ended meanwhile: its folder has to go
            sandbox.close()
            raise
        if not why:
            return sandbox, ""
        sandbox.close()
    return None, why


def _ways(tier: str) -> tuple[Walls, ...]:
    """How the walls of a tier may be built, the best way first."""
    if tier == "basic":
        return (Walls(tier=tier),)
    same = Walls(tier=tier, own_user=tier == "full")
    if os.geteuid() != 0:
        return (same,)
    other = Walls(tier=tier, other_identity=True)
    return other, replace(other, keep_reading=True), same


def _keep_others_out() -> None:
    """No process of the same user may look into ours, which holds the key."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
