"""Final marks: the gradebook of a course, through the rules that its course.yaml has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from grader.gradebook.book import Gradebook
from grader.gradebook.grades import assignments_in, course_total, grades
from grader.model.course_rules import CourseRules
from grader.model.grade import CourseTotal, Grade
from grader.spec.course_file import COURSE_FILE, LoadedCourse, load_course
from grader.spec.yaml_reader import YamlFault, read_yaml

__all__ = ["FinalMarks", "final_marks", "find_course_file", "rules_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalMarks:
    """Everybody's grades by assignment, and everybody's total of the course."""

    grades: Sequence[Grade]
    totals: Sequence[CourseTotal]
    not_marked: Sequence[str] = ()  #: of course.yaml, of which no marks stand in the gradebook
    not_counted: Sequence[str] = ()  #: in the gradebook, and not in course.yaml


def find_course_file(here: Path) -> Path | None:
    """course.yaml in this folder or one above, or in the `assignments` of one of them."""
    for folder in (here, *here.parents):
        for path in (folder / COURSE_FILE, folder / "assignments" / COURSE_FILE):
            if path.is_file():
                return path
    return None


def rules_for(path: Path | None, book: Gradebook) -> LoadedCourse:
    """The rules in this file; none without it. Raises SpecFault."""
    if path is None:
        return LoadedCourse(rules=CourseRules())
    known = {**_written(path.parent), **_marked(book)}
    return load_course(path, known)


def final_marks(book: Gradebook, rules: CourseRules, assignments: Sequence[str] = ()) -> FinalMarks:
    """Grades of these assignments, or of all; totals where all are asked for."""
    marked = assignments_in(book)
    found = grades(book, rules, assignments or marked)
    totals: list[CourseTotal] = []
    listed = [*rules.assignments]
    if not assignments:
        counted = [one for one in found if not listed or one.assignment in rules.assignments]
        by_person = sorted(counted, key=lambda one: one.person.key)
        totals = [
            course_total([*theirs], rules)
            for _, theirs in groupby(by_person, lambda one: one.person.key)
        ]
    return FinalMarks(
        grades=found,
        totals=totals,
        not_marked=[slug for slug in listed if slug not in marked],
        not_counted=[slug for slug in marked if listed and slug not in listed],
    )


def _written(folder: Path) -> Mapping[str, Collection[str]]:
    """The questions of the assignments beside course.yaml, as far as their specs can be read."""
    found: dict[str, Collection[str]] = {}
    for pattern in ("*/assignment.yaml", "assignments/*/assignment.yaml"):
        for path in sorted(folder.glob(pattern)):
            try:
                data = read_yaml(path).data
            except YamlFault:
                data = None
            asked = data.get("questions") if isinstance(data, dict) else None
            ids = [one.get("id") for one in asked or () if isinstance(one, dict)]
            found[path.parent.name] = [one for one in ids if isinstance(one, str)]
    return found


def _marked(book: Gradebook) -> Mapping[str, Collection[str]]:
    """The questions of the assignments in the gradebook."""
    found: dict[str, list[str]] = {}
    for row in book.rows(
        "SELECT DISTINCT assignment, question FROM outcome JOIN run ON run.id = outcome.run"
        " WHERE complete OR kind = 'grade' ORDER BY assignment, position"
    ):
        found.setdefault(row["assignment"], []).append(row["question"])
    return found
