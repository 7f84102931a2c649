"""The authors' first pages are followed as they stand: the walk-through, and the recipes."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.report.words import tier_line
from grader.spec.yaml_reader import read_yaml
from tests.acceptance.walk import Command, blocks, follow
from tests.acceptance.warm import Warm

ROOT = Path(__file__).resolve().parents[2]
AUTHORS = ROOT / "docs" / "authors"
SANDBOX = "GRADER_SANDBOX"
RECIPES = (AUTHORS / "recipes.md").read_text(encoding="utf-8")
KINDS = re.findall(r"^## (.*)$", RECIPES, re.MULTILINE)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the files of all recipes."""
    folder = tmp_path_factory.mktemp("recipes")
    assert list(follow(RECIPES, folder)) == []
    return folder


def run(command: str, folder: Path, warm: Warm) -> tuple[int, str]:
    """With no variable but the one that says that there are no walls, where there are none."""
    environment = {name: os.environ[name] for name in (SANDBOX,) if name in os.environ}
    done = warm.run(shlex.split(command), cwd=folder, environment=environment)
    return done.returncode, done.stderr + done.stdout


@pytest.mark.slow
def test_the_walk_through_comes_out_as_it_says(empty: Path, warm: Warm, tier: str) -> None:
    text = (AUTHORS / "first-assignment.md").read_text(encoding="utf-8")
    ran: list[Command] = []
    for command in follow(text, empty):
        code, printed = run(command.arguments, empty, warm)
        assert code in (0, 3)
        said = command.said.replace(tier_line("full"), tier_line(tier))
        if said:
            assert re.sub(r"warning: the sandbox is basic:.*\n(?:  .*\n)+", "", printed) == said
        ran.append(command)
    assert len(ran) == 9
    written = (empty / "examples/submissions/decay/expected.yaml").read_text(encoding="utf-8")
    shown = [text for language, text in blocks(text) if language == "yaml"]
    assert any(written.startswith(block) for block in shown if "default:" in block)


def test_the_page_names_seven_kinds_of_homework(recipes: Path) -> None:
    slugs = [path.name for path in (recipes / "assignments").iterdir()]
    assert len(KINDS) == len(slugs) == 7
    for slug in slugs:
        prepared = prepare(recipes / "assignments" / slug)
        assert prepared.warnings == ()
        assert not prepared.key.problems


@pytest.mark.slow
def test_the_right_answer_of_every_recipe_is_right(recipes: Path, warm: Warm) -> None:
    """The examples of a recipe are only the right one, so each question is told to be failed by
    none; nothing else is wrong."""
    code, printed = run("verify --examples assignments", recipes, warm)
    assert code == 3
    assert set(re.findall(r"error\[(\w+)\]", printed)) == {"S403"}
    for path in recipes.glob("examples/submissions/*/expected.yaml"):
        words = [entry for label in read_yaml(path).data.values() for entry in label.values()]
        assert {tuple(map(str, word)) for word in words} == {("correct", "full")}, path
