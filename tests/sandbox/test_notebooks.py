"""Real notebooks, marked behind the walls of every tier."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import grader
from grader.course.options import RunOptions
from grader.model.verdict import Verdict
from grader.sandbox.contract import Sandbox

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "tests" / "notebooks"
SLUG = "ecs289-homework"


@pytest.mark.slow
def test_a_notebook_earns_what_its_module_and_sheet_earn(sandbox: Sandbox, tmp_path: Path) -> None:
    prepared = grader.load(ROOT / "assignments" / SLUG)
    for name in ("jupyter", "version-3", "colab", "vscode"):
        (tmp_path / name).mkdir()
        shutil.copy(REAL / f"{name}.ipynb", tmp_path / name / "my homework.ipynb")
    (tmp_path / "exported").mkdir()
    shutil.copy(REAL / "exported.txt", tmp_path / "exported" / "optimizers.py")
    shutil.copytree(ROOT / "examples" / "submissions" / SLUG / "all-correct", tmp_path / "module")
    graded = grader.grade(
        prepared, grader.find(prepared, [tmp_path]), sandbox, RunOptions(watched=False)
    )
    by_name = {one.submission: one for one in graded.submissions}
    assert len(by_name) == 6
    module = by_name.pop("module")
    for name, one in by_name.items():
        verdicts = [outcome.verdict for outcome in one.outcomes]
        expected = [outcome.verdict for outcome in module.outcomes]
        if name == "exported":  # a script has no pictures
            expected[6] = Verdict.MISSING
        assert verdicts == expected, name
        places = "\n".join(note.text for note in one.notes)
        assert ("line 52: ZeroDivisionError" if name == "exported" else "cell 8, line 1") in places
