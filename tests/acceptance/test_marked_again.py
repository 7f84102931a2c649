"""Marking the five homeworks again after an edit gives the bytes of a first run now."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.yaml"))
Grader = Callable[..., subprocess.CompletedProcess[str]]


def _points(spec: str) -> str:
    return re.sub(r"^    points: (\d+)$", r"    points: \g<1>0", spec, count=1, flags=re.MULTILINE)


def _credit(spec: str) -> str:
    return re.sub(r"credit: [0-9.]+", "credit: 0.125", spec)


def _without_mistakes(spec: str) -> str:
    """Without the last of them, which the spec ends with."""
    before, found, last = spec.rpartition("\n  - id: ")
    return before + "\n" if found and last and "\nmistakes:" in before else spec


def _no_carry(spec: str) -> str:
    """The first question earns nothing for what follows from earlier answers."""
    return spec.replace("\n    kind: ", "\n    carry_forward: {credit: 0.25}\n    kind: ", 1)


def _limit(spec: str) -> str:
    """Another setting: all code is run again."""
    return re.sub(r"\nlimits: .*", "", spec) + "\nlimits: {wall_seconds: 4}\n"


EDITS: dict[str, Callable[[str], str]] = {
    "points": _points,
    "credit": _credit,
    "a mistake less": _without_mistakes,
    "carry forward": _no_carry,
    "a limit": _limit,
    "a comment": lambda spec: spec + "\n# mended\n",
}


def _wrong_step(spec: str, reference: str) -> str:
    """The reference with another wrong way: the first step of a mistake, of a single line, gives
    half as much again. The right answers stay, and so what is stated agrees with them."""
    for name in re.findall(r"\bwith: (\w+)", spec):
        begin = rf"^def {name}\([^)]*\):\n(?:    \"\"\"[^\"]*\"\"\"\n)?    return "
        edited, count = re.subn(
            rf"({begin})([^\n]+)\n(?=\n|\Z)", r"\1(\2) * 1.5\n", reference, flags=re.MULTILINE
        )
        if count:
            return edited
    return reference


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_marking_again_gives_the_bytes_of_a_first_run(
    slug: str, grader: Grader, tmp_path: Path
) -> None:
    """Edits of every kind, one after another; what makes no sound assignment is passed over."""
    course = tmp_path / "course"
    for name in ("assignments", "reference"):
        shutil.copytree(ROOT / name, course / name)
    examples = ROOT / "examples" / "submissions" / slug
    for folder in sorted(path for path in examples.iterdir() if path.is_dir()):
        if folder.name != "endless":  # slow, and stopped by the clock
            shutil.copytree(folder, course / "class" / folder.name)
    spec = course / "assignments" / slug / "assignment.yaml"
    first = grader("grade", slug, "class", "--results", "kept.json", cwd=course)
    assert first.returncode == 0, first.stderr
    edited = 0
    module = re.search(r"^reference: (\w+)", spec.read_text(encoding="utf-8"), re.MULTILINE)
    assert module is not None
    reference = course / "reference" / f"{module[1]}.py"
    for what, edit in {**EDITS, "a wrong step": None}.items():
        path = spec if edit else reference
        before = path.read_text(encoding="utf-8")
        after = edit(before) if edit else _wrong_step(spec.read_text(encoding="utf-8"), before)
        path.write_text(after, encoding="utf-8")
        fresh = grader("grade", slug, "class", "--results", f"{edited}.json", cwd=course)
        if fresh.returncode == 3:
            path.write_text(before, encoding="utf-8")
            continue
        again = grader("regrade", slug, "--results", "kept.json", cwd=course)
        assert again.returncode == 0, (what, again.stderr)
        same = (course / "kept.json").read_bytes() == (course / f"{edited}.json").read_bytes()
        assert same, (what, again.stdout)
        edited += 1
    assert edited >= 3
