"""What a student reads of their work: a page of Markdown, and a few lines of HTML for a cell.

All of it is for students: points, verdicts, and the sentences that are meant for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from grader.model.grade import WHEN_HANDED_IN, Grade, QuestionGrade
from grader.model.verdict import Verdict
from grader.report.exports.exported import Exported, LeftOut, decimal_text, not_final, title_of
from grader.report.neutral import for_html, for_markdown, in_one_line
from grader.report.words import VERDICT_WORDS

__all__ = [
    "feedback_html",
    "feedback_page",
    "feedback_pages",
    "file_names",
    "heading_of",
    "shown_questions",
    "steps_for_students",
    "what_is_missing",
    "without_work",
]

_UNSAFE = re.compile(r"[^\w.@+-]+")
_LONGEST_NAME = 80
_BY_PEOPLE = "with the marks of people"


def feedback_pages(grades: Sequence[Grade], title: str) -> Exported:
    """A page for everybody who handed in something, by `KEY.md`."""
    read = [grade for grade in grades if grade.attempt is not None]
    names = file_names([grade.person.key for grade in read])
    return Exported(
        files={
            f"{name}.md": feedback_page(grade, title).encode("utf-8", "replace")
            for name, grade in zip(names, read, strict=True)
        },
        written=len(read),
        left_out=(*not_final(read), *without_work(grades)),
    )


def without_work(grades: Iterable[Grade]) -> Sequence[LeftOut]:
    """Of whom nothing is said: who handed in nothing, and who is excused."""
    without = [grade for grade in grades if grade.attempt is None]
    found = (
        ("nothing handed in", tuple(title_of(one) for one in without if not one.excused)),
        ("excused", tuple(title_of(one) for one in without if one.excused)),
    )
    return tuple(LeftOut(what=f"{why}, so no feedback", who=who) for why, who in found if who)


def feedback_page(grade: Grade, title: str) -> str:
    """Markdown: the points, each question with its sentences, and how the points came about."""
    person = grade.person
    attempt = f", attempt {grade.attempt}" if grade.attempt is not None else ""
    lines = [
        f"# {for_markdown(title)}",
        "",
        f"{for_markdown(person.name or person.key)}{attempt}",
        "",
        f"**{for_markdown(_total(grade))}**",
    ]
    if grade.remarks:
        lines += ["", *(f"- {for_markdown(text)}" for text in grade.remarks)]
    for question in shown_questions(grade):
        lines += ["", f"## {for_markdown(heading_of(question))}", ""]
        lines += [f"- {for_markdown(text)}" for text in _sentences(question)]
        if lines[-1] == "":
            lines.pop()
    steps = steps_for_students(grade)
    if steps:
        lines += ["", "## How the points came about", ""]
        lines += [f"- {for_markdown(step)}" for step in steps]
    return "\n".join(lines) + "\n"


def feedback_html(grade: Grade) -> str:
    """The same in a few lines of HTML, for a cell of a worksheet."""
    parts = [f"<p>{for_html(in_one_line(_total(grade)))}</p>"]
    parts += [f"<p>{for_html(in_one_line(text))}</p>" for text in grade.remarks]
    for question in shown_questions(grade):
        said = [f"<strong>{for_html(in_one_line(heading_of(question)))}</strong>"]
        said += [for_html(in_one_line(text)) for text in _sentences(question)]
        parts.append(f"<p>{'<br>'.join(said)}</p>")
    parts += [f"<p>{for_html(in_one_line(step))}</p>" for step in steps_for_students(grade)]
    return "".join(parts)


def steps_for_students(grade: Grade) -> Sequence[str]:
    """How the points came about, by rule; nothing where no rule changed what was judged.

    Of a step that names markers only what it is: the points after the next would not add up.
    """
    if grade.excused or sum(not one.for_staff for one in grade.steps) < 2:
        return ()  # the first says what was judged
    told = [(_BY_PEOPLE if one.for_staff else one.text, one.points) for one in grade.steps]
    return [f"{text}: {decimal_text(points)}" for text, points in told]


def shown_questions(grade: Grade) -> Sequence[QuestionGrade]:
    """All but bonus questions that were not answered, of which nothing is said."""
    return [
        one
        for one in grade.questions
        if not (one.bonus and one.verdict == Verdict.MISSING and not one.points)
    ]


def heading_of(question: QuestionGrade) -> str:
    """`gradient: 1.5 / 2, partial`."""
    if question.dropped:
        return f"{question.question}: does not count"
    bonus = " bonus" if question.bonus else ""
    worth = f"{_points(question.points)} / {decimal_text(question.max_points)}{bonus}"
    return f"{question.question}: {worth}{_verdict(question)}"


def _verdict(question: QuestionGrade) -> str:
    if question.points is None:
        return ", not marked yet"
    if question.by or question.verdict not in VERDICT_WORDS:
        return ""  # a person gave the points: what the grader found does not say why
    return f", {VERDICT_WORDS[Verdict(question.verdict)]}"


def _points(points: Fraction | None) -> str:
    return "–" if points is None else decimal_text(points)


def _total(grade: Grade) -> str:
    if grade.excused:
        return "Excused: this does not count"
    if grade.points is None:
        return f"No final points yet: {what_is_missing(grade)}"
    return f"Points: {decimal_text(grade.points)} / {decimal_text(grade.max_points)}"


def what_is_missing(grade: Grade) -> str:
    """Why a grade is not final: `q1, q2 is still to be marked`."""
    questions = [one for one in grade.waiting if not one.startswith(WHEN_HANDED_IN)]
    if grade.waiting and not questions:
        return f"{WHEN_HANDED_IN} is still to be found out"
    return f"{', '.join(questions) or 'something'} is still to be marked"


def _sentences(question: QuestionGrade) -> Iterator[str]:
    """Line ends within a sentence (a comment of a marker's) begin a line of their own."""
    for text in question.feedback:
        yield from filter(None, map(str.strip, text.splitlines()))


def file_names(keys: Sequence[str]) -> Sequence[str]:
    """A name for a file for each key, with nothing that leads elsewhere, and each only once."""
    names: list[str] = []
    taken: set[str] = set()
    for key in keys:
        plain = _UNSAFE.sub("_", key).strip(".")[:_LONGEST_NAME] or "_"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names
