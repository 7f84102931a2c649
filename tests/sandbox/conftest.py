"""Every tier of the sandbox answers to the same tests: they know its contract and nothing else."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Response
from grader.sandbox.contract import Job, JobResult, Sandbox
from grader.sandbox.walls import TIERS
from tests import tiers

# Long enough for a busy machine, short enough for what is meant to run into them.
LIMITS = Limits(
    wall_seconds=3, submission_seconds=30, memory_mib=256, output_kib=64, file_mib=1, cpu_seconds=20
)


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[[str], Sandbox]]:
    """One sandbox of each tier that a test asks for, as `grader` would choose it."""
    sandboxes: dict[str, Sandbox] = {}

    def kept(tier: str) -> Sandbox:
        if tier not in sandboxes:
            sandboxes[tier] = tiers.opened(tier)
        return sandboxes[tier]

    yield kept
    for sandbox in sandboxes.values():
        sandbox.close()


@contextlib.contextmanager
def _held(folder: Path, how: int) -> Iterator[None]:
    """A lock that all processes of this run of the tests share."""
    with (folder / "machine.lock").open("w") as stream:
        fcntl.flock(stream, how)
        yield


@pytest.fixture
def machine_to_itself(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody uses `machine_with_others` meanwhile: this test looks at what the machine shares.

    That is shared memory, queues and keys; other tests that run at the same time are seen there.
    """
    with _held(_of_all_workers(tmp_path_factory), fcntl.LOCK_EX):
        yield


@pytest.fixture
def machine_with_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """This test may leave its traces, for a while, in what the machine shares."""
    with _held(_of_all_workers(tmp_path_factory), fcntl.LOCK_SH):
        yield


def _of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is one for all: each worker has its own below it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(params=TIERS)
def sandbox(request: pytest.FixtureRequest, opened: Callable[[str], Sandbox]) -> Sandbox:
    return opened(request.param)


@pytest.fixture(params=TIERS)
def fresh(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox for one test, which may break it."""
    sandbox = tiers.opened(request.param)
    yield sandbox
    sandbox.close()


@pytest.fixture
def run(sandbox: Sandbox) -> Callable[..., JobResult]:
    """Run calls on files: `run(source or {name: source}, call, …, limit=…)`."""

    def run(
        files: Any,
        *calls: Call,
        provided: str = "",
        seed: int = 0,
        at_start: tuple[str, ...] | None = None,
        packages: Mapping[str, str] | None = None,
        **limits: Any,
    ) -> JobResult:
        named = files if isinstance(files, dict) else {"answers.py": files}
        sources = {
            name: source.encode() if isinstance(source, str) else source
            for name, source in named.items()
        }
        job = Job(
            files=sources,
            provided=provided,
            calls=calls,
            limits=replace(LIMITS, **limits),
            seed=seed,
            at_start=at_start,
            packages=packages or {},
        )
        return sandbox.run(job)

    return run


@pytest.fixture
def ask(run: Callable[..., JobResult]) -> Callable[..., Response]:
    """What came of calling `f` with these arguments: `ask(source, argument, …, limit=…)`."""

    def ask(files: Any, *arguments: Any, **limits: Any) -> Response:
        call = Call(id="only", group="only", entry="f", arguments=arguments)
        return run(files, call, **limits).responses["only"]

    return ask
