"""Work with one slip loses the points of that slip: `python -m tests.fairness` prints how often."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fairness.cases import Case, cases_of
from tests.fairness.homeworks import COURSES, HOMEWORKS
from tests.fairness.measure import Result, measured
from tests.fairness.other_cases import other_cases_of
from tests.fairness.student import Slips, Student
from tests.homeworks import prepared

_EVERY_OTHER = 97
_EVERY = 101  # of the cases that are tried in every run; it shares no factor with their order


def _counted(cases: list[Case]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in cases:
        found = measured(case)
        if found is None or found.result is Result.NOTHING:
            continue
        counts.update(("cases", found.result.value))
        counts.update(["nameable"] * found.nameable + ["named"] * found.named)
        assert found.result is not Result.GENEROUS, f"{case}: {found}"
    return counts


@pytest.mark.parametrize("slug", sorted(HOMEWORKS | COURSES))
def test_right_work_gets_all_points(slug: str) -> None:
    homework = (HOMEWORKS | COURSES)[slug]
    case = Case(made=prepared(slug), homework=homework, kind="right", name="", slips=Slips())
    assert Student(case.made, case.homework, case.slips).answers
    found = measured(case)
    assert found is not None
    assert found.result is Result.NOTHING


@pytest.mark.slow
def test_a_sample_of_slips_is_marked_fairly() -> None:
    cases = [case for slug in sorted(HOMEWORKS) for case in cases_of(slug)]
    counts = _counted(cases[::_EVERY])
    assert counts["cases"] >= 12
    assert counts["fair"] >= 0.93 * counts["cases"]


@pytest.mark.slow
def test_97_of_100_slips_are_marked_fairly_and_none_generously() -> None:
    counts = sum((_counted(list(cases_of(slug))) for slug in sorted(HOMEWORKS)), Counter())
    assert counts["cases"] >= 300
    assert counts["fair"] >= 0.97 * counts["cases"]
    assert counts["named"] >= 0.97 * counts["nameable"]


@pytest.mark.slow
def test_slips_of_other_kinds_are_marked_fairly_too() -> None:
    """A sample: `python -m tests.fairness --other` takes all of them."""
    cases = [case for slug in sorted(HOMEWORKS | COURSES) for case in other_cases_of(slug)]
    counts = _counted(cases[::_EVERY_OTHER])
    assert counts["cases"] >= 20
    assert counts["fair"] >= 0.9 * counts["cases"]
