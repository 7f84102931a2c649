"""One attack, carried out once: did it succeed?"""

from __future__ import annotations

import contextlib
import os
from typing import Any

import pytest

from grader.sandbox.forked import ForkSandbox
from tests.sandbox.attacks.decoys import Scene
from tests.sandbox.attacks.seen import harmed, parent_dead
from tests.sandbox.attacks.table import Attack
from tests.sandbox.attacks.trial import another_student, in_tier, without_walls

__all__ = ["does_what_the_tier_says", "succeeds_without_walls"]

#: What stops an attack before it comes to any wall: then it shows nothing.
_STUMBLED = {
    "AttributeError",
    "ImportError",
    "IndexError",
    "KeyError",
    "ModuleNotFoundError",
    "NameError",
    "SyntaxError",
    "TypeError",
    "ValueError",
}
_SECONDS, _SECONDS_IF_ENDLESS = 8.0, 0.5


def succeeds_without_walls(attack: Attack) -> bool:
    with Scene().add(*attack.needs) as scene:
        seconds = _SECONDS_IF_ENDLESS if attack.endless else _SECONDS
        outcome = without_walls(attack.file, attack.name, scene, seconds)
        return attack.seen(scene, outcome)


def does_what_the_tier_says(attack: Attack, sandbox: ForkSandbox, **limits: Any) -> None:
    """Assert that the attack succeeds where the tier lets it, and only there."""
    if attack.endless:
        limits["wall_seconds"] = _SECONDS_IF_ENDLESS
    with Scene().add(*attack.needs) as scene, contextlib.ExitStack() as stack:
        if "sibling" in attack.needs:
            stack.enter_context(another_student(sandbox, scene))
        outcome = in_tier(sandbox, attack.file, attack.name, scene, **limits)
        succeeded = attack.seen(scene, outcome)
    assert attack.seen in (harmed, parent_dead) or not outcome.harmed
    assert outcome.exception not in _STUMBLED, outcome.text[:2000]
    as_root = os.geteuid() == 0 and "as the user who runs grader" in sandbox.variant
    open_here = {sandbox.tier, f"{sandbox.tier}-as-root"} if as_root else {sandbox.tier}
    expected = bool(attack.succeeds_in & open_here)
    if expected and not succeeded and attack.unless:
        pytest.skip(attack.unless)
    assert succeeded == expected, outcome.text[:2000]
