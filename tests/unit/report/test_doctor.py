"""`grader doctor`: the page for a person, the document for programs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from grader.report.doctor import doctor_json, doctor_page
from grader.sandbox.choose import TierProbe

TIERS = ("full", "container", "basic")


def probes(*working: str) -> tuple[TierProbe, ...]:
    return tuple(
        TierProbe(
            tier=tier,
            works=tier in working,
            why="" if tier in working else f"{tier} needs\nsomething",
            variant=f"{tier} as built here; Landlock ABI 7",
            stops=(f"{tier} stops this", "and that"),
            leaves=("time of the processor",),
        )
        for tier in TIERS
    )


@pytest.mark.parametrize(
    ("working", "first"),
    [
        (TIERS, "Students' code runs behind walls here: full."),
        (TIERS[1:], "Students' code runs behind walls here: container."),
        (TIERS[2:], "This machine gives no walls around students' code (basic)."),
        ((), "Students' code cannot be run on this machine."),
    ],
)
def test_the_first_line_says_what_this_machine_gives(working: tuple[str, ...], first: str) -> None:
    assert doctor_page(probes(*working)).split("\n")[0] == first


def test_a_tier_says_how_it_is_built_or_why_not_and_what_it_stops_and_leaves() -> None:
    lines = doctor_page(probes("container", "basic")).split("\n")
    assert "✗ full" in lines
    assert "    does not work here: full needs something" in lines
    assert "✓ container (container as built here; Landlock ABI 7)" in lines
    assert "    stops: container stops this; and that" in lines
    assert "    would stop: full stops this; and that" in lines
    assert lines.count("    leaves: time of the processor") == 2
    assert lines.count("    would leave: time of the processor") == 1
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("OSError: [Errno 1] unshare: Operation not permitted", "namespaces are refused here"),
        ("OSError: [Errno 38] landlock: not on this machine", "Landlock is needed: a Linux kernel"),
        ("an attack went through", ""),
    ],
)
def test_what_helps_is_said_with_what_does_not_work(why: str, words: str) -> None:
    full, *others = probes("basic")
    page = " ".join(doctor_page((replace(full, why=why), *others)).split())
    assert f"does not work here: {why}" in page
    assert (f"help: {words}" in page) if words else ("help:" not in page)


def test_without_walls_it_says_what_the_commands_do() -> None:
    assert "unless it is told --sandbox basic" in doctor_page(probes("basic"))
    assert "--sandbox basic" not in doctor_page(probes(*TIERS))


def test_the_versions_are_on_both() -> None:
    document = json.loads(doctor_json(probes(*TIERS)))
    assert set(document["versions"]) == {"grader", "python", "numpy", "kernel", "machine"}
    last = doctor_page(probes(*TIERS)).rstrip("\n").split("\n")[-1]
    assert all(f"{name} {value}" in last for name, value in document["versions"].items())


@pytest.mark.parametrize(
    ("working", "tier", "walls"),
    [
        (TIERS, "full", True),
        (TIERS[1:], "container", True),
        (TIERS[2:], "basic", False),
        ((), None, False),
    ],
)
def test_the_document_names_the_tier_and_whether_it_has_walls(
    working: tuple[str, ...], tier: str | None, walls: bool
) -> None:
    document = json.loads(doctor_json(probes(*working)))
    assert (document["schema"], document["tier"], document["walls"]) == (1, tier, walls)
    assert [item["tier"] for item in document["tiers"]] == list(TIERS)
    assert [item["works"] for item in document["tiers"]] == [name in working for name in TIERS]
    assert set(document["tiers"][0]) == {"tier", "works", "why", "variant", "stops", "leaves"}


def test_why_no_gradebook_can_be_kept_is_told() -> None:
    why = "a gradebook needs SQLite 3.37 or newer"
    assert f"No gradebook can be kept here: {why}" in doctor_page(probes("full"), why)
    assert "A gradebook can be kept here" in doctor_page(probes("full"))
    document = json.loads(doctor_json(probes("full"), why))
    assert (document["gradebook"]["works"], document["gradebook"]["why"]) == (False, why)
