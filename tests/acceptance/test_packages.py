"""Homework in folders, with data of the course's, through the commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Grader = Callable[..., subprocess.CompletedProcess[str]]

SPEC = """\
schema: 1
slug: layers
title: Layers in a package
reference: layers
submission: {files: [net/layers.py, main.py]}
data: [train.csv, sets/]
limits: {wall_seconds: 5}
questions:
  - {id: relu, kind: function, call: relu(x), cases: [{x: 2}, {x: -2}]}
  - {id: step, kind: function, call: step(w), cases: [{w: 2}], tolerance: {rtol: 1e-9}}
  - {id: mean, kind: number, tolerance: {atol: 0.001}}
  - {id: draws, kind: array, expected: [1, 1], tolerance: {exact: true}}
"""
REFERENCE = """\
def relu(x, /): return max(x, 0)
def step(w, /): return w - 0.5
def mean(): return 2.5
"""
DATA = {"train.csv": "1,2\n3,4\n", "sets/small/b.csv": "0.5\n"}
WORK: Mapping[str, str] = {
    "net/__init__.py": "",
    "net/layers.py": "from .random import zero\ndef relu(x): return x if x > 0 else zero()\n",
    "net/random.py": "def zero(): return 0\n",
    "net/optim/adam.py": (
        "from pathlib import Path\n"
        "rate = float(Path('sets/small/b.csv').read_text())\n"
        "def step(w): return w - rate\n"
    ),
    "utils.py": "import numpy as np\ndef table(): return np.loadtxt('train.csv', delimiter=',')\n",
    "main.py": (
        "import random\n"
        "from net.optim.adam import step\n"
        "import utils\n"
        "mean = float(utils.table().mean())\n"
        "def draws(): return [int(random.random() < 1), 1]\n"
    ),
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    write(folder / "assignments" / "layers", {"assignment.yaml": SPEC, **DATA})
    write(folder / "reference", {"layers.py": REFERENCE})
    return folder


@pytest.mark.parametrize("top", ["", "homework1/", "layers-main/homework1/"])
def test_a_package_with_data_is_checked(
    grader: Grader, course: Path, tmp_path: Path, top: str
) -> None:
    write(tmp_path / "ann" / top, WORK)
    done = grader("check", course / "assignments" / "layers", cwd=tmp_path / "ann")
    assert (done.returncode, "points: 4 / 4" in done.stdout) == (0, True), done.stdout


def test_no_answer_is_found_in_the_courses_own_files(
    grader: Grader, course: Path, tmp_path: Path
) -> None:
    write(course, {"main.py": "x = 1\n"})
    done = grader("check", "layers", cwd=course)
    assert "points: 0 / 4" in done.stdout, done.stdout


def test_a_failure_names_the_file_in_its_folder_and_the_line(
    grader: Grader, course: Path, tmp_path: Path
) -> None:
    work = {**WORK, "net/random.py": "def zero():\n    return 1 / 0\n"}
    done = grader("check", course / "assignments" / "layers", write(tmp_path / "ann", work))
    assert "ZeroDivisionError was raised at line 2 of net/random.py" in done.stdout


def test_what_is_odd_about_a_tree_is_told_and_costs_nothing(
    grader: Grader, course: Path, tmp_path: Path
) -> None:
    odd = {
        "random.py": "raise SystemExit\n",
        "torch.py": "raise SystemExit\n",
        "conftest.py": "raise SystemExit\n",
        "sitecustomize.py": "raise SystemExit\n",
        "scripts/train.py": "while True: pass\n",
        "train.csv": "9,9\n9,9\n",
        "x.pth": "import os\n",
        "fast.so": "",
    }
    ann = write(tmp_path / "ann", {**WORK, **odd})
    os.mkfifo(ann / "net" / "pipe.py")
    (ann / "net" / "passwd.py").symlink_to("/etc/passwd")
    (ann / "loop").symlink_to(".")
    done = grader("check", course / "assignments" / "layers", ann)
    assert "points: 4 / 4" in done.stdout, done.stdout
    for words in (
        "random.py has the same name as a module of Python's own; `import random` gives",
        "torch.py has the same name as a library",
        "not run, as it is not part of an answer: conftest.py, sitecustomize.py",
        "train.csv is provided by the assignment; yours was not used",
        "x.pth",
        "not read, as compiled code is never run: fast.so",
        "net/pipe.py was left out: it cannot be read as a file",
        "loop, net/passwd.py",
    ):
        assert words in " ".join(done.stdout.split()), words
    assert "root:" not in done.stdout


@pytest.mark.slow
def test_a_class_of_packages_is_graded_alike_every_time(
    grader: Grader, course: Path, tmp_path: Path
) -> None:
    write(tmp_path / "class" / "ann", WORK)
    write(tmp_path / "class" / "bob" / "hw", WORK)
    write(tmp_path / "class" / "cy", {"main.py": "def relu(x): return x\n"})
    results = []
    for name in ("one.json", "two.json"):
        done = grader(
            *("grade", course / "assignments" / "layers", tmp_path / "class"),
            *("--results", tmp_path / name),
        )
        assert done.returncode == 0, done.stderr
        results.append((tmp_path / name).read_bytes())
    assert results[0] == results[1]
    data = json.loads(results[0])
    scores = {item["id"]: item["score"] for item in data["submissions"]}
    assert scores["ann"] == scores["bob"] == 4
    assert scores["cy"] < 4


def test_the_data_must_be_there(grader: Grader, course: Path, tmp_path: Path) -> None:
    shutil.rmtree(course / "assignments" / "layers" / "sets")
    done = grader("check", course / "assignments" / "layers", write(tmp_path / "ann", WORK))
    assert "error[S218]: there is no file or folder sets/ beside the spec" in done.stderr
