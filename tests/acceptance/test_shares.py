"""A nested result whose parts earn shares of their own."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.checks.prepare import Prepared
from grader.spec.load import SpecFault
from tests.handing_in import course_of, hand_in

SPEC = """\
schema: 1
slug: homework
title: Shares
reference: homework
seed: "b4a1f9be77e04dc0a2f1"
submission: {files: [optim.py]}
questions:
  - id: back
    kind: function
    points: 4
    call: back(x)
    shares: {"[0]": 2, "[1].dw": 1, "[1].db": 1}
    tolerances: {"[1]": {atol: 0.1}}
    requires: [inputs_unchanged]
    cases: [{x: [1, 2]}, {inputs: {x: [3, 4]}, hidden: true}]
"""
REFERENCE = "def back(x, /): return x * 2, {'dw': x + 1, 'db': float(x.sum())}\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("shares"), SPEC, REFERENCE)


@pytest.mark.parametrize(
    ("returned", "score"),
    [
        ("x * 2, {'dw': x + 1, 'db': x.sum()}", 4),
        ("x * 2, {'dw': x + 1, 'db': 0}", 3),
        ("x * 2, {'dw': x + 1}", 3),
        ("x * 3, {'dw': x + 1, 'db': x.sum() + 0.05}", 2),
        ("[x * 2, None]", 2),
        ("x * 2, x + 1", 2),
        ("x * 2, {'dw': x, 'db': 'x'}", 2),
        ("{'dw': x + 1}, x * 2", 0),
        ("x * 2", 0),
        ("(x * 2,)", 0),
        ("None", 0),
        ("x * 2, {'dw': x, 'db': x.sum()} if x[0] < 3 else {}", Fraction(5, 2)),
    ],
)
def test_each_part_earns_its_share(
    course: Prepared, tmp_path: Path, returned: str, score: int
) -> None:
    seen = hand_in(course, tmp_path / "ann", {"optim.py": f"def back(x): return {returned}\n"})
    assert seen.outcome.outcomes[0].score == score, seen.page
    assert seen.verdicts["back"] == ("correct" if score == 4 else seen.verdicts["back"])


def test_a_promise_that_is_broken_costs_the_parts_too(course: Prepared, tmp_path: Path) -> None:
    code = "def back(x):\n    y = x * 2\n    x += 1\n    return y, {'dw': x, 'db': 0}\n"
    seen = hand_in(course, tmp_path / "ann", {"optim.py": code})
    assert seen.outcome.outcomes[0].score == 0
    assert seen.says("changes its argument x")
    assert "its values are right" not in seen.page


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ('{"[0]": 2, "[1].dw": 1}', "the part '[1].db' of a result has no share"),
        ('{"[0]": 2, "[1]": 1, "[1].db": 1}', "'[1].db' lies in another part"),
        ('{"[0]": 2, "[1]": 1, "[2]": 1}', "a result has no part '[2]'"),
        ('{"[0]": 2}', "at least 2 keys"),
    ],
)
def test_shares_are_of_all_of_the_result(tmp_path: Path, shares: str, said: str) -> None:
    spec = SPEC.replace('{"[0]": 2, "[1].dw": 1, "[1].db": 1}', shares)
    with pytest.raises(SpecFault) as caught:
        course_of(tmp_path, spec, REFERENCE)
    assert said in "\n".join(one.message for one in caught.value.diagnostics)
