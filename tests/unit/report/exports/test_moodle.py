"""The worksheet of a Moodle assignment with marks in it, as Moodle's importer reads it."""

from __future__ import annotations

import csv
import html
import io
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, ExportFault, WriteFeedback
from grader.report.exports.moodle import moodle_csv, participants
from tests.grades import grade_of
from tests.some import some

HEAD = (
    'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\n'
)
WHEN = '"Monday, 1 March 2027, 9:58 AM"'
ADA = f'"Participant 12","Ada Lovelace",0042,ada@x.edu,Submitted,,10.00,Yes,{WHEN},-,\n'
BEN = (
    f'"Participant 7","Bén König",0043,ben@x.edu,Submitted,3.00,10.00,Yes,{WHEN},-,"<p>late</p>"\n'
)
SHEET = HEAD + ADA + BEN
GERMAN = (
    "Identifikator;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;"
    "Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);"
    "Feedback als Kommentar\n"
    "Teilnehmer/in 12;Ada Lovelace;ada@x.edu;Abgegeben;;10,00;Ja;-;-;\n"
)


def read_back(
    content: bytes, *, grade: str = "Grade", separator: str = ",", decimal: str = "."
) -> dict[str, tuple[Fraction | None, str]]:
    """Marks and feedback by participant, as Moodle's importer takes them: numbers as its language
    writes them, and what is above the maximum, negative or locked skipped."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    rows = [*csv.DictReader(text, delimiter=separator, strict=True)]
    found = {}
    for row in rows:
        first, *_, feedback = row.values()
        cell = row[grade].replace(" ", "").replace(decimal, ".")
        number = Fraction(cell) if cell else None
        limit = row.get("Maximum Grade", row.get("Bestwertung", "")).replace(decimal, ".")
        if number is not None and (number < 0 or number > Fraction(limit)):
            number = None
        if row.get("Grade can be changed") == "No":
            number = None
        found[re.split(r"\D+", first)[-1]] = (number, feedback)
    return found


def export(sheet: str | bytes, *grades: Grade, **options: Any) -> Exported:
    content = sheet.encode() if isinstance(sheet, str) else sheet
    return moodle_csv(content, "sheet.csv", grades, **options)


def said(exported: Exported) -> dict[str, list[str]]:
    return {one.what: [*one.who] for one in exported.left_out}


ANN = grade_of("ada", "7.5", email="ada@x.edu", feedback=["The first step is right."])


def test_a_mark_and_feedback_are_put_in_and_nothing_else_changes() -> None:
    made = export(SHEET, ANN)
    feedback = "<p>Points: 7.5 / 10</p><p><strong>q1: 7.5 / 10, partial</strong><br>"
    feedback += "The first step is right.</p>"
    changed = ADA.replace(",Submitted,,", ",Submitted,7.5,").replace("-,\n", f'-,"{feedback}"\n')
    assert made.files["sheet.csv"].decode() == HEAD + changed + BEN
    assert read_back(made.files["sheet.csv"])["12"] == (Fraction("7.5"), feedback)
    assert said(made) == {"in sheet.csv and not in the class": ["Participant 7 (Bén König)"]}


def test_without_feedback_only_the_mark_changes() -> None:
    made = export(SHEET, ANN, feedback=WriteFeedback.NONE)
    expected = SHEET.replace("Submitted,,", "Submitted,7.5,")
    assert made.files["sheet.csv"].decode() == expected


def test_what_somebody_wrote_stays_unless_all_is_wanted() -> None:
    ben = grade_of("ben", 3, ids={"moodle": "Participant 7"}, name="Bén König")
    made = export(SHEET, ben)
    assert made.files["sheet.csv"].decode() == SHEET
    assert said(made)["feedback there already, which stays"] == ["ben (Bén König)"]
    made = export(SHEET, ben, feedback=WriteFeedback.ALL)
    assert read_back(made.files["sheet.csv"])["7"][1].startswith("<p>Points: 3 / 10</p>")


def test_a_german_worksheet_keeps_its_form() -> None:
    made = export(GERMAN, ANN, feedback=WriteFeedback.NONE)
    assert made.files["sheet.csv"].decode() == GERMAN.replace("Abgegeben;;", "Abgegeben;7,5;")
    marks = read_back(made.files["sheet.csv"], grade="Bewertung", separator=";", decimal=",")
    assert marks["12"][0] == Fraction("7.5")


def test_a_worksheet_in_an_unknown_language_needs_the_name_of_the_column() -> None:
    sheet = SHEET.replace("Identifier", "Tunniste").replace(",Grade,", ",Arvosana,")
    with pytest.raises(ExportFault, match="not a grading worksheet from Moodle"):
        export(sheet, ANN)
    made = export(sheet, ANN, column="Arvosana", feedback=WriteFeedback.NONE)
    assert made.files["sheet.csv"].decode() == sheet.replace("Submitted,,", "Submitted,7.5,")


def test_one_of_several_markers_writes_into_their_own_columns() -> None:
    sheet = (
        "Identifier,Status,Grade,Maximum Grade,Marker 1,Marker 1 comment,Marker 2,"
        "Marker 2 comment,Last modified (grade),Feedback comments\n"
        "Participant 12,x,,10.00,4,good,,,-,\n"
    )
    made = export(sheet, grade_of("a", 6, ids={"moodle": "12"}), marker_column="Marker 2")
    row = next(csv.DictReader(io.StringIO(made.files["sheet.csv"].decode())))
    assert (row["Marker 1"], row["Marker 1 comment"], row["Grade"]) == ("4", "good", "")
    assert row["Marker 2"] == "6"
    assert row["Marker 2 comment"].startswith("<p>Points: 6 / 10</p>")
    assert row["Feedback comments"] == ""


def test_what_moodle_would_skip_without_a_word_is_said() -> None:
    sheet = HEAD + ADA.replace(",Yes,", ",No,") + BEN
    made = export(
        sheet, grade_of("ada", 5, email="ada@x.edu"), grade_of("ben", 11, email="ben@x.edu")
    )
    assert made.files["sheet.csv"].decode() == sheet
    assert said(made) == {
        "locked in Moodle": ["ada: 5"],
        "above the maximum, which Moodle does not take": ["ben: 11"],
    }
    below = export(SHEET, grade_of("ada", -1, email="ada@x.edu"))
    assert said(below)["negative, which Moodle does not take"] == ["ada: -1"]


def test_a_mark_of_0_is_written_and_told_of() -> None:
    made = export(SHEET, grade_of("ada", 0, email="ada@x.edu"))
    assert read_back(made.files["sheet.csv"])["12"][0] == 0
    assert "skips a mark of 0" in made.warnings[0]


def test_who_waits_or_is_excused_has_no_mark() -> None:
    made = export(
        SHEET,
        grade_of("ada", None, email="ada@x.edu"),
        grade_of("ben", 3, email="ben@x.edu", excused=True),
    )
    assert made.files["sheet.csv"].decode() == SHEET
    assert said(made)["no final mark yet"] == ["ada: q1"]
    assert said(made)["excused"] == ["ben"]


def test_a_participant_of_another_assignment_is_not_taken_for_one_of_this() -> None:
    made = export(SHEET, grade_of("cy", 4, name="Cy Young", ids={"moodle": "Participant 12"}))
    assert made.files["sheet.csv"].decode() == SHEET
    assert said(made)["not in sheet.csv"] == ["cy (Cy Young)"]
    assert "Participant 12 (Ada Lovelace)" in said(made)["in sheet.csv and not in the class"]


def test_blind_marking_shows_only_participants() -> None:
    sheet = (
        'Identifier,Status,Grade,"Maximum Grade","Last modified (grade)"\nParticipant 12,,,10,-\n'
    )
    made = export(sheet, grade_of("a", 6, name="Ada L", ids={"moodle": "Participant 12"}))
    assert read_back(made.files["sheet.csv"])["12"][0] == 6


def test_a_scale_of_words_takes_no_points() -> None:
    with pytest.raises(ExportFault, match="scale of words"):
        export(SHEET.replace('"Maximum Grade"', "Scale"), ANN)


def test_participants_are_known_by_their_numbers() -> None:
    assert participants(SHEET.encode(), "s", [ANN, grade_of("ben", 1)]) == {"ada": "12"}


NASTY = st.text(
    st.sampled_from("=+-@\t\r\n\0<>&\"',;\\`[]()é\u202e") | st.characters(exclude_categories=["Cs"])
)


@settings(max_examples=some(80))
@given(
    points=st.fractions(0, 10, max_denominator=8).filter(bool),
    comments=st.lists(NASTY, max_size=3),
    step=NASTY,
)
def test_moodle_reads_back_the_mark_and_harmless_feedback(
    points: Fraction, comments: list[str], step: str
) -> None:
    grade = grade_of("ada", str(points), email="ada@x.edu", feedback=comments, steps=[step])
    made = export(SHEET, grade).files["sheet.csv"]
    mark, feedback = read_back(made)["12"]
    assert mark is not None
    assert abs(mark - points) <= Fraction(1, 200_000)
    assert {*re.findall(r"<([^>]*)>", feedback)} <= {"p", "/p", "br", "strong", "/strong"}
    assert "\\" not in feedback  # PHP reads `\"` as a quote that ends nothing
    words = re.sub(r"<[^>]*>", " ", feedback)
    for comment in comments:
        for word in comment.split():
            if word.isascii() and word.isalpha():
                assert word in html.unescape(words)
