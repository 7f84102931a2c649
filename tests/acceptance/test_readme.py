"""Every command in the README and the guides works as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tiers import WITH_WALLS, missing

ROOT = Path(__file__).resolve().parents[2]
Grader = Callable[..., subprocess.CompletedProcess[str]]
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for block in _BLOCK.findall(text) for line in block.splitlines() if line.strip()]


def grader_commands(name: str) -> list[str]:
    return [line for line in commands(name) if line.startswith("grader ")]


def expanded(word: str, folder: Path) -> list[str]:
    if "*" not in word:
        return [word]
    return sorted(str(path.relative_to(folder)) for path in folder.glob(word))


@pytest.mark.slow
@pytest.mark.parametrize("line", grader_commands("README.md"))
def test_a_command_of_the_readme_runs(line: str, grader: Grader, checkout: Path, tier: str) -> None:
    if tier == "basic" and ("doctor" in line or "--sandbox" in line):
        missing(*WITH_WALLS, why="the best here is basic")
    words = [item for word in shlex.split(line)[1:] for item in expanded(word, checkout)]
    done = grader(*words)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_the_make_commands_of_the_readme_are_run_by_ci() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    make = [line for line in commands("README.md") if line.startswith("make ")]
    assert make == ["make demo", "make test"]
    assert set(make) <= set(ci)


def test_there_is_no_other_command_in_the_readme() -> None:
    assert all(line.startswith(("grader ", "make ")) for line in commands("README.md"))


@pytest.mark.slow
def test_the_workflow_marks_a_submission_as_it_says(
    grader: Grader, checkout: Path, tier: str
) -> None:
    if tier == "basic":
        missing(*WITH_WALLS, why="the best here is basic")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    workflow: dict[str, Any] = next(
        document for document in map(yaml.safe_load, blocks) if document.get("name") == "grade"
    )
    steps = workflow["jobs"]["grade"]["steps"]
    run = [step["run"] for step in steps if "run" in step]
    places = [step["with"]["path"] for step in steps if "path" in step.get("with", {})]
    assert places == ["submission", "course"]
    (checkout / "course").symlink_to(ROOT)
    example = ROOT / "examples" / "submissions" / "ecs289-homework"
    command = shlex.split(run[-1])
    assert command[:2] == ["grader", "grade"]
    for label, code in (("all-correct", 0), ("empty", 1)):
        (checkout / "submission").unlink(missing_ok=True)
        (checkout / "submission").symlink_to(example / label)
        done = grader(*command[1:])
        assert done.returncode == code, done.stderr
        assert (checkout / "report.xml").exists()


def test_no_workflow_that_students_could_change_is_given_a_secret() -> None:
    """Who can push to a repository can have its workflows print their secrets."""
    for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md")):
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            if "secrets." not in block:
                continue
            started_by = yaml.safe_load(block)[True]  # YAML 1.1 reads `on` as true
            assert set(started_by) <= {"workflow_dispatch", "workflow_call", "schedule"}, page.name


def test_every_link_of_the_documents_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    for page in pages:
        text = re.sub(
            r"`[^`\n]+`", "", page.read_text(encoding="utf-8")
        )  # what is typed is no link
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
