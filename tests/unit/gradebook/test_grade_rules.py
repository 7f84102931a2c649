"""Each rule of a course on its own, against a plain recomputation of what it says."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.grades.clock import due_for, moment, plus
from grader.gradebook.grades.late import deducted, units_late
from grader.gradebook.grades.rounding import rounded
from grader.model.course_rules import Deduction, LateRule, Of, Per, Rounding, RoundMode

VIENNA = ZoneInfo("Europe/Vienna")
ZONES = [UTC, VIENNA, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
TENTH = Deduction(amount=Fraction(1, 10), is_share=True)
HUGE = Fraction(10**9)


def at(text: str, zone: ZoneInfo = VIENNA) -> datetime:
    return moment(datetime.fromisoformat(text), zone)


def late(due: str, handed_in: str, grace: int = 0, per: Per = Per.DAY) -> int:
    rule = LateRule(grace=timedelta(minutes=grace), per=per, deduct=TENTH)
    return units_late(at(handed_in), at(due), rule, VIENNA)


@pytest.mark.parametrize(
    ("handed_in", "days"),
    [
        ("2027-03-01T23:59:00", 0),
        ("2027-03-02T00:14:00", 0),  # within the grace
        ("2027-03-02T00:14:01", 1),
        ("2027-03-03T00:14:00", 1),  # there is grace after each day
        ("2027-03-03T00:14:01", 2),
        ("2027-02-01T00:00:00", 0),
    ],
)
def test_a_started_day_counts_whole_after_the_grace(handed_in: str, days: int) -> None:
    assert late("2027-03-01T23:59", handed_in, grace=15) == days


@pytest.mark.parametrize(
    ("due", "handed_in", "days", "hours"),
    [
        # clocks are put forward in the night to the 28th: that day has 23 hours
        ("2027-03-27T23:59", "2027-03-28T23:59", 1, 23),
        ("2027-03-27T23:59", "2027-03-29T00:00", 2, 24),
        # and put back in the night to the 31st: that day has 25
        ("2027-10-30T23:59", "2027-10-31T23:59", 1, 25),
        ("2027-10-30T23:59", "2027-11-01T00:00", 2, 26),
    ],
)
def test_days_go_by_the_clock_on_the_wall(due: str, handed_in: str, days: int, hours: int) -> None:
    assert late(due, handed_in) == days
    assert late(due, handed_in, per=Per.HOUR) == hours


def test_a_time_that_is_there_twice_is_the_later_one_and_one_that_is_not_goes_on() -> None:
    assert at("2027-10-31T02:30") == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert at("2027-03-28T02:30") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 03:30 in summer


def test_an_extension_is_a_time_or_a_span_and_never_takes_away() -> None:
    due = datetime.fromisoformat("2027-03-27T23:59")
    assert due_for(due, None, VIENNA) == moment(due, VIENNA)
    assert due_for(due, timedelta(days=2), VIENNA) == at("2027-03-29T23:59")
    assert due_for(due, timedelta(hours=2), VIENNA) == at("2027-03-28T01:59")
    assert due_for(due, datetime.fromisoformat("2027-04-01T12:00"), VIENNA) == at(
        "2027-04-01T12:00"
    )
    assert due_for(due, datetime.fromisoformat("2027-03-01T12:00"), VIENNA) == at(
        "2027-03-27T23:59"
    )
    assert due_for(None, timedelta(days=2), VIENNA) is None


@given(
    due=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),
    after=st.timedeltas(timedelta(days=-3), timedelta(days=40)),
    grace=st.timedeltas(timedelta(0), timedelta(hours=3)),
    per=st.sampled_from(Per),
    zone=st.sampled_from(ZONES),
)
def test_units_are_the_fewest_that_reach_what_was_handed_in(
    due: datetime, after: timedelta, grace: timedelta, per: Per, zone: ZoneInfo
) -> None:
    """Counted up one by one from the due time, by the clock on the wall for days and weeks."""
    start = moment(due, zone)
    handed_in = start + after
    rule = LateRule(grace=grace, per=per, deduct=TENTH)
    expected = 0
    while True:
        if per is Per.HOUR:
            end = start + timedelta(hours=expected)
        else:
            days = expected * (7 if per is Per.WEEK else 1)
            wall = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
            both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            end = start if expected == 0 else max(both)
        if handed_in <= end + grace:
            break
        expected += 1
    assert units_late(handed_in, start, rule, zone) == expected


@given(due=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)), zone=st.sampled_from(ZONES))
def test_no_span_is_no_change(due: datetime, zone: ZoneInfo) -> None:
    assert plus(moment(due, zone), timedelta(0), zone) == moment(due, zone)


fractions = st.fractions(min_value=0, max_value=50, max_denominator=40)


@given(
    units=st.integers(0, 30),
    score=fractions,
    max_points=fractions,
    amount=st.fractions(min_value=0, max_value=1, max_denominator=20),
    most=st.none() | st.fractions(min_value=0, max_value=1, max_denominator=20),
    of=st.sampled_from(Of),
)
def test_a_deduction_is_so_much_a_unit_up_to_the_most_and_to_nothing(
    units: int,
    score: Fraction,
    max_points: Fraction,
    amount: Fraction,
    most: Fraction | None,
    of: Of,
) -> None:
    rule = LateRule(
        deduct=Deduction(amount=amount, is_share=True),
        most=None if most is None else Deduction(amount=most, is_share=True),
        of=of,
    )
    left = score - deducted(units, rule, score=score, max_points=max_points)
    base = max_points if of is Of.MAX else score
    share = units * amount if most is None else min(units * amount, most)
    assert left == max(0, score - share * base)


def test_points_are_deducted_as_they_are() -> None:
    rule = LateRule(
        deduct=Deduction(amount=Fraction(1), is_share=False),
        most=Deduction(amount=Fraction(1, 2), is_share=True),
    )
    lost = [deducted(n, rule, score=Fraction(9), max_points=Fraction(10)) for n in (0, 1, 4, 9)]
    assert lost == [0, 1, 4, 5]


MODES = {
    RoundMode.HALF_UP: ROUND_HALF_UP,
    RoundMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundMode.UP: ROUND_CEILING,
    RoundMode.DOWN: ROUND_FLOOR,
}


@given(
    eighths=st.integers(0, 400),
    to=st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(1, 4), Fraction(5)]),
    mode=st.sampled_from(RoundMode),
)
def test_rounding_is_that_of_decimal_numbers(eighths: int, to: Fraction, mode: RoundMode) -> None:
    points = Fraction(eighths, 8)
    quotient = points / to
    number = Decimal(quotient.numerator) / Decimal(quotient.denominator)
    exact = Fraction(number) == quotient  # fortieths are no problem, thirds do not occur
    expected = Fraction(number.quantize(Decimal(1), MODES[mode])) * to
    assert exact
    assert rounded(points, Rounding(to=to, mode=mode), at_most=HUGE) == expected


def test_rounding_lifts_nobody_above_what_can_be_reached() -> None:
    rule = Rounding(to=Fraction(1, 2))
    most = Fraction(39, 4)
    assert rounded(most, rule, at_most=most) == most
    assert rounded(Fraction(41, 4), rule, at_most=most) == Fraction(21, 2)  # bonus stays
    assert math.isclose(rounded(Fraction(1, 3), rule, at_most=most), 0.5)
