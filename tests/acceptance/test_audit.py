"""`grader verify --audit`: the five homeworks pass, and what is taken out of one is missed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.parent.name for path in ROOT.glob("assignments/*/assignment.yaml"))
QUICK = "sigmoid-chain-exercise-3"
SKIP = "dl2022-exercise-3"
Grader = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_a_homework_has_no_holes(slug: str, grader: Grader) -> None:
    done = grader("verify", "--audit", slug)
    assert done.stderr == ""
    assert done.stdout.endswith(f"✓ {slug}: no holes\n")
    assert done.returncode == 0


def changed(checkout: Path, slug: str, *changes: tuple[str, str]) -> Path:
    """A copy of an assignment, with its reference and examples, in which some text is another."""
    for name in ("assignments", "reference", "examples"):
        (checkout / name).unlink()
        shutil.copytree(ROOT / name, checkout / name)
    spec = checkout / "assignments" / slug / "assignment.yaml"
    text = spec.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    spec.write_text(text, encoding="utf-8")
    return checkout


@pytest.mark.slow
def test_a_looser_tolerance_is_a_hole(checkout: Path, grader: Grader) -> None:
    before = "learning_rate: 0.1}\n    tolerance: "
    changed(checkout, SKIP, (before + "{decimals: 3}", before + "{decimals: 1}"))
    done = grader("verify", "--audit", SKIP)
    assert done.returncode == 1
    assert "✗ step_elsewhere (loss): the mistake relu-for-its-slope passes" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"✗ {SKIP}: ")


@pytest.mark.slow
def test_without_audit_the_same_passes(checkout: Path, grader: Grader) -> None:
    changed(checkout, QUICK, ("tolerance: {atol: 0.001}", "tolerance: {atol: 0.4}"))
    done = grader("verify", QUICK)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.slow
def test_an_explanation_of_no_mutant_is_a_hole(checkout: Path, grader: Grader) -> None:
    changed(checkout, QUICK, ("`z` → `-z`", "`z` → `--z`"))
    done = grader("verify", "--audit", QUICK)
    assert done.returncode == 1
    assert "`z` → `--z` in 'sigma_prime' explains no mutant that passes" in done.stdout
    assert str(checkout) not in done.stdout


@pytest.mark.slow
def test_a_dropped_case_is_missed(checkout: Path, grader: Grader) -> None:
    slug = "ecs289-homework"
    spec = (ROOT / "assignments" / slug / "assignment.yaml").read_text(encoding="utf-8")
    start = spec.index("      # Only beside gradients as small as this")
    case = spec[start : spec.index("      - random:\n          w:", start)]
    changed(checkout, slug, (case, ""))
    done = grader("verify", "--audit", slug)
    assert done.returncode == 1
    assert "`1e-08` → `2e-08`" in done.stdout
    assert "in adam: no question notices" in done.stdout


def test_a_problem_of_the_spec_is_told_before_any_audit(checkout: Path, grader: Grader) -> None:
    changed(checkout, QUICK, ("expected: 0.25", "expected: 0.26"))
    done = grader("verify", "--audit", QUICK)
    assert done.returncode == 3
    assert "S307" in done.stderr
    assert "tolerances" not in done.stdout
