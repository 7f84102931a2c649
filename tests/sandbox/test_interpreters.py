"""A student's code runs under any CPython from 3.9 on, also where there is no numpy."""

from __future__ import annotations

import contextlib
import functools
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.model.assignment import Limits
from grader.sandbox.contract import Job, Sandbox, SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import BASIC, TIERS
from tests.build import call_of
from tests.tiers import opened

VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
SOURCE = b"""
import sys
from helper import TWO
print('x')
h = [0.410, -2]

def f(x): return [TWO * x, {'a': 1.5}]

def bad():
    return 1 / 0

def version(): return list(sys.version_info[:2])

def big(): return 'x' * 10**7
"""


def _interpreter(version: str) -> str:
    """The interpreter's own file: a link or a launcher of this name may start another one."""
    found = shutil.which(f"python{version}")
    if found is not None:
        said = subprocess.run(
            [found, "-c", "import sys; print(sys.implementation.name, sys.executable)"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        name, _, executable = said.stdout.strip().partition(" ")
        if said.returncode == 0 and name == "cpython":
            return executable
    pytest.skip(f"there is no CPython {version} on the PATH of this machine")


@pytest.fixture(params=TIERS)
def behind(request: pytest.FixtureRequest, version: str) -> Iterator[Sandbox]:
    sandbox = opened(request.param, python=_interpreter(version))
    yield sandbox
    sandbox.close()


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_code_runs_under_another_interpreter(behind: Sandbox, version: str) -> None:
    calls = (
        call_of("version"),
        call_of("f", 21, repeat=True, look_back=True),
        call_of("h", mode="value", digits=True),
        call_of("bad"),
        call_of("big"),
    )
    files = {"a.py": SOURCE, "helper.py": b"TWO = 2\n"}
    result = behind.run(Job(files=files, provided="", calls=calls, limits=Limits()))
    answers = result.responses
    assert answers["version"].value == [int(part) for part in version.split(".")]
    assert answers["f"].value == [42, {"a": 1.5}]
    assert answers["f"].again is not None
    assert answers["f"].again.value == [42, {"a": 1.5}]
    assert [number.text for number in answers["h"].value] == ["0.410", "-2"]
    assert (answers["bad"].failure and answers["bad"].failure.line) == 10
    assert answers["big"].failure is not None
    assert answers["big"].failure.reason == "output_limit"
    assert result.printed == "x\n"


def test_what_is_no_interpreter_is_said(tmp_path: Path) -> None:
    lies = tmp_path / "python"
    lies.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    lies.chmod(0o755)
    job = Job(files={"a.py": b""}, provided="", calls=(), limits=Limits())
    for path in (str(lies), str(tmp_path / "gone"), str(tmp_path)):
        sandbox = ForkSandbox(BASIC, python=path)
        with pytest.raises(SandboxFault, match="interpreter"):
            sandbox.run(job)
        sandbox.close()


@pytest.fixture(scope="module")
def with_numpy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """A course's own environment: an interpreter of this version that has numpy, made once."""

    @functools.cache
    def made(version: str) -> str:
        folder = tmp_path_factory.mktemp("course") / version
        python = str(folder / "bin" / "python")
        steps = (
            [_interpreter(version), "-m", "venv", str(folder)],
            [python, "-m", "pip", "install", "--quiet", "numpy"],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode != 0:
                pytest.skip(f"no environment with numpy can be made: {done.stderr[-300:]}")
        return python

    return made


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_course_has_packages_of_its_own(
    with_numpy: Callable[[str], str], version: str, tier: str
) -> None:
    python = with_numpy(version)
    source = (
        b"import sys\nimport numpy as np\nimport numpy.polynomial\n"
        b"def f(x): return np.linalg.svd(x)[1]\n"
        b"def where(): return [list(sys.version_info[:2]), 'grader' in sys.modules]\n"
        b"def has():\n    import grader\n"
    )
    calls = (
        call_of("f", 2 * np.eye(3)),
        call_of("where"),
        call_of("has"),
    )
    with contextlib.closing(opened(tier, python=python)) as sandbox:
        files = {"answers.py": source}
        job = Job(files=files, provided="", calls=calls, limits=Limits(), preload=("numpy.ma",))
        answers = sandbox.run(job).responses
    assert answers["f"].failure is None
    assert answers["f"].value.tolist() == [2, 2, 2]
    assert answers["where"].value == [[int(part) for part in version.split(".")], False]
    assert (answers["has"].failure and answers["has"].failure.exception) == "ModuleNotFoundError"
