"""What a machine's walls keep out, for a person and for programs."""

from __future__ import annotations

import json
import platform
import sqlite3
import textwrap
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from grader.sandbox.choose import TierProbe

__all__ = ["doctor_json", "doctor_page"]

DOCTOR_VERSION = 1
_WIDTH = 80
#: What helps, by what stands in the words for why a tier does not work; the first that does counts.
_HELP: Mapping[str, str] = {
    "landlock": (
        "Landlock is needed: a Linux kernel of 5.13 or newer with Landlock turned on; the file "
        "/sys/kernel/security/lsm lists it then"
    ),
    "seccomp": "a Linux kernel that filters system calls (seccomp) is needed",
    **dict.fromkeys(
        ("unshare", "uid_map", "setns", "mount", "pivot_root"),
        "namespaces are refused here, as they are inside most containers and, by a rule of "
        "AppArmor, to ordinary users of Ubuntu from 24.04 on "
        "(kernel.apparmor_restrict_unprivileged_userns)",
    ),
}


def doctor_page(probes: Sequence[TierProbe], gradebook: str = "") -> str:
    """The tier that commands take here, then every tier, the best one first. `gradebook` says why
    none can be kept here, if that is so."""
    best = _best(probes)
    lines = []
    if best is None:
        lines.append("Students' code cannot be run on this machine.")
    elif best.tier == "basic":
        lines += [
            "This machine gives no walls around students' code (basic).",
            "`grade` refuses here unless it is told --sandbox basic; `check` and `verify` say so.",
        ]
    else:
        lines.append(f"Students' code runs behind walls here: {best.tier}.")
    for probe in probes:
        lines += ["", *_tier(probe)]
    sqlite = f"A gradebook can be kept here (SQLite {sqlite3.sqlite_version})."
    lines += ["", f"No gradebook can be kept here: {gradebook}" if gradebook else sqlite]
    about = ", ".join(f"{name} {value}" for name, value in _versions().items())
    return "\n".join([*lines, "", about]) + "\n"


def doctor_json(probes: Sequence[TierProbe], gradebook: str = "") -> str:
    """The same as a document; `tier` is null where nothing works."""
    best = _best(probes)
    document: dict[str, Any] = {
        "schema": DOCTOR_VERSION,
        "tier": best.tier if best else None,
        "walls": best is not None and best.tier != "basic",
        "tiers": [
            {
                "tier": probe.tier,
                "works": probe.works,
                "why": probe.why,
                "variant": probe.variant,
                "stops": list(probe.stops),
                "leaves": list(probe.leaves),
            }
            for probe in probes
        ],
        "gradebook": {
            "works": not gradebook,
            "why": gradebook,
            "sqlite": sqlite3.sqlite_version,
        },
        "versions": _versions(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _best(probes: Sequence[TierProbe]) -> TierProbe | None:
    return next((probe for probe in probes if probe.works), None)


def _tier(probe: TierProbe) -> list[str]:
    built = f" ({probe.variant})" if probe.variant else ""
    lines = [f"{'✓' if probe.works else '✗'} {probe.tier}{built if probe.works else ''}"]
    if probe.works:
        lines += _wrapped("stops: ", probe.stops)
        lines += _wrapped("leaves: ", probe.leaves)
        return lines
    lines += _wrapped("does not work here: ", [probe.why or "no reason is known"])
    why = probe.why.lower()
    lines += _wrapped("help: ", [text for word, text in _HELP.items() if word in why][:1])
    lines += _wrapped("would stop: ", probe.stops)
    lines += _wrapped("would leave: ", probe.leaves)
    return lines


def _wrapped(first: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    text = first + "; ".join(" ".join(item.split()) for item in items)
    return textwrap.wrap(
        text,
        width=_WIDTH,
        initial_indent="    ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _versions() -> dict[str, str]:
    return {
        "grader": version("numgrader"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "kernel": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
    }
