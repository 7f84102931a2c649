"""The walls hold on other machines than this: an older kernel, another user, a container."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from grader.sandbox.child import syscalls
from grader.sandbox.contract import SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS, Walls
from tests.sandbox.attacks import elsewhere
from tests.sandbox.attacks.attempt import does_what_the_tier_says
from tests.sandbox.attacks.decoys import expose
from tests.sandbox.attacks.handed_in import rawcall
from tests.sandbox.attacks.seen import harmed
from tests.sandbox.attacks.table import ATTACKS, Attack
from tests.sandbox.attacks.watching import has_right
from tests.tiers import VARIABLE, missing

pytestmark = pytest.mark.usefixtures("machine_with_others")

#: Versions of Landlock: of the first kernel that has it, of Debian 12, of Ubuntu 24.04.
_OLDER = (1, 2, 4)
#: What only newer versions stop; with an older one it is left to the filter of system calls.
_REGRESSIONS = {
    "truncate_own_file",
    "truncate_by_open",
    "truncate_data_file",
    "fcntl_setown_kill",
    "fcntl_setown_ex_kill",
    "kill_decoy",
    "kill_by_other_calls",
    "kill_sibling",
    "tcp_loopback",
    "bind_listen_tcp",
    "unix_abstract",
    "dgram_socketpair",
    "dgram_socketpair_raw",
    "dgram_socketpair_sendmsg",
    "dgram_socketpair_connect",
}
_CAP_SYS_ADMIN = 21


@pytest.fixture(scope="module", params=_OLDER, ids=lambda version: f"landlock-{version}")
def older(request: pytest.FixtureRequest) -> Iterator[ForkSandbox]:
    """The tier that has no other walls but Landlock and the filter."""
    with contextlib.ExitStack() as stack:
        expose(stack)
        sandbox = ForkSandbox(Walls(tier="container", newest_abi=request.param))
        stack.callback(sandbox.close)
        try:
            sandbox.warm_up()
        except SandboxFault as fault:
            missing("container", why=fault)
        assert f"Landlock {request.param}," in sandbox.variant
        yield sandbox


@pytest.mark.slow
@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(
            attack,
            id=attack.name,
            marks=[] if attack.name in _REGRESSIONS else [pytest.mark.slow],
        )
        for attack in ATTACKS
        if attack.seen is not harmed
    ],
)
def test_older_landlock_stops_as_much(attack: Attack, older: ForkSandbox) -> None:
    does_what_the_tier_says(attack, older)


def test_the_regressions_are_attacks() -> None:
    assert {attack.name for attack in ATTACKS} >= _REGRESSIONS


#: The tiers that are tried at each place, and that it must have. Whether an ordinary user can have
#: `full` depends on the machine.
_PLACES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "user": (("full", "container", "basic"), ("container", "basic")),
    "docker": (("full", "container"), ("container",)),
    "root": (("full", "container"), ("full", "container")),
}


@pytest.fixture(scope="module", params=_PLACES)
def place(request: pytest.FixtureRequest) -> str:
    if not has_right(_CAP_SYS_ADMIN):
        pytest.skip("only root may stand in for another user, or for a container")
    return str(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may reach."""
    with tempfile.TemporaryDirectory(prefix="elsewhere-", dir="/tmp") as name:
        yield Path(name)


def _elsewhere(
    place: str, folder: Path, *arguments: str, needed: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Python with these arguments at this place, where the tests need these tiers."""
    return subprocess.run(
        [sys.executable, elsewhere.__file__, place, str(folder), *arguments],
        env={**os.environ, VARIABLE: ",".join(needed)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=400,
    )


@pytest.mark.slow
def test_all_attacks_do_the_same_elsewhere(place: str, folder: Path) -> None:
    report = folder / "report.xml"
    tests = str(Path(__file__).with_name("test_walls.py"))
    tried, needed = _PLACES[place]
    every = ("-m", "slow or not slow")  # the tiers that are tried later are tried here
    options = (
        "-q",
        "-p",
        "no:cacheprovider",
        *every,
        "-k",
        f"in_a_tier and ({' or '.join(tried)})",
    )
    done = _elsewhere(
        place, folder, "-m", "pytest", tests, *options, f"--junitxml={report}", needed=needed
    )
    assert done.returncode == 0, done.stdout[-5000:]
    by_tier = {tier: {"skipped": 0, "passed": 0} for tier in TIERS}
    for case in ET.parse(report).iter("testcase"):
        tier = case.attrib["name"].rstrip("]").rpartition("-")[2]
        if tier in by_tier:
            by_tier[tier]["skipped" if case.find("skipped") is not None else "passed"] += 1
    for tier in needed:
        unless = len([attack for attack in ATTACKS if attack.unless])
        allowed = unless if tier == "basic" else 0
        assert by_tier[tier]["skipped"] <= allowed, by_tier
        assert by_tier[tier]["passed"] >= len(ATTACKS) - allowed
    if place == "docker":
        assert by_tier["full"] == {"skipped": len(ATTACKS), "passed": 0}


_CHOICE = """
from grader.sandbox.choose import WallsMissing, choose
sandbox = choose("auto")
print(sandbox.tier)
sandbox.close()
try:
    choose("full").close()
    print("full")
except WallsMissing as missing:
    print("refused", missing)
"""


@pytest.mark.slow
def test_in_a_container_full_is_refused_and_the_next_is_taken(folder: Path) -> None:
    if os.geteuid() != 0 or not has_right(_CAP_SYS_ADMIN):
        pytest.skip("only root may stand in for a container")
    chosen, refused = _elsewhere("docker", folder, "-c", _CHOICE).stdout.splitlines()
    assert chosen == "container"
    assert refused.startswith("refused full: ")


@pytest.mark.parametrize("machine", syscalls.NUMBERS)
def test_attacks_know_the_calls_by_their_right_numbers(machine: str) -> None:
    """Or they would try something else than they say on a machine that nobody watched them on."""
    ours = syscalls.NUMBERS[machine]
    column = list(syscalls.NUMBERS).index(machine)
    theirs = rawcall.NUMBERS[machine] | {
        name: numbers[column] for name, numbers in elsewhere.CALLS.items()
    }
    assert theirs == {name: ours.get(name) for name in theirs}
