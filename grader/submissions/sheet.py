"""Read an answer sheet: question ids and what the student typed, digits kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.model.value import Value
from grader.spec.values import typed_value
from grader.spec.yaml_reader import YamlFault, read_yaml_text

__all__ = ["Sheet", "read_sheets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Answers by question id. `fault` says why a sheet could not be read."""

    answers: Mapping[str, Value]
    fault: str = ""
    notes: tuple[str, ...] = ()


def read_sheets(sheets: Mapping[str, bytes]) -> Sheet:
    """Read all sheets of a submission as one. The first answer to a question counts."""
    answers: dict[str, Value] = {}
    faults: list[str] = []
    notes: list[str] = []
    for name, content in sheets.items():
        try:
            data = read_yaml_text(content, name=name).data
        except YamlFault as fault:
            first = fault.diagnostics[0]
            faults.append(f"{first.place}: {first.message}")
            continue
        if data is None:
            continue
        if not isinstance(data, dict):
            faults.append(f"{name}: a sheet is made of lines `question: answer`")
            continue
        for question, answer in data.items():
            if question in answers:
                notes.append(f"{question!r} is answered again in {name}; the first answer counts")
            elif answer is not None:
                answers[question] = typed_value(answer)
    return Sheet(answers=answers, fault="; ".join(faults), notes=tuple(notes))
