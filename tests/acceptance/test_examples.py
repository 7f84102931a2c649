"""The five homeworks: every example gets the verdict and the score that expected.yaml states."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.parent.name for path in ROOT.glob("assignments/*/assignment.yaml"))
LABELS = {"as-submitted", "all-correct", "raises", "endless", "exits", "missing", "empty"}
Grader = Callable[..., subprocess.CompletedProcess[str]]


def test_the_five_homeworks_are_there() -> None:
    assert SLUGS == [
        "bs6207-assignment-2",
        "dl2020-assignment-2",
        "dl2022-exercise-3",
        "ecs289-homework",
        "sigmoid-chain-exercise-3",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_every_example_gets_what_it_must(slug: str, grader: Grader) -> None:
    done = grader("verify", slug)
    assert done.stderr == ""
    assert done.stdout.startswith(f"✓ {slug}: ")
    assert done.returncode == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_every_assignment_has_the_labels_that_show_failures(slug: str) -> None:
    examples = ROOT / "examples" / "submissions" / slug
    labels = {path.name for path in examples.iterdir() if path.is_dir()}
    assert labels >= LABELS
    assert labels - LABELS, "at least one label that fails questions in a telling way"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_is_named_in_the_handout(slug: str) -> None:
    from grader.spec.load import load_assignment

    handout = (ROOT / "assignments" / slug / "handout.md").read_text(encoding="utf-8")
    for question in load_assignment(ROOT / "assignments" / slug).assignment.questions:
        assert question.id in handout or question.entry in handout, question.id
