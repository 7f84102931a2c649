"""A class of which the machine spoilt one: that one is held and counted, and the others marked."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.sandbox.processes import below, until, with_umask

ROOT = Path(__file__).parents[3]
SLUG = "ecs289-homework"
MARK = 0o123
LIMITS = "wall_seconds: 1, submission_seconds: 3"
PATIENT = "wall_seconds: 60, submission_seconds: 120"


def test_what_is_held_is_counted_and_ends_with_exit_code_4(tmp_path: Path, tier: str) -> None:
    (tmp_path / "reference").symlink_to(ROOT / "reference")
    shutil.copytree(ROOT / "assignments" / SLUG, tmp_path / "assignments" / SLUG)
    spec = tmp_path / "assignments" / SLUG / "assignment.yaml"
    text = spec.read_text(encoding="utf-8")
    assert LIMITS in text
    spec.write_text(text.replace(LIMITS, PATIENT), encoding="utf-8")
    for student, source in (
        ("amber", f"import os, time\nos.umask({MARK})\ntime.sleep(50)\n"),
        ("birch", ""),
    ):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "optimizers.py").write_text(source, encoding="utf-8")
    command = ["grade", SLUG, "class", "--results", "results.json", "-j", "4"]
    running = subprocess.Popen(
        [sys.executable, "-m", "grader", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(2):
            assert until(lambda: with_umask(below(running.pid), MARK), 60)
            seen = with_umask(below(running.pid), MARK)
            for pid, _start in seen:
                os.kill(pid, signal.SIGKILL)
            assert until(lambda seen=seen: not seen & below(running.pid), 20)  # type: ignore[misc]  # a default of a lambda
        _, said = running.communicate(timeout=120)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode == 4, (tier, said)
    assert "not everything could be marked: amber" in said
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    amber, birch = results["submissions"]
    held = amber["questions"]
    assert {item["verdict"] for item in held} == {"grader_error"}
    assert {item["reason"] for item in held} == {"machine_memory"}
    assert {item["score"] for item in held} == {None}
    assert "grader_error" not in {item["verdict"] for item in birch["questions"]}
    told = str(held[0]["feedback"])
    assert "through no fault of yours" in told
    assert "from outside" not in told  # that is for staff
    assert "ended from outside" in json.dumps(held[0]["staff"])
