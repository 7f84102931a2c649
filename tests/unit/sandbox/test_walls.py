"""How walls are told: all that stands, and whose rights the code has."""

from __future__ import annotations

from typing import Any

import pytest

from grader.sandbox.walls import BASIC, Walls

_READS_AS_ROOT = (
    "as a user of its own who reads as root, "
    "since only root can read Python or the temporary folder"
)


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        pytest.param({"tier": "basic"}, "limits only", id="basic"),
        pytest.param(
            {"tier": "basic", "own_user": True, "other_identity": True, "keep_reading": True},
            "limits only",
            id="basic, whatever else is set",
        ),
        pytest.param(
            {"tier": "full", "own_user": True},
            "a private root and namespaces, Landlock 5, a filter of system calls, "
            "in a user namespace",
            id="full of an ordinary user",
        ),
        pytest.param(
            {"tier": "full", "other_identity": True},
            "a private root and namespaces, Landlock 5, a filter of system calls, "
            "as a user of its own",
            id="full of root",
        ),
        pytest.param(
            {"tier": "full", "other_identity": True, "keep_reading": True},
            "a private root and namespaces, Landlock 5, a filter of system calls, "
            + _READS_AS_ROOT,
            id="full of root, where only root can read",
        ),
        pytest.param(
            {"tier": "full"},
            "a private root and namespaces, Landlock 5, a filter of system calls, "
            "as the user who runs grader",
            id="full without any other user",
        ),
        pytest.param(
            {"tier": "full", "own_user": True, "other_identity": True},
            "a private root and namespaces, Landlock 5, a filter of system calls, "
            "in a user namespace, as a user of its own",
            id="full with both",
        ),
        pytest.param(
            {"tier": "container"},
            "Landlock 5, a filter of system calls, as the user who runs grader",
            id="container of an ordinary user",
        ),
        pytest.param(
            {"tier": "container", "other_identity": True},
            "Landlock 5, a filter of system calls, as a user of its own",
            id="container of root",
        ),
        pytest.param(
            {"tier": "container", "other_identity": True, "keep_reading": True},
            "Landlock 5, a filter of system calls, " + _READS_AS_ROOT,
            id="container of root, where only root can read",
        ),
    ],
)
def test_walls_say_how_they_are_built(walls: dict[str, Any], words: str) -> None:
    assert Walls(**walls).describe(5) == words


def test_the_version_of_landlock_is_the_one_that_is_used() -> None:
    told = Walls(tier="container", newest_abi=3).describe(2)
    assert told.startswith("Landlock 2, ")


def test_limits_are_all_there_is_without_walls() -> None:
    assert BASIC.describe(0) == "limits only"
