"""Settings for all tests, the walls that the commands take in them, and what starts processes."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import processes, terse
from tests.tiers import VARIABLE, missing, required

# A busy machine is no failure: no test here asserts how long something takes.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("grader", _PATIENT, max_examples=12)
settings.register_profile("fast", _PATIENT, max_examples=6)  # of `make fast`
settings.register_profile("thorough", _PATIENT, max_examples=100)  # of `make slow`
settings.load_profile("grader")


#: The best walls are tried in every run; the other tiers with the slow tests.
_LATER = ("container", "basic")
_SANDBOX = Path(__file__).parent / "sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """A name that is no tier would require nothing, and nobody would see it."""
    try:
        required()
    except ValueError as fault:
        raise pytest.UsageError(str(fault)) from None
    processes.watch()
    if terse.wanted(config):
        config.pluginmanager.register(terse.Terse())


def pytest_report_header() -> str:
    return f"tiers that have to work: {', '.join(sorted(required())) or 'none'} ({VARIABLE})"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if processes.may_start(item):
            item.add_marker("processes")
        given = getattr(getattr(item, "callspec", None), "params", {}).values()
        tier = any(isinstance(value, str) and value in _LATER for value in given)
        if tier and item.path.is_relative_to(_SANDBOX):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: Python need not look through it for what may be freed.

    There are ten thousand tests; looking through them again and again took a fifth of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that is not marked `processes` fails when it starts one, in every run."""
    with processes.allowed(item.get_closest_marker("processes") is not None):
        return (yield)


@pytest.fixture(scope="session")
def doctor() -> Any:
    """What `grader doctor --json` says of this machine; it is asked once."""
    asked = subprocess.run(
        [sys.executable, "-m", "grader", "doctor", "--json"],
        capture_output=True,
        check=False,
        timeout=300,
    )
    return json.loads(asked.stdout)


@pytest.fixture(scope="session")
def tier(doctor: Any) -> Iterator[str]:
    """The best walls of this machine. Where there are none, commands are told to do without."""
    for item in doctor["tiers"]:
        if item["tier"] in required() and not item["works"]:
            missing(item["tier"], why=item["why"])
    best = str(doctor["tier"])
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GRADER_SANDBOX", raising=False)
        if best == "basic":
            patch.setenv("GRADER_SANDBOX", "basic")
        yield best
