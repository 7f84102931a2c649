"""`grader release`, and `grader check` with what it wrote."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUG = "ecs289-homework"
EXAMPLE = ROOT / "examples" / "submissions" / SLUG / "all-correct"
Grader = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def released(grader: Grader, tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    done = grader("release", SLUG, "--to", folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_a_release_holds_what_students_need_and_checks_without_the_key(
    grader: Grader, released: Path, tmp_path: Path
) -> None:
    names = {path.name for path in released.iterdir()}
    assert names == {
        *("handout.md", "starter.py", "answers.yaml", "release.json"),
        *("three_steps.py", "provided.py"),
    }
    spec = (ROOT / "assignments" / SLUG / "assignment.yaml").read_text(encoding="utf-8")
    secret = re.findall(r"^  - id: ([\w-]+-[\w-]+)$", spec, re.MULTILINE)
    assert "heavy-ball" in secret
    text = "".join(path.read_text(encoding="utf-8") for path in released.iterdir())
    assert not [name for name in (*secret, "1f05575aeb05e3098a99c35bac29df30") if name in text]
    for name in ("answers.yaml", "optimizers.py", "contour.png"):
        shutil.copy(EXAMPLE / name, released / name)
    alone = tmp_path / "elsewhere" / "work"  # no course around it
    shutil.copytree(released, alone)
    done = grader("check", ".", cwd=alone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "13 of 13 are in the form asked for." in done.stdout
    assert "points" not in done.stdout.replace("sgd_points", "").replace("nesterov_points", "")
    assert re.search(r"^  edition: [0-9a-f]{16}$", done.stdout, re.MULTILINE)
    one = grader("check", "-q", "adam", cwd=alone)
    assert "  ✓ adam  in the form asked for\n" in one.stdout
    assert "gradient_formulas" not in one.stdout
    by_file = grader("check", "optimizers.py", "-q", "adam", cwd=alone)
    assert "  ✓ adam  in the form asked for\n" in by_file.stdout
    told = grader("check", alone / "answers.yaml", cwd=tmp_path).stderr
    assert "name the assignment first, then your files" in told
    module = (alone / "optimizers.py").rename(alone / "kept.txt")
    begun = grader("check", ".", cwd=alone).stdout
    assert "note: starter.py is not looked at: copy it to optimizers.py, and write there" in begun
    (alone / "answers.yaml").unlink()
    for name in ("contour.png", module.name):
        (alone / name).unlink()
    assert "copy it to optimizers.py" in grader("check", ".", cwd=alone).stdout
    again = grader("release", SLUG, "--to", released)
    assert (again.returncode, "not written over" in again.stderr) == (2, True)


@pytest.mark.parametrize("level", ["public", "format"])
def test_the_policy_says_what_is_told_where_the_key_is_at_hand(
    level: str, grader: Grader, tmp_path: Path
) -> None:
    course = tmp_path / "course"
    course.mkdir()
    grader("new", "week-1", cwd=course)
    spec = course / "assignments" / "week-1" / "assignment.yaml"
    text = spec.read_text(encoding="utf-8").replace(
        "- {x: 3, y: -2}", "- {inputs: {x: 3, y: -2}, public: true}"
    )
    spec.write_text(f"{text}policy: {{self_check: {level}}}\n", encoding="utf-8")
    wrong = course / "examples" / "submissions" / "week-1" / "no-mixed-term"
    done = grader("check", "week-1", wrong, cwd=course)
    assert done.returncode == 0
    assert "✗" not in done.stdout
    assert "Look at the term xy" not in done.stdout
    assert ("public case" in done.stdout) == (level == "public")
    assert "2.4" not in done.stdout  # the first number of the key


def test_where_nothing_is_written_yet_it_says_what_is_asked(grader: Grader, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = grader("check", SLUG, empty, "-q", "sgd_points")
    assert done.returncode == 0
    assert "no file found here; wanted: answers.yaml and optimizers.py" in done.stdout
    assert "form: a list of three pairs of numbers, each to two decimals" in done.stdout
    assert "3.55" not in done.stdout
    (empty / "answers.yaml").write_text(grader("sheet", SLUG).stdout, encoding="utf-8")
    untouched = grader("check", SLUG, empty, "-q", "sgd_points").stdout
    assert "  there is no answer yet in answers.yaml\n  also wanted: optimizers.py\n" in untouched
    assert "form: a list of three pairs of numbers, each to two decimals" in untouched
    begun = "sgd_points: [[1, 2]]\n"
    (empty / "answers.yaml").write_text(begun, encoding="utf-8")
    assert "no answer yet" not in grader("check", SLUG, empty, "-q", "sgd_points").stdout
    unknown = grader("check", SLUG, empty, "-q", "sgd_point")
    assert (unknown.returncode, "did you mean 'sgd_points'" in unknown.stderr) == (2, True)


def test_a_release_that_lacks_a_file_is_told(grader: Grader, released: Path) -> None:
    (released / "three_steps.py").unlink()
    done = grader("check", released, cwd=released)
    assert (done.returncode, "three_steps.py is missing" in done.stderr) == (2, True)
    (released / "release.json").write_text('{"release": 9}', encoding="utf-8")
    done = grader("check", ".", cwd=released)
    assert (done.returncode, "another version" in done.stderr) == (2, True)


def test_a_release_without_a_handout_says_so(grader: Grader, tmp_path: Path) -> None:
    place = tmp_path / "sum"
    place.mkdir()
    (place / "assignment.yaml").write_text(
        "schema: 1\nslug: sum\ntitle: A sum\nsubmission: {files: [answers.yaml]}\n"
        "questions: [{id: total, kind: number, prompt: 1 + 1, expected: 2}]\n",
        encoding="utf-8",
    )
    done = grader("release", "sum", "--to", "out", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == (
        "note: there is no handout.md beside the spec: students read the prompts alone\n"
    )
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"answers.yaml", "release.json"}
    sheet = grader("sheet", "out", cwd=tmp_path)
    assert sheet.stdout == (tmp_path / "out" / "answers.yaml").read_text(encoding="utf-8")
