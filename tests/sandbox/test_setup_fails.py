"""Walls that cannot be put up are never run behind: each call that builds them is made to fail.

A supervisor (beside this file) answers one system call of one run with an error, or with the lie
that it was done. What is watched is not a list of ours: a first run shows which calls there are.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.child import kernel
from grader.sandbox.walls import Walls
from tests.tiers import missing, opened, unless

pytestmark = unless(bool(kernel.MACHINE), "no walls for this system or machine")

ROOT = Path(__file__).parents[2]
LIE = 0

#: Calls without which the job is run all the same, and why that is right.
HARMLESS = {
    "command fork": "where vfork is refused, Python forks",
    "command open O_CREAT": "the next folder for temporary files is tried",
    "command mkdir": "the folder for the course's data is there already",
    "command rmdir": "only tidies up",
    "command unlinkat": "only tidies up",
    "zygote close_range": "Python then closes one descriptor after the other",
    "child close_range": "Python then closes one descriptor after the other",
    "zygote landlock_create_ruleset": "asks for the version, and is asked again",
}
if os.geteuid() != 0:
    HARMLESS |= dict.fromkeys(
        (f"{role} prctl CAPBSET_DROP" for role in ("zygote", "room")),
        "an ordinary user has no rights that a program could gain",
    )
#: What a job must be seen to do before anything is said about it; of the tiers with walls.
WALLS = {
    "container": """
        zygote landlock_add_rule, zygote prctl NO_NEW_PRIVS, zygote prctl DUMPABLE,
        zygote prctl CAPBSET_DROP, zygote fork, child setsid, child chdir, child prctl PDEATHSIG,
        child setrlimit AS, child setrlimit CPU, child setrlimit FSIZE, child setrlimit CORE,
        child setrlimit NPROC, child landlock_restrict_self, child capset, child seccomp
    """,
    "full": """
        zygote unshare NS, zygote fork, room prctl PDEATHSIG, room mount private,
        room mount tmpfs, room mount bind, room mount_setattr, room pivot_root, room umount2,
        room prctl NO_NEW_PRIVS, room prctl DUMPABLE, room prctl CAPBSET_DROP, room unshare PID,
        room fork, room setns, child setsid, child unshare NS, child mount tmpfs, child chdir,
        child symlink, child prctl PDEATHSIG, child setrlimit AS, child setrlimit CPU,
        child setrlimit FSIZE, child setrlimit CORE, child setrlimit NPROC,
        child landlock_create_ruleset, child landlock_add_rule, child landlock_restrict_self,
        child capset, child seccomp
    """,
    "basic": """
        zygote prctl CHILD_SUBREAPER, zygote fork, child setsid, child chdir,
        child symlink, child prctl PDEATHSIG, child setrlimit AS, child setrlimit CPU,
        child setrlimit FSIZE, child setrlimit CORE
    """,
}
#: Lies that the walls, or the attacks tried on them, do not see through, and what then holds.
UNNOTICED = {
    "zygote dup2": "Python's own: the template process keeps descriptors that it does not use",
    "zygote chdir": "the template process works from another folder",
    "zygote setsid": "a signal from the terminal reaches the template process",
    "zygote close_range": "descriptors of ours are closed by exec too",
    "zygote landlock_create_ruleset": "asks for the version, which is then said to be 0",
    "zygote open /proc/self/oom_score_adj": "the kernel picks what to end when memory is short",
    "room prctl PDEATHSIG": "the end of the socket ends the zygote too",
    "room mount private": "mounts are private on most machines, or of a room made by us",
    "room mount_setattr": "files are kept from being written by their owner, and by Landlock",
    "room rmdir": "an empty folder stays",
    "room prctl CAPBSET_DROP": "no program can be started that would gain capabilities",
    "zygote prctl CAPBSET_DROP": "no program can be started that would gain capabilities",
    "room prctl DUMPABLE": "the filter refuses what looks into other processes",
    "zygote prctl DUMPABLE": "the filter refuses what looks into other processes",
    "room setns": "the next child's numbers are of a namespace below",
    "room pidfd_open": "is not used for anything that walls need",
    "zygote pidfd_open": "is not used for anything that walls need",
    "child unshare NS": "scratch folders lie over one another; code sees the uppermost, its own",
    "child symlink": "the course's data is not found where it is looked for",
    "child chdir": "the course's data is not found where it is looked for",
    "child setgroups": "there were no groups; otherwise it is noticed",
    "child setsid": "the code is ended by its number and its namespace",
    "child prctl PDEATHSIG": "the code ends when its pipes do",
    "child setrlimit CPU": "the time on the wall is kept by the grader",
    "child setrlimit FSIZE": "writing is kept to a small file system, or refused",
    "child setrlimit CORE": "is not dumpable",
    "child setrlimit NPROC": "the filter refuses processes",
    "child landlock_restrict_self": "in full: there is nothing else in the room",
    "child capset": "the filter refuses what capabilities are for",
    "command rmdir": "only tidies up",
}


def _variants() -> dict[str, Walls | str]:
    """Every way in which walls may be built here, by a name for it.

    A tier stands for its walls as they are chosen here: whether a user of its own has to read as
    root is seen only when that is tried.
    """
    plain = {"container": Walls(tier="container"), "basic": Walls(tier="basic")}
    own = {"full-own-user": Walls(tier="full", own_user=True)}
    if os.geteuid() != 0:
        return {**own, **plain}
    return {"full": "full", "container-identity": "container", **own, **plain}


VARIANTS = _variants()


def _outcomes(walls: Walls, *answers: int, last: bool) -> tuple[dict[str, Any], list[Any]]:
    told = {"walls": asdict(walls), "answers": answers, "last": last}
    with tempfile.TemporaryDirectory() as folder:  # what cannot be tidied up goes with it
        Path(folder).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-B", str(Path(__file__).with_name("supervisor.py"))],
            input=json.dumps(told),
            env={
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'grader/sandbox/child'}",
                "OPENBLAS_NUM_THREADS": "1",
                "TMPDIR": folder,
                "HOME": "/",  # or libc looks for it
            },
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    first, outcomes = json.loads(done.stdout)
    if not first["outcome"].startswith("answered 1"):
        missing(walls.tier, why=f"these walls do not stand at all: {first['outcome']}")
    assert first["ran"]
    wanted = {" ".join(key.split()) for key in WALLS[walls.tier].split(",")}
    assert wanted <= set(first["calls"])
    return first, outcomes


def _wrong(outcomes: list[Any], allowed: Mapping[str, str]) -> str:
    """What was run, or went otherwise than by a refusal, and may not."""
    wrong = [
        f"{key} ({occurrence}) answered by {errno.errorcode.get(answer, 'a lie')}: {outcome}"
        for key, occurrence, answer, outcome in outcomes
        if key not in allowed and (outcome["ran"] or not outcome["outcome"].startswith("refused"))
    ]
    return "\n".join(wrong)


def _chosen(tier: str) -> Walls:
    sandbox = opened(tier)
    sandbox.close()
    return sandbox._walls


@pytest.mark.slow
def test_a_refused_call_refuses_the_job() -> None:
    _, outcomes = _outcomes(_chosen("auto"), errno.EPERM, last=False)
    assert len(outcomes) > 20
    assert _wrong(outcomes, HARMLESS) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_every_refused_call_refuses_the_job(name: str) -> None:
    variant = VARIANTS[name]
    walls = _chosen(variant) if isinstance(variant, str) else variant
    _, outcomes = _outcomes(walls, errno.EPERM, errno.ENOSYS, last=True)
    assert _wrong(outcomes, HARMLESS) == ""


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["full", "container"])
def test_a_call_that_only_seems_to_succeed_is_noticed(tier: str) -> None:
    """By the walls themselves, or by the attacks that are tried before anything is marked."""
    _, outcomes = _outcomes(_chosen(tier), LIE, last=False)
    outcomes = [item for item in outcomes if not item[0].startswith("command")]
    allowed = dict(UNNOTICED)
    if tier == "container":
        del allowed["child landlock_restrict_self"]  # the attacks reach files
    assert _wrong(outcomes, allowed) == ""
