"""From the path of an assignment to the assignment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic
from grader.spec.build import build_assignment
from grader.spec.problems import Problems
from grader.spec.schema import check_schema
from grader.spec.yaml_reader import Document, YamlFault, read_yaml

__all__ = ["Loaded", "SpecFault", "load_assignment"]


class SpecFault(Exception):
    """The author's files cannot be used; `diagnostics` say where and why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An assignment, and the document it was read from, which knows the place of everything."""

    assignment: Assignment
    document: Document

    def problems(self) -> Problems:
        """An empty collection of problems with places in this document."""
        return Problems(self.document)

    def question_index(self, question_id: str) -> int:
        return [question.id for question in self.assignment.questions].index(question_id)


def load_assignment(path: Path) -> Loaded:
    """Read `assignment.yaml`, or the folder that holds it. Raises SpecFault with all problems."""
    if path.is_dir():
        path = path / "assignment.yaml"
    try:
        document = read_yaml(path)
    except YamlFault as fault:
        raise SpecFault(*fault.diagnostics) from None
    problems = Problems(document)
    check_schema(problems)
    assignment = build_assignment(problems, path.parent)
    if problems:
        raise SpecFault(*problems.found)
    assert assignment is not None
    return Loaded(assignment=assignment, document=document)
