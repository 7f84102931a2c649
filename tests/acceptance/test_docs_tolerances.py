"""Every example in the guide to tolerances comes out as it stands there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from grader import Tolerance, compare
from grader.model.value import Value
from grader.model.verdict import Verdict
from grader.spec.values import typed_value
from grader.spec.yaml_reader import read_yaml_text

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "authors" / "tolerances.md"
TEXT = GUIDE.read_text(encoding="utf-8")
_EXAMPLE = re.compile(
    r"```yaml\n(?P<spec>.*?)```\n\n"
    r"\| actual \| accepted \|\n\|---\|---\|\n(?P<rows>(?:\|[^\n]*\|\n)+)",
    re.DOTALL,
)
_ROW = re.compile(r"\| `(?P<actual>[^`]+)` \| (?P<accepted>yes|no|imprecise|invalid) \|")
_VERDICTS = {
    "yes": Verdict.CORRECT,
    "no": Verdict.INCORRECT,
    "imprecise": Verdict.IMPRECISE,
    "invalid": Verdict.INVALID,
}


def read(text: str) -> Any:
    return read_yaml_text(text.encode(), name="guide").data


def typed(data: Any) -> Value:
    """A value as an answer sheet or a spec gives it; lists stand for arrays."""
    if isinstance(data, list):
        return [typed(item) for item in data]
    return typed_value(data)


def examples() -> list[Any]:
    found = []
    for example in _EXAMPLE.finditer(TEXT):
        spec = example["spec"]
        for line in example["rows"].splitlines():
            row = _ROW.fullmatch(line)
            assert row is not None, f"{line!r} is no row of an example"
            name = f"{' '.join(spec.split())} {row['actual']}"
            found.append(pytest.param(spec, row["actual"], row["accepted"], id=name))
    return found


@pytest.mark.parametrize(("spec", "actual", "accepted"), examples())
def test_an_example_comes_out_as_it_stands_there(spec: str, actual: str, accepted: str) -> None:
    stated = read(spec)
    assert set(stated) == {"expected", "tolerance"}
    comparison = compare(
        actual=typed(read(actual)),
        expected=typed(stated["expected"]),
        tolerance=Tolerance.from_spec(stated["tolerance"]),
    )
    assert comparison.verdict is _VERDICTS[accepted], comparison


def test_every_block_is_an_example() -> None:
    assert TEXT.count("```yaml") == TEXT.count("| actual |") == len(_EXAMPLE.findall(TEXT))


def test_every_key_has_an_example_and_a_line_in_a_table() -> None:
    specs = "".join(example["spec"] for example in _EXAMPLE.finditer(TEXT))
    lines = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("|")]
    for field in fields(Tolerance):
        assert f"{field.name}:" in specs, f"no example has {field.name}"
        assert any(f"`{field.name}" in line for line in lines), f"no table explains {field.name}"
