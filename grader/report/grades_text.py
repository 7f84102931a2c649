"""Final marks for the terminal: a line a person, or for one person how each mark came about."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from grader.model.grade import CourseTotal, Grade, QuestionGrade
from grader.model.number_text import points_text
from grader.report.columns import cut_name, width_of
from grader.sandbox.text import clean_text

__all__ = ["grades_page", "person_page"]

_WIDTH = 80
_LONGEST = 2000


def grades_page(grades: Iterable[Grade], totals: Sequence[CourseTotal]) -> str:
    """A table an assignment, then the totals where there are several assignments."""
    lines: list[str] = []
    for assignment, of_class in groupby(grades, lambda one: one.assignment):
        lines += [*([""] if lines else []), *_table(assignment, [*of_class])]
    if totals and any(len(one.weights) > 1 for one in totals):
        lines += ["", *_totals(totals)]
    return "\n".join(lines or ["there is nobody in the gradebook"]) + "\n"


def _table(assignment: str, of_class: Sequence[Grade]) -> Iterator[str]:
    final = sum(one.points is not None for one in of_class)
    waiting = sum(bool(one.waiting) for one in of_class)
    absent = sum(one.attempt is None and not one.excused for one in of_class)
    excused = sum(one.excused for one in of_class)
    counts = {"final": final, "waiting": waiting, "excused": excused}
    told = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    people = f"{len(of_class)} {'person' if len(of_class) == 1 else 'people'}"
    yield f"{assignment}: {people}, {told}"
    if absent:
        yield f"  {absent} handed in nothing"
    names = [cut_name(one.person.key) for one in of_class]
    points = [_points(one) for one in of_class]
    wide = max(map(width_of, names), default=0)
    broad = max(map(width_of, points), default=0)
    for grade, name, worth in zip(of_class, names, points, strict=True):
        padded = name + " " * (wide - width_of(name))
        line = f"  {padded}  {worth:<{broad}}"
        yield from _wrapped(line, _why(grade))


def _points(grade: Grade) -> str:
    if grade.excused:
        return "excused"
    shown = "–" if grade.points is None else points_text(grade.points)
    return f"{shown} / {points_text(grade.max_points)}"


def _why(grade: Grade) -> str:
    """What is worth knowing of it beside the points, in a line."""
    told = []
    if grade.attempt is None and not grade.excused:
        told.append("nothing was handed in")
    if grade.attempt is not None and grade.attempt > 1:
        told.append(f"attempt {grade.attempt}")
    if grade.waiting:
        told.append(f"waits for {', '.join(grade.waiting)}")
    told += [step.text.partition(",")[0] for step in grade.steps if step.text.startswith("late")]
    if grade.notes:
        told.append(f"{len(grade.notes)} to look at")
    return "; ".join(told)


def _totals(totals: Sequence[CourseTotal]) -> Iterator[str]:
    yield "total, in per cent"
    wide = max(width_of(cut_name(one.person.key)) for one in totals)
    for one in totals:
        name = cut_name(one.person.key)
        shown = "–" if one.per_cent is None else points_text(one.per_cent)
        why = f"waits for {', '.join(one.waiting)}" if one.waiting else ""
        if not one.weights:
            why = "nothing counts for them"
        yield from _wrapped(f"  {name}{' ' * (wide - width_of(name))}  {shown:>6}", why)


def person_page(grades: Sequence[Grade], totals: Sequence[CourseTotal]) -> str:
    """How each of one person's marks came about, step by step."""
    lines: list[str] = []
    for grade in grades:
        lines += [*([""] if lines else []), *_steps(grade)]
    for total in totals:
        lines += ["", *_total_steps(total, grades)]
    return "\n".join(lines) + "\n"


def _steps(grade: Grade) -> Iterator[str]:
    person = grade.person
    called = f" ({_one_line(person.name)})" if person.name else ""
    yield f"{grade.assignment}: {cut_name(person.key)}{called}: {_points(grade)}"
    if grade.attempt is not None:
        times = (("handed in", grade.handed_in), ("due", grade.due))
        told = [f"{what} {_clock(time)}" for what, time in times if time is not None]
        yield ", ".join([f"  attempt {grade.attempt}", *told])
    wide = max((len(one.question) for one in grade.questions), default=0)
    for one in grade.questions if grade.attempt is not None else ():
        yield from _wrapped(f"    {one.question:<{wide}}  {_of_question(one)}", _said_of(one))
    numbers = [points_text(step.points) for step in grade.steps]
    broad = max(map(len, numbers), default=0)
    for step, number in zip(grade.steps, numbers, strict=True):
        yield from _wrapped(f"  {number:>{broad}} ", _one_line(step.text))
    if grade.waiting:
        yield from _wrapped("  not final:", f"waits for {', '.join(grade.waiting)}")
    for note in grade.notes:
        yield from _wrapped("  note:", _one_line(note))


def _clock(time: datetime) -> str:
    return time.isoformat(" ", "seconds" if time.second else "minutes")


def _of_question(one: QuestionGrade) -> str:
    shown = "–" if one.points is None else points_text(one.points)
    return f"{shown} / {points_text(one.max_points)}"


def _said_of(one: QuestionGrade) -> str:
    told = [one.verdict.replace("_", " ")] if one.verdict else []
    told += ["bonus"] * one.bonus + ["dropped"] * one.dropped
    if one.by:
        told.append(f"by {_one_line(one.by)}")
    return ", ".join(told)


def _total_steps(total: CourseTotal, grades: Sequence[Grade]) -> Iterator[str]:
    shown = "not final" if total.per_cent is None else f"{points_text(total.per_cent)} %"
    yield f"total: {shown}"
    for grade in grades:
        weight = total.weights.get(grade.assignment)
        if weight is None:
            why = "excused" if grade.excused else "does not count"
        elif grade.unrounded is None:
            why = "waits"
        else:
            share = points_text(100 * grade.unrounded / grade.max_points)
            why = f"{share} %, weight {points_text(weight)}"
        yield f"  {grade.assignment}: {why}"


def _one_line(text: str) -> str:
    return " ".join(clean_text(text, limit=_LONGEST).split())


def _wrapped(first: str, rest: str) -> list[str]:
    """In lines of at most 80 columns; those after the first are indented."""
    whole = f"{first}  {rest}" if rest else first.rstrip()
    if width_of(whole) <= _WIDTH:
        return [whole.rstrip()]
    indent = " " * min(width_of(first) + 2, _WIDTH // 2)
    if width_of(first) + 2 > _WIDTH // 2:
        return [
            first.rstrip(),
            *textwrap.wrap(rest, _WIDTH, initial_indent=indent, subsequent_indent=indent),
        ]
    inside = textwrap.wrap(rest, _WIDTH - len(indent))
    return [f"{first}  {inside[0]}", *(f"{indent}{line}" for line in inside[1:])]
