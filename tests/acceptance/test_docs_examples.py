"""The authors' pages show what `grader` says: their examples are run as they stand there."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.report.words import tier_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["carry-forward", "mistakes", "audit"]
Grader = Callable[..., subprocess.CompletedProcess[str]]
_FILE = re.compile(r"```(?:yaml|python)\n# ([\w./-]+)\n(.*?)```", re.DOTALL)
_RUN = re.compile(r"```console\n\$ grader (.*?)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_example_of_a_page_comes_out_as_it_says(
    page: str, grader: Grader, tmp_path: Path, tier: str
) -> None:
    text = (ROOT / "docs" / "authors" / f"{page}.md").read_text(encoding="utf-8")
    files = _FILE.findall(text)
    assert len(files) >= 3
    folder = tmp_path / "page"  # the fixture's own checkout lies beside it
    for name, content in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    runs = _RUN.findall(text)
    assert runs
    for command, said in runs:
        done = grader(*shlex.split(command), cwd=folder)
        here = said.replace(f"  {tier_line('full')}\n", f"  {tier_line(tier)}\n")
        assert done.stdout == here, done.stderr
