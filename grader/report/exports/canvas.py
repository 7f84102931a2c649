"""Canvas: marks put into one column of a gradebook that was downloaded from it.

The form is that of its importer: a row of points possible may stand above the students, `EX` is
excused, and a column that it does not know would become a new assignment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, ExportFault, not_final
from grader.report.exports.patched import Marks, column_named, number_in, other_maximum, written
from grader.report.exports.people import Names, known_of, listed, match, same_people
from grader.report.exports.table import Table, read_table

__all__ = ["canvas_csv"]

_ASSIGNMENT = re.compile(r"(.*)\s\((\d+)\)")
_ID = "ID"
_NUMBERS = ("SIS User ID", "Integration ID")
_LOGIN = "SIS Login ID"
_READ_ONLY = re.compile("read only", re.IGNORECASE)
_POINTS = "points possible"
_POSTING = {"muted", "manual posting"}


def canvas_csv(
    content: bytes,
    file: str,
    grades: Sequence[Grade],
    *,
    column: str = "",
    titles: Sequence[str] = (),
    scale: bool = False,
) -> Exported:
    """The same file with the marks of these in it; `titles` are what the assignment is called.

    With `scale` points are multiplied to Canvas' maximum. Raises ExportFault where it is not clear
    which column it is.
    """
    table = read_table(
        content, file, _is_gradebook, "a gradebook from Canvas, with Student, ID and Section"
    )
    students = [row for row in table.rows if not _is_about_columns(table, row)]
    place = _column(table, file, column, titles)
    marks = Marks(
        column=place,
        excused="EX",
        maximum=number_in(_points_possible(table, place)),
        scale=scale,
    )
    matched = match(
        [same_people(grade.person, grade.person.ids.get("canvas", "")) for grade in grades],
        [_known(table, row) for row in students],
    )
    pairs = [(students[row], grades[one]) for row, one in sorted(matched.grades.items())]
    done, left = written(table, pairs, marks)
    names = [_called(table, row) for row in students]
    return Exported(
        files={file: table.to_bytes()},
        written=len(done),
        where=table.header[place],
        left_out=(*not_final(grades), *left, *listed(matched, grades, names, file)),
        warnings=other_maximum(grades, marks, "Canvas"),
    )


def _is_gradebook(header: Sequence[str]) -> bool:
    named = header[:1] == ["LastName"] or "Student" in (header[0] if header else "")
    return named and _ID in header and any("Section" in title for title in header)


def _is_about_columns(table: Table, row: int) -> bool:
    """Whether a row says something of the columns rather than of a student."""
    if _POINTS in table.get(row, 0).casefold():
        return True
    cells = {table.get(row, place).casefold() for place in range(len(table.header))}
    return bool(cells & _POSTING) and not table.get(row, table.header.index(_ID))


def _points_possible(table: Table, place: int) -> str:
    rows = (row for row in table.rows if _POINTS in table.get(row, 0).casefold())
    return next((table.get(row, place) for row in rows), "")


def _known(table: Table, row: int) -> Names:
    header = table.header
    cells = {title: table.get(row, place) for place, title in enumerate(header)}
    login = cells.get(_LOGIN, "")
    numbers = [cells.get(title, "") for title in _NUMBERS]
    return known_of(
        platform=cells[_ID],
        number=numbers,
        email=login if "@" in login else "",
        login=login,
        key=(cells[_ID], login, *numbers),
        name=_called(table, row),
    )


def _called(table: Table, row: int) -> str:
    names = range(table.header.index(_ID))  # one column, or last and first name
    return ", ".join(filter(None, (table.get(row, place) for place in names)))


def _column(table: Table, file: str, wanted: str, titles: Sequence[str]) -> int:
    """The place of the column for the marks: as it is told, else by its title, else the only."""
    header = table.header
    own = [
        place
        for place, title in enumerate(header)
        if _ASSIGNMENT.fullmatch(title) and not _READ_ONLY.search(_points_possible(table, place))
    ]
    if wanted:
        short = [place for place in own if wanted in _titles(header[place])]
        return short[0] if len(short) == 1 else column_named(wanted, header, own, file)
    same = {title.casefold() for title in titles}
    by_title = [place for place in own if same & {t.casefold() for t in _titles(header[place])}]
    for found in (by_title, own):
        if len(found) == 1:
            return found[0]
    shown = ", ".join(repr(header[place]) for place in (by_title or own)[:8])
    msg = f"say which column of {file} with --column: there are {shown or 'none'}"
    raise ExportFault(msg)


def _titles(column: str) -> Sequence[str]:
    """What `HW 1 (1234)` may be called: all of it, the title, the id."""
    parts = _ASSIGNMENT.fullmatch(column)
    return (column, parts[1], parts[2]) if parts else (column,)
