"""A mistake that shows in several answers may cost the points of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import TypeAlias

from grader.judge.explain.findings import MistakeSet
from grader.judge.scoring import Judged
from grader.model.assignment import Assignment, FunctionQuestion, Mistake
from grader.model.fact import Facts
from grader.model.fact_explaining import AnswerPlace, ChargedBefore
from grader.model.outcome import PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["Number", "charged_once"]

Number: TypeAlias = tuple[str, int]  #: question id, and the number of a part, row or case
_FULL = Fraction(1)


def charged_once(
    assignment: Assignment, judged: Mapping[str, Judged], used: Mapping[Number, MistakeSet]
) -> dict[str, Judged]:
    """The questions with each mistake charged where it costs most points, if it is charged once.

    `used` are the mistakes that each answer comes from. A mistake that says so is charged in one
    answer: a part, a list or a function. A question that says so charges each mistake in one of
    its own parts, rows or cases. What costs as much is told apart by its id. Other answers count in
    full, or are charged for the other mistakes that they come from.
    """
    free: dict[Number, dict[str, AnswerPlace]] = {}
    costs = {number: _cost(judged[number[0]], number[1]) for number in used}
    costly = [number for number in used if costs[number] and _may_follow(judged[number[0]])]
    for mistake in assignment.mistakes:
        numbers = [number for number in costly if mistake in used[number]]
        groups: Iterable[list[Number]] = [numbers]
        if mistake.charge != "once":
            named = {name for name, _ in numbers if judged[name].question.charge == "once"}
            groups = [[one for one in numbers if one[0] == name] for name in sorted(named)]
        for group in groups:
            units: dict[tuple[str, str], list[Number]] = {}
            for number in group:
                units.setdefault(_unit(judged, number, mistake), []).append(number)
            if len(units) > 1:
                most = max(sum(costs[one] for one in some) for some in units.values())
                charged = min(
                    unit for unit, some in units.items() if sum(costs[one] for one in some) == most
                )
                for unit, some in units.items():
                    for number in some if unit != charged else ():
                        free.setdefault(number, {})[mistake.id] = charged
    found = dict(judged)
    for (name, place), why in free.items():
        parts = list(found[name].parts)
        parts[place] = _freed(parts[place], used[name, place], why)
        found[name] = replace(found[name], parts=tuple(parts))
    return found


def _unit(judged: Mapping[str, Judged], number: Number, mistake: Mistake) -> tuple[str, str]:
    """What is charged at once: a part; the whole of a list or a function."""
    name, place = number
    question = judged[name].question
    whole = question.nature.rows or isinstance(question, FunctionQuestion)
    if mistake.charge == "once" and whole:
        return name, ""
    return name, judged[name].parts[place].label


def _may_follow(judged: Judged) -> bool:
    return judged.question.carry_forward.allowed


def _cost(judged: Judged, place: int) -> Fraction:
    total = sum((part.share for part in judged.parts), Fraction(0))
    part = judged.parts[place]
    lost = _FULL - part.credit if part.credit is not None else Fraction(0)
    return judged.question.points * part.share / total * lost


def _freed(part: PartOutcome, mistakes: MistakeSet, free: Mapping[str, AnswerPlace]) -> PartOutcome:
    rest = [mistake for mistake in mistakes if mistake.id not in free]
    credit = max(part.credit or Fraction(0), prod((one.credit for one in rest), start=_FULL))
    places = tuple(dict.fromkeys(free.values()))
    fact = ChargedBefore(mistakes=tuple(sorted(free)), places=places)
    if rest:
        return replace(part, credit=credit, facts=part.facts + Facts.of(fact))
    return replace(
        part,
        verdict=Verdict.FOLLOWS,
        reason=Reason.CHARGED_BEFORE,
        credit=credit,
        facts=part.facts + Facts.of(fact),
    )
