"""Every tier of the sandbox answers to the same tests: they know its contract and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Response
from grader.sandbox.contract import Job, JobResult, Sandbox
from grader.sandbox.plain import PlainSandbox

TIERS: Mapping[str, Callable[[], Sandbox]] = {"basic": PlainSandbox}

# Long enough for a busy machine, short enough for what is meant to run into them.
LIMITS = Limits(
    wall_seconds=3, submission_seconds=30, memory_mib=256, output_kib=64, file_mib=1, cpu_seconds=20
)


@pytest.fixture(params=TIERS)
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return TIERS[request.param]()


@pytest.fixture
def run(sandbox: Sandbox) -> Callable[..., JobResult]:
    """Run calls on files: `run(source or {name: source}, call, …, limit=…)`."""

    def run(
        files: Any, *calls: Call, provided: str = "", seed: int = 0, **limits: Any
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
