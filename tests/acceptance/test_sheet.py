"""`grader sheet`: written once, and never over what is there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Grader = Callable[..., subprocess.CompletedProcess[str]]
SLUG = "sigmoid-chain-exercise-3"


def test_a_sheet_is_written_once_and_then_left_alone(grader: Grader, checkout: Path) -> None:
    done = grader("sheet", SLUG, "-o", "answers.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    sheet = checkout / "answers.yaml"
    assert "\nsigma_prime_max:\n" in sheet.read_text(encoding="utf-8")
    sheet.write_text("sigma_prime_max: 0.25\n", encoding="utf-8")
    done = grader("sheet", SLUG, "-o", "answers.yaml")
    assert done.returncode == 2
    assert "answers.yaml is there already, and is not written over" in done.stderr
    assert sheet.read_text(encoding="utf-8") == "sigma_prime_max: 0.25\n"
