"""Mutants that some question notices, and those that slip through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.audit.finding import Finding
from grader.audit.noticed import unnoticed
from grader.audit.places import places
from tests.unit.judge.course import Course


def measured(folder: Path, spec: str, reference: str) -> tuple[str, list[str], list[Finding]]:
    """The summary, what changes pass, and all findings."""
    prepared = Course(folder, spec, reference).prepared
    assert prepared.key.worlds is not None
    found = list(unnoticed(places(prepared.assignment, prepared.key), prepared.key.worlds))
    passing = []
    for one in found:
        changes, among, _ = one.hole.rpartition(": no question notices")
        if among:
            changes, _, owner = changes.rpartition(" in ")
            passing += [f"{text} in {owner}" for text in _CHANGE.findall(changes)]
    return found[0].words, passing, found


#: One change of those that a line tells.
_CHANGE = re.compile(r"\d+:\d+: (`.*?` (?:→ `.*?`|left out))(?=; \d|$)")
AREA = "def area(side):\n    return side * side\n"


def area(side: float, note: str = "") -> str:
    return f"givens: {{side: {side}}}\nquestions:\n  - {{id: area, kind: number}}\n{note}"


def test_a_lucky_number_lets_a_mutant_pass(tmp_path: Path) -> None:
    summary, passing, _ = measured(tmp_path, area(1), AREA)
    assert "`*` → `/` in area" in passing
    assert summary.endswith("mutants are noticed")


def test_another_number_does_not(tmp_path: Path) -> None:
    summary, passing, found = measured(tmp_path, area(3), AREA)
    assert not passing
    count = summary.split()[0]
    assert summary == f"{count} of {count} mutants are noticed"
    assert len(found) == 1


def test_an_equivalent_change_is_explained_and_needs_no_case(tmp_path: Path) -> None:
    size = "def size(side):\n    return side * 3.5 if side < 7.5 else side / 1.5\n"
    spec = "givens: {side: 3}\nquestions:\n  - {id: size, kind: number}\n"
    spec += "  - {id: large, kind: number, step: size, at: {side: 9}}\n"
    _, passing, _ = measured(tmp_path, spec, size)
    assert passing == ["`<` → `<=` in size"]
    note = 'audit:\n  equivalent:\n    - {step: size, change: "`<` → `<=`", because: Border.}\n'
    summary, passing, found = measured(tmp_path, spec + note, size)
    assert not passing
    assert summary.endswith("are noticed, 1 explained")
    assert not any(one.hole for one in found)


def test_an_explanation_of_what_is_noticed_is_a_hole(tmp_path: Path) -> None:
    note = (
        'audit:\n  equivalent:\n    - {step: area, change: "`*` → `/`", '
        "because: A product is as good as a quotient.}\n"
    )
    _, _, found = measured(tmp_path, area(3, note), AREA)
    assert [one.hole for one in found if one.check == "notes"] == [
        "`audit: equivalent:` `*` → `/` in 'area' explains no mutant that passes"
    ]


def test_few_mutants_are_judged_by_holes_and_not_by_their_share(tmp_path: Path) -> None:
    _, passing, _ = measured(tmp_path, area(1), AREA)
    notes = "".join(
        f'    - {{step: area, change: "{change.removesuffix(" in area")}", because: Lucky.}}\n'
        for change in dict.fromkeys(passing)
    )
    summary, passing, found = measured(tmp_path, area(1, f"audit:\n  equivalent:\n{notes}"), AREA)
    assert not passing
    assert summary.endswith("explained")
    assert not any(one.hole for one in found)


@pytest.mark.parametrize(
    ("questions", "reference"),
    [
        ("{id: size, kind: number}", "def size(side):\n    return abs(side - 7.5) + 2 * side\n"),
        (
            "{id: size, kind: number}",
            (
                "def _part(x, unused):\n    return 3 * x\n\n"
                "def size(side, other):\n    return _part(side, other) + other\n"
            ),
        ),
        (
            "{id: size, kind: array, tolerance: {rtol: 1.0e-6, up_to_sign: true}}",
            (
                "import numpy as np\n\n"
                "def size(side, other):\n    return np.array([2.5 * side, 1.5 * other])\n"
            ),
        ),
        (
            "{id: size, kind: number}",
            (
                "def size(side):\n    root = 1.0\n    for _ in range(60):\n"
                "        root = (root + side**2 / root) / 2\n    return root\n"
            ),
        ),
        (
            "{id: size, kind: number}",
            (
                "import numpy as np\n\ndef size(side, other):\n"
                "    pair = np.array([[side, other], [other, 3.0]])\n"
                "    return np.sum(pair, axis=1)[0]\n"
            ),
        ),
    ],
    ids=["absolute value", "ignored argument", "either sign", "after convergence", "last axis"],
)
def test_what_cannot_matter_is_not_spoken_of(
    tmp_path: Path, questions: str, reference: str
) -> None:
    givens = "givens: {side: 3.7, other: 2.2}\n"
    _, passing, _ = measured(tmp_path, f"{givens}questions:\n  - {questions}\n", reference)
    assert passing == []


def test_a_lucky_instance_is_no_reason_to_keep_silent(tmp_path: Path) -> None:
    """What shows elsewhere only is a hole: the questions ask at the wrong place."""
    reference = "def size(side, other):\n    return abs(side) + other**2\n"
    spec = "givens: {side: 3.7, other: 1}\nquestions:\n  - {id: size, kind: number}\n"
    _, passing, _ = measured(tmp_path, spec, reference)
    assert "`abs(side)` → `side` in size" in passing
    assert "`other ** 2` → `other` in size" in passing


def test_helpers_and_constants_are_mutated_and_wrong_ways_are_not(tmp_path: Path) -> None:
    reference = """
RATE = 0.5

def _grown(size):
    return size + RATE

def _shrunk(size):
    return size - 0.25

def size(start):
    return _grown(start)

def size_wrong(start):
    return _shrunk(start)

def unasked(start):
    return start * 7
"""
    spec = (
        "givens: {start: 1}\nquestions:\n  - {id: size, kind: number, tolerance: {atol: 0.9}}\n"
        "  - {id: sure, kind: number, expected: 4}\n"
        "  - {id: exact, kind: number, step: size, at: {start: 100}, tolerance: {atol: 3}}\n"
        "mistakes:\n  - {id: shrunk, replaces: size, with: size_wrong, feedback: It grows.}\n"
    )
    spec = spec.replace("atol: 0.9", "atol: 0.4")
    _, passing, _ = measured(tmp_path, spec, reference)
    owners = {change.rsplit(" in ", 1)[1] for change in passing}
    assert owners <= {"RATE", "_grown", "size"}
    assert not {"_shrunk", "size_wrong", "unasked"} & owners


def test_a_constant_is_named_in_what_passes(tmp_path: Path) -> None:
    reference = "RATE = 0.001\n\ndef size(start):\n    return start + RATE\n"
    spec = "givens: {start: 1}\nquestions:\n  - {id: size, kind: number, tolerance: {atol: 0.1}}\n"
    _, passing, _ = measured(tmp_path, spec, reference)
    assert any(change.endswith(" in RATE") for change in passing)


@pytest.mark.lengthy
def test_a_mutant_that_never_ends_is_noticed(tmp_path: Path) -> None:
    reference = """
def halvings(size):
    count = 0
    while size > 1:
        size = size / 2
        count = count + 1
    return count
"""
    spec = (
        "givens: {size: 40}\nquestions:\n  - {id: halvings, kind: number}\n"
        "  - {id: fewer, kind: number, step: halvings, at: {size: 8}}\n"
    )
    _, passing, _ = measured(tmp_path, spec, reference)
    assert "`size = size / 2` left out in halvings" not in passing
    assert len(passing) <= 2


def test_a_stated_answer_alone_notices_nothing(tmp_path: Path) -> None:
    spec = "givens: {side: 3}\nquestions:\n  - {id: stated, kind: number, expected: 9}\n"
    prepared = Course(tmp_path, spec, AREA).prepared
    assert places(prepared.assignment, prepared.key) == ()


@pytest.mark.parametrize(("cases", "passes"), [("{x: -2}, {x: 3}", False), ("{x: 3}", True)])
def test_a_dropped_case_lets_a_mutant_pass(tmp_path: Path, cases: str, passes: bool) -> None:
    spec = f"questions:\n  - {{id: f, kind: function, call: f(x), cases: [{cases}]}}\n"
    reference = "def f(x, /):\n    return abs(x) * 1.5 + x\n"
    _, passing, _ = measured(tmp_path, spec, reference)
    assert ("`abs(x)` → `x` in f" in passing) is passes


def test_a_driver_is_asked_for_the_steps_it_speaks_of(tmp_path: Path) -> None:
    place = tmp_path / "assignments" / "course"
    place.mkdir(parents=True)
    (place / "twice.py").write_text(
        "def drive(module, case):\n    return module.grow(module.grow(case['x']))\n",
        encoding="utf-8",
    )
    spec = (
        "questions:\n  - {id: twice, kind: function, entry: grow, driver: twice.py, "
        "cases: [{x: 3}], tolerance: {atol: 0.2}}\n"
    )
    reference = "def grow(x, /):\n    return x + 0.05\n\ndef other(x, /):\n    return x + 0.05\n"
    _, passing, _ = measured(tmp_path, spec, reference)
    assert "`+` → `-` in grow" in passing
    assert not any(change.endswith(" in other") for change in passing)


@pytest.mark.lengthy
def test_formulas_notice_at_every_point(tmp_path: Path) -> None:
    spec = (
        "formulas: {domains: {x: {range: [-2, 2], also: [0]}}}\nquestions:\n"
        "  - {id: relu, kind: expression}\n"
    )
    reference = "import numpy as np\n\ndef relu(x):\n    return np.where(x >= 0, x + 0.5, 0.0)\n"
    _, passing, _ = measured(tmp_path, spec, reference)
    assert "`>=` → `>` in relu" not in passing
    _, passing, _ = measured(tmp_path, spec.replace(", also: [0]", ""), reference)
    assert "`>=` → `>` in relu" in passing


def test_mutants_of_a_function_that_a_formula_is_asked_for_pass_where_nothing_changes(
    tmp_path: Path,
) -> None:
    """A wide tolerance lets a small term go, which changes the value all the same."""
    spec = (
        "formulas: {domains: {x: [0.5, 2]}}\n"
        "questions: [{id: f, kind: expression, tolerance: {rtol: 0.1}}]\n"
    )
    words, passing, _ = measured(tmp_path, spec, "def f(x, /):\n    return x * x + 0.001\n")
    assert "`+` → `-`" in " ".join(passing)
    assert not words.startswith("0 of")
