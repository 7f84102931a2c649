"""Build what an author says about the findings of an audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from grader.model.audit import AuditNotes, Equivalent, Excused
from grader.spec.problems import Problems, did_you_mean

__all__ = ["build_audit_notes"]


def build_audit_notes(
    problems: Problems, spec: Mapping[str, Any], questions: Collection[str]
) -> AuditNotes:
    """The notes, each about something else. Adds S217. `spec` fits the schema."""
    equivalent: list[Equivalent] = []
    excused: list[Excused] = []
    for index, entry in enumerate(spec.get("equivalent", ())):
        note = Equivalent(
            step=entry["step"], change=_line(entry["change"]), because=_line(entry["because"])
        )
        if any((note.step, note.change) == (one.step, one.change) for one in equivalent):
            message = f"the change {note.change} in {note.step!r} is explained twice"
            problems.add("S217", ("audit", "equivalent", index), message)
        equivalent.append(note)
    for index, entry in enumerate(spec.get("excused", ())):
        name, check = entry["question"], entry["check"]
        if name not in questions:
            message = f"there is no question {name!r}"
            path = ("audit", "excused", index, "question")
            problems.add("S217", path, message, did_you_mean(name, questions))
        if any((name, check) == (one.question, one.check) for one in excused):
            message = f"{name!r} has two excuses from {check}"
            problems.add("S217", ("audit", "excused", index), message)
        excused.append(Excused(question=name, check=check, because=_line(entry["because"])))
    return AuditNotes(equivalent=tuple(equivalent), excused=tuple(excused))


def _line(text: str) -> str:
    return " ".join(text.split())
