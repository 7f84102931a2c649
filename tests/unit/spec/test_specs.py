"""The folder of specs: each invalid one is told, at its place, with the code it is named after.

Where a diagnostic is due, the file says so in a comment `# <- S204`; a file that can hold no
comment there has a `codes.txt` with lines `S204 assignment.yaml:12` instead (0: no line).
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.course.options import RunOptions, VerifyOptions
from grader.course.verify import verify
from grader.model.diagnostic import Diagnostic
from grader.spec.codes import EXPLANATIONS
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).parents[3]
SPECS = ROOT / "tests" / "specs"
INVALID = sorted(folder.name for folder in (SPECS / "invalid").iterdir())
WITH_MARKS = [
    pytest.param(name, marks=pytest.mark.lengthy if name == "s004-exploding-aliases" else ())
    for name in INVALID
]
VALID = sorted(folder.name for folder in (SPECS / "valid").iterdir())
MARK = re.compile(r"# <- (S\d{3})")

#: What no small file can show: tests of loading, references, seeds and watched courses do.
OF_COURSES = {"S501", "S502", "S503"}  # test_course_file.py
MADE_BY_TESTS = {"S001", "S219", "S311", *OF_COURSES}
#: In this process: what never ends is tried elsewhere.
HERE = VerifyOptions(run=RunOptions(watched=False))


def marked(folder: Path) -> set[tuple[str, int, str]]:
    """(file, line, code) of every diagnostic that the files of a spec ask for."""
    found: set[tuple[str, int, str]] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".py"):
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            found |= {(path.name, number, code) for code in MARK.findall(line)}
    if (folder / "codes.txt").exists():
        for line in (folder / "codes.txt").read_text(encoding="utf-8").splitlines():
            code, place = line.split()
            name, number_text = place.split(":")
            found.add((name, int(number_text), code))
    return found


def told(diagnostics: tuple[Diagnostic, ...]) -> set[tuple[str, int, str]]:
    return {(Path(item.place.file).name, item.place.line, item.code) for item in diagnostics}


def diagnose(name: str) -> tuple[Diagnostic, ...]:
    """What stops nobody, too; but for seeds, of which only some specs here say anything."""
    verified = verify(SPECS / "invalid" / name, SANDBOX, HERE)
    return (*verified.warnings, *verified.diagnostics)


@functools.cache
def diagnosed(name: str) -> tuple[Diagnostic, ...]:
    """What `diagnose` gave the first time: one look at a spec is enough for all its tests."""
    return diagnose(name)


@pytest.fixture(scope="module", params=WITH_MARKS)
def name(request: pytest.FixtureRequest) -> str:
    """An invalid spec. Of the module's scope, so that the tests of one follow on each other."""
    return str(request.param)


def test_every_fault_of_an_invalid_spec_is_told_at_its_line(name: str) -> None:
    assert told(diagnosed(name)) == marked(SPECS / "invalid" / name)


@pytest.mark.parametrize("name", [name for name in INVALID if re.match(r"s\d{3}-", name)])
def test_an_invalid_spec_has_only_faults_of_the_code_it_is_named_after(name: str) -> None:
    assert {code for _, _, code in marked(SPECS / "invalid" / name)} == {name[:4].upper()}


def test_a_diagnostic_with_a_line_has_a_column_in_that_line(name: str) -> None:
    for diagnostic in diagnosed(name):
        place = diagnostic.place
        if place.line:
            text = Path(place.file).read_text(encoding="utf-8", errors="replace")
            line = [*text.splitlines(), ""][place.line - 1]  # the end of the file is a place too
            assert 1 <= place.column <= len(line) + 1, str(diagnostic)


def test_a_diagnostic_is_one_sentence_on_one_line(name: str) -> None:
    for diagnostic in diagnosed(name):
        assert diagnostic.message
        assert "\n" not in diagnostic.message + diagnostic.help
        assert not diagnostic.message.endswith(".")


def test_diagnostics_are_the_same_from_run_to_run(name: str) -> None:
    assert diagnose(name) == diagnosed(name)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_spec_can_be_prepared(name: str) -> None:
    prepared = prepare(SPECS / "valid" / name)
    assert prepared.assignment.slug == name
    assert prepared.key.problems == ()


def test_every_code_is_reached_by_an_invalid_spec() -> None:
    reached = {code for name in INVALID for _, _, code in marked(SPECS / "invalid" / name)}
    assert reached | MADE_BY_TESTS == set(EXPLANATIONS)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("s102-misspelt-keys", "tolerance"),
        ("s203-unknown-givens", "rate"),
        ("s209-answer-is-no-option", "stuck"),
        ("s304-unknown-needs", "rate"),
        ("s309-unknown-steps", "slope"),
        ("s213-criteria", "loss"),
        ("s204-part-that-no-result-has", "[1].m"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_near_one(name: str, near: str) -> None:
    assert any(f"did you mean {near!r}" in item.help for item in diagnosed(name))
