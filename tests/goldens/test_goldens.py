"""Marks and messages are what they were: everything that people read is held against the goldens.

What a class gets must not depend on the order in which it is marked, on how many are marked at a
time, or on who was marked before.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from tests.goldens import texts
from tests.goldens.make import FOLDER, difference, names, read
from tests.goldens.replay import Replay
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).resolve().parents[2]
REPLAY = Replay(SANDBOX)
#: (order, workers); 0 is the order in which the examples are found. Each run prepares the
#: assignment afresh, so that nothing is remembered from the runs before.
#: (order of the class, workers); one of them is enough for every run
RUNS = [
    (4, 4),
    *(pytest.param(*run, marks=pytest.mark.slow) for run in ((1, 1), (2, 1), (3, 2))),
]
#: One class in another order is enough for every run.
ONE = [
    pytest.param(slug, marks=() if slug == "ecs289-homework" else pytest.mark.slow)
    for slug in texts.SLUGS
]
#: The largest classes are marked with the slow ones only.
SOME = [
    pytest.param(
        slug,
        marks=pytest.mark.slow if slug in ("bs6207-assignment-2", "dl2020-assignment-2") else (),
    )
    for slug in texts.SLUGS
]
_MOST_LINES = 120


@pytest.fixture(scope="module", params=SOME)
def slug(request: pytest.FixtureRequest) -> str:
    """One assignment after the other: what is made of it is kept for the tests that follow."""
    return str(request.param)


@pytest.fixture(scope="module")
def marked(slug: str) -> texts.MarkedClass:
    """The class in its own order, one at a time."""
    return texts.mark(slug, REPLAY)


def hold(name: str, *, golden: str, now: str) -> None:
    """Fail with the difference, if there is one."""
    told = difference(name, golden=golden, now=now).splitlines()
    if told:
        more = len(told) - _MOST_LINES
        cut = [f"… and {more} more lines"] if more > 0 else []
        words = "if this is meant, `make goldens` writes it; see CONTRIBUTING"
        pytest.fail("\n".join([*told[:_MOST_LINES], *cut, "", words]), pytrace=False)


def test_marks(slug: str, marked: texts.MarkedClass) -> None:
    name = f"marks/{slug}.txt"
    hold(name, golden=read(name), now=texts.joined(texts.marks_by_submission(marked)))


@pytest.mark.parametrize("slug", ONE, indirect=True)
@pytest.mark.parametrize(("order", "workers"), RUNS)
def test_marks_in_another_order(slug: str, order: int, workers: int) -> None:
    name = f"marks/{slug}.txt"
    again = texts.mark(slug, REPLAY, order=order, workers=workers)
    hold(name, golden=read(name), now=texts.joined(texts.marks_by_submission(again)))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_marks_when_all_code_is_run_again(slug: str, workers: int) -> None:
    name = f"marks/{slug}.txt"
    again = texts.mark(slug, SANDBOX, workers=workers)
    hold(name, golden=read(name), now=texts.joined(texts.marks_by_submission(again)))


def test_details(slug: str, marked: texts.MarkedClass) -> None:
    name = f"details/{slug}.txt"
    hold(name, golden=read(name), now=texts.details(marked))


def test_check(slug: str, marked: texts.MarkedClass) -> None:
    name = f"check/{slug}.txt"
    hold(name, golden=read(name), now=texts.joined(texts.check_pages(marked, REPLAY)))


@pytest.mark.slow
def test_diagnostics() -> None:
    name = "diagnostics.txt"
    hold(name, golden=read(name), now=texts.joined(texts.diagnostics()))


@pytest.mark.slow
def test_audit(slug: str) -> None:
    name = "audit.txt"
    hold(f"{name} ({slug})", golden=texts.sections(read(name))[slug], now=texts.audit(slug))


def test_the_goldens_are_of_what_is_there() -> None:
    assert sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.txt")) == sorted(
        names()
    )
    assert list(texts.sections(read("audit.txt"))) == texts.SLUGS


@pytest.mark.parametrize("name", names())
def test_a_golden_holds_nothing_of_the_machine(name: str) -> None:
    text = read(name)
    for path in (ROOT, tempfile.gettempdir(), sys.prefix, sys.base_prefix):
        assert str(path) not in text
    assert "sandbox: " not in text.replace("sandbox: basic (no walls)", "")
