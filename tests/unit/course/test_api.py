"""The Python API: what is in `grader.__all__`, and nothing of it before it is used."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import grader
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "integrators" / "python.md"
SLUG = "sigmoid-chain-exercise-3"
#: what calls give, and what is read of it is in their docstrings
RESULTS = ("Audit", "Comparison", "Prepared", "Verified")


@pytest.mark.parametrize("name", grader.__all__)
def test_every_name_of_the_api_is_there_and_in_the_guide(name: str) -> None:
    assert getattr(grader, name).__name__ == name.removesuffix("_assignment").removesuffix(
        "_responses"
    )
    assert name in GUIDE.read_text(encoding="utf-8") or name in RESULTS


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gradeall'"):
        grader.gradeall  # noqa: B018 - the access is what is tried


@pytest.mark.processes
def test_importing_the_api_imports_no_numpy() -> None:
    code = "import sys, grader; sys.exit('numpy' in sys.modules or 'yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_room_of_the_same_name_hides_no_function() -> None:
    import grader.compare
    import grader.judge.submission

    assert callable(grader.compare)
    assert callable(grader.judge_responses)


@pytest.mark.parametrize("name", ["LoadOptions", "RunOptions", "VerifyOptions", "RenderOptions"])
def test_options_are_frozen_and_have_defaults(name: str) -> None:
    options = getattr(grader, name)()
    field = dataclasses.fields(options)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(options, field, None)


@pytest.mark.parametrize("tier", ["", "Full", "continer", "none"])
def test_a_sandbox_of_another_name_is_refused(tier: Any) -> None:
    """A misspelt tier must not mean walls that nobody asked for."""
    known = "there are auto, full, container, basic"
    with pytest.raises(ValueError, match=known), grader.open_sandbox(tier):
        pytest.fail("it was opened")


@pytest.mark.slow
@pytest.mark.processes
def test_the_example_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the sandbox that every machine has: which one is taken is not what is shown."""
    example = re.findall(r"```python\n(import grader\n.*?)```", GUIDE.read_text("utf-8"), re.S)
    code = example[0].replace("open_sandbox()", "open_sandbox('basic')")
    monkeypatch.chdir(ROOT)
    said = io.StringIO()
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(said):
        exec(compile(code, str(GUIDE), "exec"), scope)
    assert said.getvalue().startswith("all-correct ")
    assert list(scope["files"]) == ["results.json"]


@pytest.mark.processes
def test_what_was_collected_is_judged_alone() -> None:
    assignment = grader.load(ROOT / "assignments" / SLUG)
    submissions = grader.find(assignment, [ROOT / "examples" / "submissions" / SLUG])
    right = next(one for one in submissions if one.id == "all-correct")
    collected = grader.collect_responses(assignment, right, SANDBOX)
    judged = grader.judge_responses(assignment, collected.responses)
    scored = [one for one in judged.outcomes if one.score is not None]
    assert sum(one.score or Fraction(0) for one in scored) == sum(one.max_score for one in scored)


def test_limits_of_the_caller_stand_in_the_place_of_the_assignments() -> None:
    options = grader.LoadOptions(limits={"wall_seconds": 0.5})
    assert grader.load(ROOT / "assignments" / SLUG, options).assignment.limits.wall_seconds == 0.5


@pytest.mark.processes
def test_verify_tells_what_is_wrong_with_a_spec() -> None:
    verified = grader.verify(ROOT / "tests" / "specs" / "invalid" / "s102-misspelt-keys", SANDBOX)
    assert verified.slug == "s102-misspelt-keys"
    assert verified.diagnostics
    assert verified.audit is None
