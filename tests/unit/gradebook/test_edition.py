"""An edition is known by its files: the same name in a release and in a gradebook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.checks.prepare import prepare
from grader.course.keep import planned, spec_file
from grader.course.release import edition_digest
from grader.gradebook.edition import Edition, edition_of
from grader.spec.load import load_assignment
from tests.unit.gradebook.small import REFERENCE, SPEC, course


def edition(folder: Path) -> Edition:
    prepared = prepare(folder)
    return edition_of(spec_file(folder), prepared.assignment, planned(prepared).setting.data)


def test_a_release_has_the_name_of_the_edition(tmp_path: Path) -> None:
    folder = course(tmp_path)
    first = edition(folder)
    assert edition_digest(load_assignment(folder).assignment) == first.name
    for spec, reference in ((SPEC + "# mended\n", REFERENCE), (SPEC, REFERENCE + "# mended\n")):
        course(tmp_path, spec, reference)
        name = edition_digest(load_assignment(folder).assignment)
        assert name == edition(folder).name != first.name


def test_what_the_reference_imports_belongs_to_it(tmp_path: Path) -> None:
    folder = course(tmp_path, SPEC, "import aid_of_small\n" + REFERENCE)
    beside = tmp_path / "reference" / "aid_of_small.py"
    beside.write_text("TWO = 2\n")
    before = edition_digest(load_assignment(folder).assignment)
    beside.write_text("TWO = 3\n")
    assert edition_digest(load_assignment(folder).assignment) != before


def test_versions_are_of_the_run_and_not_of_the_files(tmp_path: Path) -> None:
    one = edition(course(tmp_path))
    other = replace(one, numpy="0.0")
    assert other.name == one.name
    assert other.digest != one.digest
