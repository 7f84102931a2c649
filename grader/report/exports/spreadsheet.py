"""A table of final marks for people: CSV that a spreadsheet opens, and can do nothing else with."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from fractions import Fraction

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, decimal_text, not_final
from grader.report.neutral import for_spreadsheet

__all__ = ["spreadsheet_csv"]

_BEFORE = ("key", "name", "number", "email", "section", "attempt", "handed_in")
_AFTER = ("points", "max_points", "state", "how")


def spreadsheet_csv(grades: Sequence[Grade], file: str, separator: str = ",") -> Exported:
    """One row a person: who, the points of each question, and what came of it.

    Numbers are numbers; a cell is empty where there is none. Whatever else is text: leading zeros
    stay, and what would be a formula begins with an apostrophe. UTF-8 with a mark that says so, as
    spreadsheets want it. With semicolons decimals have a comma.
    """
    mark = "," if separator == ";" else "."
    questions = [*dict.fromkeys(one.question for grade in grades for one in grade.questions)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([*_BEFORE, *map(for_spreadsheet, questions), *_AFTER])
    for grade in grades:
        writer.writerow(_row(grade, questions, mark))
    content = codecs.BOM_UTF8 + text.getvalue().encode("utf-8", "replace")
    final = sum(grade.points is not None and not grade.excused for grade in grades)
    return Exported(files={file: content}, written=final, left_out=not_final(grades))


def _row(grade: Grade, questions: Sequence[str], mark: str) -> Sequence[str]:
    person = grade.person
    who = (person.key, person.name, person.number, person.email, person.section)
    of_question = {one.question: one.points for one in grade.questions}
    return [
        *map(for_spreadsheet, who),
        "" if grade.attempt is None else str(grade.attempt),
        "" if grade.handed_in is None else grade.handed_in.isoformat(),
        *(_number(of_question.get(question), mark) for question in questions),
        "" if grade.excused else _number(grade.points, mark),
        decimal_text(grade.max_points, mark=mark),
        for_spreadsheet(_state(grade)),
        for_spreadsheet("; ".join(f"{s.text}: {decimal_text(s.points)}" for s in grade.steps)),
    ]


def _number(number: Fraction | None, mark: str) -> str:
    return "" if number is None else decimal_text(number, mark=mark)


def _state(grade: Grade) -> str:
    if grade.excused:
        return "excused"
    if grade.points is None:
        return " ".join(["waits for", ", ".join(grade.waiting)]).rstrip()
    return "nothing handed in" if grade.attempt is None else "final"
