"""Marks as plain lines, one fact a line, from the document of the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Marked", "Mistake", "Part", "Question", "Said", "marks", "marks_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text for one audience, or for `both`."""

    audience: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part, row, case or criterion; a credit of None is no credit of zero."""

    label: str
    verdict: str
    reason: str | None
    share: float
    credit: float | None
    hidden: bool
    feedback: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question; a score of None is no score of zero."""

    id: str
    verdict: str
    reason: str | None
    score: float | None
    max_score: float
    feedback: tuple[Said, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake of the joint diagnosis."""

    mistake: str
    feedback: str
    explains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """All that is held fast about one submission."""

    id: str
    notes: tuple[Said, ...]
    printed: str
    diagnosis: tuple[Mistake, ...]
    questions: tuple[Question, ...]


def marks(document: Mapping[str, Any]) -> tuple[Marked, ...]:
    """The submissions of a document of results, in its order.

    This function alone knows the form of the document. When the form changes, it changes, and the
    goldens stay as they are.
    """

    def read(item: Mapping[str, Any]) -> tuple[Said, ...]:
        return by_audience(item["feedback"], item["staff"]["feedback"])

    def notes(item: Mapping[str, Any]) -> tuple[Said, ...]:
        return tuple(
            Said(audience="student" if text in item["notes"] else "staff", text=text)
            for text in item["staff"]["notes"]
        )

    def part(item: Mapping[str, Any]) -> Part:
        return Part(
            label=item["label"],
            verdict=item["verdict"],
            reason=item["reason"],
            share=item["share"],
            credit=item["credit"],
            hidden=item["hidden"],
            feedback=read(item),
        )

    def question(item: Mapping[str, Any]) -> Question:
        return Question(
            id=item["id"],
            verdict=item["verdict"],
            reason=item["reason"],
            score=item["score"],
            max_score=item["max_score"],
            feedback=read(item),
            parts=tuple(part(one) for one in item["parts"]),
        )

    def mistake(item: Mapping[str, Any]) -> Mistake:
        return Mistake(
            mistake=item["mistake"],
            feedback=item["feedback"],
            explains=tuple(item["explains"]),
        )

    return tuple(
        Marked(
            id=item["id"],
            notes=notes(item),
            printed=item["printed"],
            diagnosis=tuple(mistake(one) for one in item["diagnosis"]),
            questions=tuple(question(one) for one in item["questions"]),
        )
        for item in document["submissions"]
    )


def by_audience(student: Sequence[str], staff: Sequence[str]) -> tuple[Said, ...]:
    """What staff read in its order, each text with who reads it; then what only students read."""
    lines = [Said(audience="both" if text in student else "staff", text=text) for text in staff]
    lines += [Said(audience="student", text=text) for text in student if text not in staff]
    return tuple(lines)


def marks_text(marked: Marked) -> str:
    """The lines of one submission, each ended. Texts are quoted, so no line of theirs is ours."""
    return "".join(f"{line}\n" for line in _submission(marked))


def _submission(marked: Marked) -> Iterator[str]:
    for note in marked.notes:
        yield f"note, {_said(note)}"
    for line in marked.printed.split("\n") if marked.printed else ():
        yield f"printed: {line!r}"
    for one in marked.diagnosis:
        yield f"mistake {one.mistake}: {one.feedback!r}"
        yield from (f"    explains {name}" for name in one.explains)
    for question in marked.questions:
        came_of_it = _verdict(question.verdict, question.reason)
        score = f"{_number(question.score)} / {_number(question.max_score)}"
        yield f"{question.id}: {came_of_it}, {score}"
        yield from _indented(question.feedback)
        for part in question.parts:
            yield f"    part {part.label!r}: {_part(part)}"
            yield from (f"    {line}" for line in _indented(part.feedback))


def _part(part: Part) -> str:
    words = f"share {_number(part.share)}, credit {_number(part.credit)}"
    hidden = ", hidden" if part.hidden else ""
    return f"{_verdict(part.verdict, part.reason)}, {words}{hidden}"


def _indented(lines: Iterable[Said]) -> Iterator[str]:
    return (f"    {_said(line)}" for line in lines)


def _said(line: Said) -> str:
    return f"{line.audience}: {line.text!r}"


def _verdict(verdict: str, reason: str | None) -> str:
    return f"{verdict} ({reason})" if reason else verdict


def _number(value: float | None) -> str:
    """At most six decimals, as the results have them; fractions come out the same."""
    return "none" if value is None else f"{float(value):.6f}".rstrip("0").rstrip(".")
