"""Attacks succeed where nothing stops them, and where a tier promises to stop them they fail.

How each is made, and how its success is seen, is in `attacks/`.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox.choose import WallsMissing, choose
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS
from tests.sandbox.attacks.attempt import does_what_the_tier_says, succeeds_without_walls
from tests.sandbox.attacks.decoys import Scene, expose
from tests.sandbox.attacks.table import ATTACKS, Attack
from tests.sandbox.attacks.trial import EARLIER, honest, without_walls
from tests.tiers import missing

pytestmark = pytest.mark.usefixtures("machine_with_others")

Tier = Callable[[str], ForkSandbox]


@pytest.fixture(scope="module")
def exposed() -> Iterator[None]:
    """Before any sandbox is made, or it could not leak what it never had."""
    with contextlib.ExitStack() as stack:
        expose(stack)
        yield


@pytest.fixture(scope="module")
def tier(exposed: None) -> Iterator[Tier]:
    """The sandbox of each tier, made once, and used before anything is looked at."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def tried(name: str) -> ForkSandbox | WallsMissing:
            try:
                sandbox = choose(name)
            except WallsMissing as fault:
                return fault
            stack.callback(sandbox.close)
            assert honest(sandbox, EARLIER).value == "DECOY"
            return sandbox

        def made(name: str) -> ForkSandbox:
            sandbox = tried(name)
            if isinstance(sandbox, WallsMissing):
                missing(name, why=sandbox)
            return sandbox

        yield made


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_without_walls_it_succeeds(attack: Attack, exposed: None) -> None:
    if not succeeds_without_walls(attack):
        assert attack.unless
        pytest.skip(attack.unless)


#: One attack for each way in which success is seen, and the decoys for it.
_WAYS = {(attack.seen, attack.needs): attack for attack in ATTACKS}.values()


@pytest.mark.slow
@pytest.mark.parametrize("attack", _WAYS, ids=lambda attack: attack.name)
def test_who_attacks_nobody_is_not_seen_to_succeed(attack: Attack, exposed: None) -> None:
    with Scene().add(*attack.needs) as scene:
        outcome = without_walls("harmless", "nothing", scene, 8)
        assert not attack.seen(scene, outcome)
        assert not outcome.harmed
        assert outcome.answered


@pytest.mark.parametrize("name", TIERS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_in_a_tier_it_does_what_the_tier_says(attack: Attack, name: str, tier: Tier) -> None:
    does_what_the_tier_says(attack, tier(name))


#: What an assignment that needs processes allows.
_ALLOWED_THEN = {"exec_sh", "spawn_sh"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(
            attack, id=attack.name, marks=[] if attack.file == "others" else [pytest.mark.slow]
        )
        for attack in ATTACKS
        if attack.name not in _ALLOWED_THEN
    ],
)
def test_full_stops_as_much_where_processes_are_allowed(attack: Attack, tier: Tier) -> None:
    does_what_the_tier_says(attack, tier("full"), processes=8)
