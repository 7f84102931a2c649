"""Moodle: marks and feedback put into the offline grading worksheet of an assignment.

Its importer knows the columns by their titles in the language of whoever uploads, and people by
the number behind `Participant`, which is another in each assignment. It skips, without a word, what
is negative, above the maximum or locked; and newer versions skip a mark of 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from grader.model.grade import Grade
from grader.report.exports.exported import (
    Exported,
    ExportFault,
    LeftOut,
    WriteFeedback,
    not_final,
    title_of,
)
from grader.report.exports.feedback import feedback_html
from grader.report.exports.patched import Marks, column_named, number_in, other_maximum, written
from grader.report.exports.people import Matched, Names, known_of, listed, match, same_people
from grader.report.exports.table import Table, read_table

__all__ = ["moodle_csv", "participants"]

_WHAT = "a grading worksheet from Moodle, with Identifier and Grade (or the one of --column)"
_PARTICIPANT = re.compile(r"\D*?(\d+)")


def _titles(text: str) -> Sequence[str]:
    return [title.strip() for title in text.split("|")]


#: In English, German, French, Spanish and Italian.
_IDENTIFIER = _titles(
    "Identifier | ID | Identifikator | Identifiant | Identificador | Identificativo"
)
_NAME = _titles("Full name | Vollständiger Name | Nom complet | Nombre completo | Nome completo")
_NUMBER = _titles(
    "ID number | ID-Nummer | Numéro d’identification | Número de ID | Codice identificativo"
)
_LOGIN = _titles("Username | Anmeldename | Nom d’utilisateur | Nombre de usuario | Nome utente")
_GRADE = _titles("Grade | Bewertung | Note | Calificación | Valutazione")
_MAXIMUM = _titles(
    "Maximum Grade | Bestwertung | Note maximale | Calificación máxima | Valutazione massima"
)
_COMMENTS = _titles(
    "Feedback comments | Feedback als Kommentar | Feedback par commentaires | "
    "Comentarios de retroalimentación | Commenti"
)
_SCALE = _titles("Scale | Skala | Barème | Escala | Scala")
_CAN_CHANGE = _titles(
    "Grade can be changed | Bewertung kann geändert werden | La note peut être modifiée"
)
_NO = {"no", "nein", "non"}


def moodle_csv(
    content: bytes,
    file: str,
    grades: Sequence[Grade],
    *,
    column: str = "",
    marker_column: str = "",
    feedback: WriteFeedback = WriteFeedback.EMPTY,
    scale: bool = False,
) -> Exported:
    """The same worksheet with the marks of these in it, and feedback where it has a column for it.

    `column` names the column of marks where its title is in a language that is not known here, and
    `marker_column` that of one of several markers. Raises ExportFault where there is no such one.
    """
    table = read_table(content, file, lambda header: _is_worksheet(header, column), _WHAT)
    header = table.header
    if _place(header, _SCALE) is not None:
        msg = f"{file} is marked by a scale of words, and takes no points"
        raise ExportFault(msg)
    place = _marks_column(table, file, column or marker_column)
    comments = _place(header, [f"{header[place]} comment"] if marker_column else _COMMENTS)
    rows = [*table.rows]
    maximum = _place(header, _MAXIMUM)
    highest = next((one for row in rows if (one := number_in(table.get(row, maximum)))), None)
    can_change = _place(header, _CAN_CHANGE)

    def refused(row: int, points: Fraction) -> str:
        if can_change is not None and table.get(row, can_change).casefold() in _NO:
            return "locked in Moodle"
        if points < 0:
            return "negative, which Moodle does not take"
        over = highest is not None and points > highest
        return "above the maximum, which Moodle does not take" if over else ""

    marks = Marks(column=place, maximum=highest, scale=scale, refused=refused)
    matched = _matched(table, rows, grades)
    pairs = [(rows[row], grades[one]) for row, one in sorted(matched.grades.items())]
    done, left = written(table, pairs, marks)
    kept = _write_feedback(table, done, comments, feedback)
    names = [_called(table, row) for row in rows]
    return Exported(
        files={file: table.to_bytes()},
        written=len(done),
        where=header[place],
        left_out=(*not_final(grades), *left, *kept, *listed(matched, grades, names, file)),
        warnings=(*other_maximum(grades, marks, "Moodle"), *_zeros(done.values())),
    )


def participants(content: bytes | None, file: str, grades: Sequence[Grade]) -> Mapping[str, str]:
    """The number behind `Participant` of everybody who is in a worksheet, by key.

    Without a worksheet those that people are known by. Raises ExportFault where it is none.
    """
    if content is None:
        known = {grade.person.key: grade.person.ids.get("moodle", "") for grade in grades}
        return {key: _participant(text) for key, text in known.items() if text}
    table = read_table(content, file, lambda header: _is_worksheet(header, ""), _WHAT)
    rows = [*table.rows]
    matched = _matched(table, rows, grades)
    return {
        grades[one].person.key: _participant(table.get(rows[row], 0))
        for row, one in matched.grades.items()
    }


def _is_worksheet(header: Sequence[str], column: str) -> bool:
    return header[0] in _IDENTIFIER and len(header) > 1 if not column else column in header


def _marks_column(table: Table, file: str, wanted: str) -> int:
    header = table.header
    if wanted:
        return column_named(wanted, header, range(1, len(header)), file)
    found = _place(header, _GRADE)
    if found is None:
        msg = f"{file} has no column called Grade: say with --column which one is for the marks"
        raise ExportFault(msg)
    return found


def _place(header: Sequence[str], titles: Sequence[str]) -> int | None:
    wanted = {title.casefold() for title in titles}
    return next((n for n, title in enumerate(header) if title.casefold() in wanted), None)


def _matched(table: Table, rows: Sequence[int], grades: Sequence[Grade]) -> Matched:
    people = [
        same_people(grade.person, _participant(grade.person.ids.get("moodle", "")))
        for grade in grades
    ]
    return match(people, [_known(table, row) for row in rows], ids_change=True)


def _participant(text: str) -> str:
    """The number alone: the word before it is in the language of whoever downloaded."""
    found = _PARTICIPANT.fullmatch(text)
    return found[1] if found else text


def _known(table: Table, row: int) -> Names:
    """What stands before the marks; e-mail addresses are known in whatever language."""
    header = table.header
    cells = [table.get(row, place) for place in range(1, _first_of_marks(header))]
    number, login = _place(header, _NUMBER), _place(header, _LOGIN)
    return known_of(
        platform=_participant(table.get(row, 0)),
        number=table.get(row, number),
        email=[cell for cell in cells if "@" in cell],
        login=table.get(row, login),
        key=(table.get(row, 0), table.get(row, number), table.get(row, login), *cells),
        name=table.get(row, _place(header, _NAME)),
    )


def _first_of_marks(header: Sequence[str]) -> int:
    found = _place(header, _GRADE)
    return len(header) if found is None else found


def _called(table: Table, row: int) -> str:
    name = table.get(row, _place(table.header, _NAME))
    return f"{table.get(row, 0)} ({name})" if name else table.get(row, 0)


def _write_feedback(
    table: Table, done: Mapping[int, Grade], column: int | None, wanted: WriteFeedback
) -> Sequence[LeftOut]:
    """Put in what each student reads; not over what somebody wrote, unless all are wanted."""
    if column is None or wanted is WriteFeedback.NONE:
        return ()
    kept = []
    for row, grade in done.items():
        text, there = feedback_html(grade), table.get(row, column)
        if there and there != text and wanted is WriteFeedback.EMPTY:
            kept.append(title_of(grade))
        else:
            table.set(row, column, text)
    return (LeftOut(what="feedback there already, which stays", who=tuple(kept)),) if kept else ()


def _zeros(grades: Iterable[Grade]) -> Sequence[str]:
    names = [title_of(grade) for grade in grades if grade.points == 0]
    if not names:
        return ()
    return (f"newer Moodle skips a mark of 0: enter it by hand for {', '.join(names)}",)
