"""From course.yaml to the rules of a course, or diagnostics with places."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

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
from grader.model.diagnostic import Diagnostic
from grader.spec.durations import read_duration
from grader.spec.load import SpecFault
from grader.spec.problems import Problems, did_you_mean
from grader.spec.schema import check_schema, course_schema
from grader.spec.values import exact, given
from grader.spec.yaml_reader import KeyPath, YamlFault, read_yaml

__all__ = ["COURSE_FILE", "LoadedCourse", "load_course"]

COURSE_FILE = "course.yaml"
_TIME = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?) ?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%", re.ASCII)
_YEARS = range(1980, 2200)
_AS = "write it as 2027-03-01T23:59"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCourse:
    """The rules, and what an author may want to look at but stops nothing."""

    rules: CourseRules
    warnings: Sequence[Diagnostic] = field(default_factory=tuple)


def load_course(path: Path, known: Mapping[str, Collection[str]]) -> LoadedCourse:
    """Read course.yaml. `known` are the questions of each assignment that there is, by slug.

    Raises SpecFault with all problems.
    """
    try:
        document = read_yaml(path)
    except YamlFault as fault:
        raise SpecFault(*fault.diagnostics) from None
    problems = Problems(document)
    check_schema(problems, course_schema())
    if problems:
        raise SpecFault(*problems.found)
    reader = _Reader(problems, known)
    rules = reader.rules(document.data)
    stopping = [one for one in problems.found if one.stops]
    if stopping:
        raise SpecFault(*problems.found)
    return LoadedCourse(rules=rules, warnings=problems.found)


class _Reader:
    """Builds the rules of a document that fits the schema."""

    def __init__(self, problems: Problems, known: Mapping[str, Collection[str]]) -> None:
        self._problems = problems
        self._known = known
        self._has_zone = False

    def rules(self, data: Mapping[str, Any]) -> CourseRules:
        zone = self._zone(data.get("timezone"))
        assignments = {
            slug: self._assignment(("assignments", slug), slug, spec or {}, zone)
            for slug, spec in data.get("assignments", {}).items()
        }
        if assignments and not any(one.weight for one in assignments.values()):
            self._add("S503", ("assignments",), "no assignment has a weight above 0", of_key=True)
        late = data.get("late")
        if isinstance(late, str) and late != "lms":
            near = did_you_mean(late, ["lms"]) or "`late: lms` leaves it to the platform"
            self._add("S104", ("late",), f"late must be `lms` or a mapping; it is {late!r}", near)
        if late is not None and not any(one.due for one in assignments.values()):
            help_text = "give `due` to an assignment"
            self._warn("S503", ("late",), "no assignment is due, so none is late", help_text)
        attempts = data.get("attempts", {})
        rounding = data.get("rounding")
        return CourseRules(
            zone=zone,
            assignments=assignments,
            late=self._late(late) if isinstance(late, dict) else None,
            late_by_platform=late == "lms",
            attempts=Attempts(attempts["count"]) if "count" in attempts else None,
            most_attempts=int(attempts["most"]) if "most" in attempts else None,
            rounding=None
            if rounding is None
            else Rounding(to=exact(rounding["to"]), **given(rounding, mode=RoundMode)),
        )

    def _add(
        self, code: str, path: KeyPath, message: str, near: str = "", *, of_key: bool = False
    ) -> None:
        self._problems.add(code, path, message, near, of_key=of_key)

    def _warn(self, code: str, path: KeyPath, message: str, near: str) -> None:
        """Tell something that stops nothing."""
        place = self._problems.document.place(path, of_key=True)
        warning = Diagnostic(code=code, place=place, message=message, help=near, stops=False)
        self._problems.extend([warning])

    def _zone(self, name: str | None) -> tzinfo | None:
        if name is None:
            return None
        self._has_zone = True  # where it cannot be used, that is told once
        zones = available_timezones()
        if name in zones:
            return ZoneInfo(name)
        near = did_you_mean(name, zones)
        if not zones:
            near = "this machine knows no time zones: install the Python package tzdata"
        self._add("S501", ("timezone",), f"there is no time zone {name!r}", near)
        return None

    def _assignment(
        self, path: KeyPath, slug: str, spec: Mapping[str, Any], zone: tzinfo | None
    ) -> AssignmentRules:
        self._expect_assignment(path, slug)
        questions = self._known.get(slug)
        drop = spec.get("drop", [])
        for index, name in enumerate(drop if questions else ()):
            if name not in (questions or ()):
                message = f"{slug} has no question {name!r}"
                near = did_you_mean(name, questions or ()) or f"it has {', '.join(questions or ())}"
                self._add("S502", (*path, "drop", index), message, near)
        return AssignmentRules(
            due=self._due((*path, "due"), spec["due"], zone) if "due" in spec else None,
            drop=frozenset(drop),
            **given(spec, weight=exact),
        )

    def _expect_assignment(self, path: KeyPath, slug: str) -> None:
        if not self._known or slug in self._known:
            return
        message = f"there is no assignment {slug!r}"
        near = did_you_mean(slug, self._known)
        if near:
            self._add("S502", path, message, near, of_key=True)
        else:
            self._warn("S502", path, f"{message} yet", f"there is {', '.join(self._known)}")

    def _due(self, path: KeyPath, text: str, zone: tzinfo | None) -> datetime | None:
        match = _TIME.fullmatch(text.strip())
        if match is None:
            self._add("S501", path, f"{text!r} is not a day and a time of day", _AS)
            return None
        try:
            due = datetime.fromisoformat(match[0].replace(" ", "T", 1).replace(" ", ""))
        except ValueError:
            help_text = f"days and hours must be those of a calendar and a clock; {_AS}"
            self._add("S501", path, f"there is no time {text!r}", help_text)
            return None
        if due.year not in _YEARS:
            self._add("S501", path, f"the year {due.year} is surely not meant", _AS)
            return None
        if due.tzinfo is not None:
            return due
        if not self._has_zone:
            help_text = "give the course a `timezone`, such as Europe/Vienna, or end the time in Z"
            self._add("S501", path, f"in which time zone is {text}?", help_text)
            return None
        if zone is not None:
            self._tell_of_clocks(path, due.replace(tzinfo=zone))
        return due.replace(tzinfo=zone)

    def _tell_of_clocks(self, path: KeyPath, due: datetime) -> None:
        """Warn of a time in the night when clocks change: there is none of it, or two."""
        first, second = (due.replace(fold=fold).utcoffset() for fold in (0, 1))
        if first is None or second is None or first == second:
            return
        if first > second:
            message = f"clocks show {due:%H:%M} twice that night: the second one counts"
        else:
            seen = due.astimezone(UTC).astimezone(due.tzinfo)
            message = f"clocks never show {due:%H:%M} that night: {seen:%H:%M} counts"
        self._warn("S501", path, message, "take a time at which clocks do not change")

    def _late(self, spec: Mapping[str, Any]) -> LateRule | None:
        grace = read_duration(spec["grace"]) if "grace" in spec else timedelta(0)
        if grace is None:
            message = f"{spec['grace']!r} is not a span of time"
            self._add("S501", ("late", "grace"), message, "write it as 15min, 1h 30min or 2d")
        deduct = self._deduction(("late", "deduct"), spec["deduct"])
        most = self._deduction(("late", "most"), spec["most"]) if "most" in spec else None
        shares = [one for one in (deduct, most) if one is not None and one.is_share]
        if "of" in spec and deduct is not None and not shares:
            message = "`of` says what per cent are taken of, and there are only points"
            self._add("S503", ("late", "of"), message, of_key=True)
        if deduct is None or grace is None:
            return None
        return LateRule(grace=grace, deduct=deduct, most=most, **given(spec, per=Per, of=Of))

    def _deduction(self, path: KeyPath, written: Any) -> Deduction | None:
        if not isinstance(written, str):
            return Deduction(amount=exact(written), is_share=False)
        match = _SHARE.fullmatch(written.strip())
        amount = Fraction(match[1]) / 100 if match else None
        if amount is None or amount > 1:
            message = f"{path[-1]} must be per cent from 0 to 100, or points; it is {written!r}"
            self._add("S104", path, message, "write 10% for a tenth, 10 for ten points")
            return None
        return Deduction(amount=amount, is_share=True)
