"""Points in time, as platforms, spreadsheets and people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec.moments import read_moment

EVENING = datetime(2027, 3, 1, 23, 58)
WRITTEN = [
    "2027-03-01 23:58",
    "2027-03-01T23:58:00",
    "Monday, 1 March 2027, 11:58 PM",
    "Monday, March 1, 2027, 11:58 PM",
    "Mon, 1st Mar 2027 at 11:58 p.m.",
    "Montag, 1. März 2027, 23:58",
    "Montag, 1. März 2027, 23:58 Uhr",
    "lundi 1er mars 2027, 23:58",
    "lundi 1 mars 2027 à 23h58",
    "lunes, 1 de marzo de 2027, 23:58",
    "lunedì, 1 marzo 2027, 23:58",
    "segunda-feira, 1 de março de 2027 às 23:58",
    "maandag, 1 maart 2027, 23:58",
    "01.03.2027 23:58",
    "1.3.27 23:58",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_the_same_time_however_it_is_written(text: str) -> None:
    assert read_moment(text) == EVENING


OTHERS: dict[str, datetime | None] = {
    "2027-03-01 23:58 Z": EVENING.replace(tzinfo=UTC),
    "2027-03-02 00:58 +01:00": EVENING.replace(tzinfo=UTC),
    "2027-03-02 00:58 Europe/Vienna": EVENING.replace(tzinfo=UTC),
    "Tuesday, 2 March 2027, 12:05 AM": datetime(2027, 3, 2, 0, 5),
    "Tuesday, 2 March 2027, 12:05 PM": datetime(2027, 3, 2, 12, 5),
    "2027-03-02": datetime(2027, 3, 2),
    "13/03/2027 10:00": datetime(2027, 3, 13, 10),
    "03/13/2027 10:00": datetime(2027, 3, 13, 10),
    # which of them is the month?
    "02/03/2027 10:00": None,
    "31 February 2027, 10:00": None,
    "1 Foo 2027, 10:00": None,
    "2027-03-01 25:00": None,
    "1 March 2027, 13:05 PM": None,
    "2027-03-01 23:58 Nowhere/Else": None,
    "-": None,
    "": None,
    "46082.99861": None,  # what a spreadsheet has behind a date
    "1" * 100_000: None,
}


@pytest.mark.parametrize(("text", "moment"), OTHERS.items(), ids=[text[:40] for text in OTHERS])
def test_other_times_and_what_is_none(text: str, moment: datetime | None) -> None:
    assert read_moment(text) == moment


@given(text=st.text(max_size=120) | st.text(alphabet="0123456789-/.:, TZ+apm", max_size=40))
def test_no_text_is_more_than_a_time_or_none(text: str) -> None:
    read_moment(text)


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_what_is_written_as_iso_comes_back(moment: datetime) -> None:
    assert read_moment(moment.isoformat()) == moment
