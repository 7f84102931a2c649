"""Whatever rules a course has: final marks and totals against a plain recomputation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.grades import course_total, grades
from grader.model.course_rules import (
    AssignmentRules,
    Attempts,
    CourseRules,
    Deduction,
    LateRule,
    Of,
    Per,
    Rounding,
    RoundMode,
)
from tests.some import some
from tests.unit.gradebook.test_class_of_300 import DUE, POINTS, Somebody, Work, a_class, fill

FIRST, SECOND = a_class(7, 24), a_class(8, 24)
VIENNA = ZoneInfo("Europe/Vienna")
SLUGS = ("hw", "lab")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    path: Path = tmp_path_factory.mktemp("drawn") / "book.db"
    with open_gradebook(path) as opened:
        fill(opened, FIRST, "hw")
        fill(opened, SECOND, "lab")
        yield opened


def amounts() -> st.SearchStrategy[Deduction]:
    shares = st.integers(0, 20).map(lambda n: Deduction(amount=Fraction(n, 20), is_share=True))
    points = st.integers(0, 12).map(lambda n: Deduction(amount=Fraction(n, 4), is_share=False))
    return shares | points


#: Due on the wall some days before: of nights in which clocks are put back or forward, too.
DUES = st.builds(
    lambda days, minutes: (DUE + timedelta(minutes=minutes)).astimezone(VIENNA) - timedelta(days),
    st.sampled_from([0, 1, 78, 79, 80, 288, 289]),
    st.integers(-120, 120),
)
ASSIGNMENTS = st.builds(
    AssignmentRules,
    due=st.none() | DUES,
    weight=st.integers(0, 6).map(lambda n: Fraction(n, 2)),
    drop=st.sets(st.sampled_from([*POINTS])).map(frozenset),
)
RULES = st.builds(
    CourseRules,
    zone=st.just(VIENNA),
    assignments=st.fixed_dictionaries(dict.fromkeys(SLUGS, ASSIGNMENTS)),
    late=st.none()
    | st.builds(
        LateRule,
        grace=st.sampled_from([0, 1, 15, 90, 1441]).map(lambda n: timedelta(minutes=n)),
        per=st.sampled_from(Per),
        deduct=amounts(),
        of=st.sampled_from(Of),
        most=st.none() | amounts(),
    ),
    attempts=st.sampled_from(Attempts),
    most_attempts=st.none() | st.integers(1, 4),
    rounding=st.none()
    | st.builds(
        Rounding,
        to=st.sampled_from(
            [Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(3)]
        ),
        mode=st.sampled_from(RoundMode),
    ),
)


@pytest.mark.lengthy
@settings(
    max_examples=some(40),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller example takes minutes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rules=RULES)
def test_final_marks_are_those_of_a_plain_recomputation(
    book: Gradebook, rules: CourseRules
) -> None:
    found = grades(book, rules)
    exact: dict[tuple[str, str], Fraction | None] = {}
    for slug, people in zip(SLUGS, (FIRST, SECOND), strict=True):
        most = sum(
            worth
            for name, worth in POINTS.items()
            if name != "extra" and name not in rules.of(slug).drop
        )
        theirs = {one.person.key: one for one in found if one.assignment == slug}
        for one, first in zip(people, FIRST, strict=True):
            grade = theirs[one.key]
            # What stands in the table of people is of the first assignment.
            excused = first.excused and slug == "hw"
            more_days = first.more_days if slug == "hw" else 0
            mark = None if excused else plain(one, rules, slug, more_days, most)
            exact[one.key, slug] = mark
            assert (grade.excused, grade.unrounded) == (excused, mark), one
            assert grade.points == rounded_plainly(mark, rules.rounding, most)
            assert grade.max_points == most
            if mark is not None:
                assert grade.steps[-1].points == grade.points
    for key, of_one in groupby(
        sorted(found, key=lambda one: one.person.key), lambda g: g.person.key
    ):
        several = [*of_one]
        counting = [
            (rules.of(one.assignment).weight, exact[key, one.assignment], one.max_points)
            for one in several
            if not one.excused and one.max_points and rules.of(one.assignment).weight
        ]
        total: Fraction | None = None
        if counting and all(mark is not None for _, mark, _ in counting):
            earned = sum(weight * (mark or 0) / most for weight, mark, most in counting)
            total = 100 * Fraction(earned) / sum(weight for weight, _, _ in counting)
        given_total = course_total(several, rules)
        assert given_total.unrounded == total
        assert given_total.per_cent == rounded_plainly(total, rules.rounding, 100)


def plain(
    one: Somebody, rules: CourseRules, slug: str, more_days: int, most: int
) -> Fraction | None:
    """The mark before it is rounded, with no code of ours."""
    if not one.works:
        return Fraction(0)
    counted = one.works[: rules.most_attempts or len(one.works)]
    if rules.attempts is Attempts.LAST:
        counted = counted[-1:]
    values = [of_attempt(work, rules, slug, more_days, most) for work in counted]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    if rules.attempts is Attempts.AVERAGE:
        return sum(known, Fraction(0)) / len(known)
    return max(known)


def of_attempt(
    work: Work, rules: CourseRules, slug: str, more_days: int, most: int
) -> Fraction | None:
    total = Fraction(0)
    for name, score in work.scores.items():
        if name in rules.of(slug).drop:
            continue
        points = work.marks.get(name, score)
        if points is None:
            return None
        if name in work.marks or name in work.adjustments:
            points = min(
                max(points + work.adjustments.get(name, 0), Fraction(0)), Fraction(POINTS[name])
            )
        total += points
    due, late = rules.of(slug).due, rules.late
    if due is None or late is None:
        return total
    units = units_plainly(DUE + timedelta(hours=work.late), due, more_days, late)
    base = most if late.of is Of.MAX else total

    def worth(one: Deduction) -> Fraction:
        return one.amount * base if one.is_share else one.amount

    lost = units * worth(late.deduct)
    if late.most is not None:
        lost = min(lost, worth(late.most))
    return max(total - lost, Fraction(0))


def units_plainly(handed_in: datetime, due: datetime, more_days: int, late: LateRule) -> int:
    """The fewest units after which it would have been in time."""
    grace = late.grace
    wall = due.astimezone(VIENNA).replace(tzinfo=None)

    def on_the_wall(days: int) -> datetime:
        """The later of two times that a clock shows, or as it goes on where it is put forward."""
        later = wall + timedelta(days=days)
        both = [later.replace(tzinfo=VIENNA, fold=fold).astimezone(UTC) for fold in (0, 1)]
        return max(both)

    if handed_in <= on_the_wall(more_days) + grace:
        return 0
    if late.per is Per.HOUR:
        return math.ceil((handed_in - on_the_wall(more_days) - grace) / timedelta(hours=1))
    days = 1 if late.per is Per.DAY else 7
    return next(n for n in range(1, 400) if handed_in <= on_the_wall(more_days + n * days) + grace)


def rounded_plainly(
    number: Fraction | None, rounding: Rounding | None, most: int
) -> Fraction | None:
    if number is None or rounding is None:
        return number
    steps = number / rounding.to
    below, above = math.floor(steps), math.ceil(steps)
    nearest = {
        RoundMode.UP: above,
        RoundMode.DOWN: below,
        RoundMode.HALF_UP: math.floor(steps + Fraction(1, 2)),
        RoundMode.HALF_EVEN: round(steps),
    }[rounding.mode]
    found = nearest * rounding.to
    return min(found, Fraction(most)) if number <= most else found
