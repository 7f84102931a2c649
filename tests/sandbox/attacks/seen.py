"""How the success of an attack is seen: at the decoys first, and by what it says where it must."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.sandbox.attacks.decoys import SECRET, Scene
from tests.sandbox.attacks.trial import Outcome

Seen = Callable[[Scene, Outcome], bool]


def came_back(scene: Scene, outcome: Outcome) -> bool:
    return SECRET in outcome.text


def claimed(scene: Scene, outcome: Outcome) -> bool:
    """It says so itself; nothing can be seen from outside."""
    return outcome.answered and not outcome.text.startswith("None") and "Error" not in outcome.text


def number(outcome: Outcome) -> int:
    found = re.match(r"\d+", outcome.text)
    return int(found[0]) if found and outcome.answered else 0


def at_least(wanted: int) -> Seen:
    """It says that it got as many."""
    return lambda _, outcome: number(outcome) >= wanted


def size_known(scene: Scene, outcome: Outcome) -> bool:
    return number(outcome) == scene.size


def told_of_the_course(scene: Scene, outcome: Outcome) -> bool:
    return came_back(scene, outcome) or str(scene.folder) in outcome.text


def disk_filled(scene: Scene, outcome: Outcome) -> bool:
    return scene.world_mib() > 32 or number(outcome) > 32


def many_files(scene: Scene, outcome: Outcome) -> bool:
    return max(scene.in_world(), number(outcome)) >= 2300


def many_processes(scene: Scene, outcome: Outcome) -> bool:
    return scene.seen_by_watch.most_processes >= 40


def threads(wanted: int) -> Seen:
    return lambda scene, _: scene.seen_by_watch.most_threads >= wanted


def let_in(scene: Scene, outcome: Outcome) -> bool:
    return scene.seen_by_watch.got_in


def lock_held(scene: Scene, outcome: Outcome) -> bool:
    return scene.seen_by_watch.lock_held


def much_printed(scene: Scene, outcome: Outcome) -> bool:
    return outcome.printed > 1 << 20


def much_returned(scene: Scene, outcome: Outcome) -> bool:
    return len(outcome.text) > 1 << 20


def sibling_harmed(scene: Scene, outcome: Outcome) -> bool:
    return scene.sibling_harmed()


def file_changed(scene: Scene, outcome: Outcome) -> bool:
    return scene.changed() or outcome.data_changed


def victim_dead(scene: Scene, outcome: Outcome) -> bool:
    return scene.victim_dead()


def parent_dead(scene: Scene, outcome: Outcome) -> bool:
    return victim_dead(scene, outcome) or outcome.harmed


def victim_changed(scene: Scene, outcome: Outcome) -> bool:
    return scene.victim_changed()


def in_world(scene: Scene, outcome: Outcome) -> bool:
    return scene.in_world() > 0


def visited(scene: Scene, outcome: Outcome) -> bool:
    return scene.visited()


def accepted(scene: Scene, outcome: Outcome) -> bool:
    return outcome.accepted


def harmed(scene: Scene, outcome: Outcome) -> bool:
    return outcome.harmed


def left_running(scene: Scene, outcome: Outcome) -> bool:
    return bool(scene.survivors())


def shell_spoke(scene: Scene, outcome: Outcome) -> bool:
    return "shell-42" in outcome.text


def read_passwd(scene: Scene, outcome: Outcome) -> bool:
    first = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    return first in outcome.text
