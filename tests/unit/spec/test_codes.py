from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.spec.codes import EXPLANATIONS

PACKAGE = Path(__file__).parents[3] / "grader"


def test_every_code_in_the_package_is_explained_and_every_explained_code_is_used() -> None:
    used = {
        code
        for path in PACKAGE.rglob("*.py")
        if path.name != "codes.py"
        for code in re.findall(r'"(S\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(EXPLANATIONS)


@pytest.mark.parametrize("code", EXPLANATIONS)
def test_an_explanation_starts_with_one_short_sentence(code: str) -> None:
    first, _, rest = EXPLANATIONS[code].partition("\n")
    assert first.endswith(".")
    assert len(first) <= 100
    assert rest == "" or rest.startswith("\n")
