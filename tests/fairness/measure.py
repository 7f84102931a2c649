"""Is a mark fair? What a work loses, held against what its slip should cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from grader.judge.explain.distance import apart
from grader.judge.submission import SubmissionJudged, judge
from grader.model.assignment import AnswerQuestion, Part
from grader.model.fact_explaining import Explained
from grader.model.outcome import Outcome
from grader.model.verdict import Reason, Verdict
from grader.plan.sampling import draw, generator
from grader.solver import Solution, StepFault
from grader.solver.bounded import OutOfBounds, bounded
from tests.fairness.cases import Case
from tests.fairness.student import Place, Slips, Student

__all__ = ["Measured", "Result", "measured"]

_ROUNDING = 1e-9  # of points


class Result(StrEnum):
    FAIR = "fair"
    STRICT = "strict"
    GENEROUS = "generous"
    NOTHING = "nothing"  #: the slip does not show in any answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`lost` are points by place, `slipped` the places whose own step is wrong."""

    result: Result
    lost: dict[Place, float] = field(default_factory=dict)
    slipped: frozenset[Place] = frozenset()
    nameable: bool = False
    named: bool = False

    def __str__(self) -> str:
        lost = ", ".join(f"{'.'.join(map(str, k))} {v:.3g}" for k, v in self.lost.items() if v)
        hit = ", ".join(sorted(".".join(map(str, one)) for one in self.slipped))
        return f"{self.result}: lost {lost or 'nothing'}; slipped in {hit or 'nothing'}"


def measured(case: Case) -> Measured | None:
    """What becomes of a case; None where the reference cannot go on with the slip."""
    try:
        with bounded():
            student = Student(case.made, case.homework, case.slips)
            responses = student.responses()
    except (StepFault, FloatingPointError, OutOfBounds):
        return None
    judged = judge(case.made.assignment, case.made.key, responses)
    lost, worth = {}, {}
    by_name, by_few_digits = set(), set()
    for outcome in judged.outcomes:
        assert outcome.verdict is not Verdict.GRADER_ERROR, f"{case}: {outcome.question} is held"
        for place, points, credit, verdict, reason in _places(case, outcome):
            worth[place], lost[place] = points, points * (1 - credit)
            if reason in (Reason.KNOWN_MISTAKE, Reason.CHARGED_BEFORE):
                by_name.add(place)
            if verdict is Verdict.IMPRECISE and reason is Reason.CARRIED_FORWARD:
                by_few_digits.add(place)
    slipped = _slipped(case, student, judged)
    if not any(place in worth for place in slipped):
        unharmed = sum(lost.values()) < _ROUNDING
        return Measured(result=Result.NOTHING if unharmed else Result.STRICT, lost=lost)
    mistake = case.slips.mistake
    named = mistake is not None and mistake.id in _named(judged)
    if case.slips.sheet is not None:  # a change that is a mistake of the spec costs what that costs
        slipped |= dict.fromkeys(by_name & set(slipped), False)
    # Half of it where the digits that are missing before leave open whether it follows.
    slipped |= dict.fromkeys(by_few_digits & set(slipped), False)
    result = _result(case, lost, worth, slipped)
    return Measured(
        result=result,
        lost=lost,
        slipped=frozenset(slipped),
        nameable=mistake is not None,
        named=named,
    )


def _result(
    case: Case, lost: dict[Place, float], worth: dict[Place, float], slipped: dict[Place, bool]
) -> Result:
    """`slipped` says of each place whether it is wrong, and not merely short of digits."""
    mistake = case.slips.mistake
    share = 1 - float(mistake.credit) if mistake is not None else 1.0
    due = {
        place: worth[place] * share for place, wrong in slipped.items() if wrong and place in worth
    }
    shared = {place for place in due if place[1] == "function" or _by_row(case, place)}
    due |= {place: lost[place] for place in shared}  # by its cases, or by its roots
    if mistake is not None and mistake.id in case.homework.once:
        answers: dict[Any, float] = {}
        for place, points in due.items():
            name = place[0] if isinstance(place[1], int) else place
            answers[name] = answers.get(name, 0.0) + points
        wanted = max(answers.values(), default=0.0)
        if len(answers) > 1:
            gone = sum(lost.values())
            if gone > wanted + _ROUNDING:
                return Result.STRICT
            return Result.GENEROUS if gone < wanted - _ROUNDING else Result.FAIR
    if case.slips.rows_before:  # two readings of a list may cost as much in other rows
        return _in_total(lost, due)
    for place, points in lost.items():
        if points > _ROUNDING and place not in slipped:
            return Result.STRICT
        if place in due and points > due[place] + _ROUNDING:
            return Result.STRICT
    for place, points in due.items():
        if lost[place] < points - _ROUNDING:
            return Result.GENEROUS
    return Result.FAIR


def _by_row(case: Case, place: Place) -> bool:
    return not isinstance(place[1], int) and _part(case, place).tolerance.unordered


def _in_total(lost: dict[Place, float], due: dict[Place, float]) -> Result:
    gone, wanted = (
        {name: sum(one[place] for place in one if place[0] == name) for name, _ in lost}
        for one in (lost, due)
    )
    if any(gone[name] > wanted[name] + _ROUNDING for name in gone):
        return Result.STRICT
    generous = any(gone[name] < wanted[name] - _ROUNDING for name in gone)
    return Result.GENEROUS if generous else Result.FAIR


def _places(
    case: Case, outcome: Outcome
) -> Iterator[tuple[Place, float, float, Verdict, Reason | None]]:
    """Each place of a question: where it is, what it is worth, and the credit it got."""
    question = case.made.assignment.question(outcome.question)
    if question.kind in ("text", "figure", "series") or outcome.score is None:
        return
    if question.kind == "function":
        points = float(outcome.max_score)
        yield (
            (question.id, "function"),
            points,
            float(outcome.score / outcome.max_score),
            outcome.verdict,
            outcome.reason,
        )
        return
    if not outcome.parts:
        yield (
            (question.id, ""),
            float(outcome.max_score),
            float(outcome.score / outcome.max_score),
            outcome.verdict,
            outcome.reason,
        )
        return
    total = sum(part.share for part in outcome.parts)
    assert isinstance(question, AnswerQuestion)
    for number, part in enumerate(outcome.parts):
        label = number if question.kind == "iterates" else part.label
        points = float(outcome.max_score * part.share / total)
        yield (
            (question.id, label),
            points,
            float(part.credit or 0),
            part.verdict,
            part.reason,
        )  # rows too many are one


# -- where the work itself is wrong ---------------------------------------------------------------


def _slipped(case: Case, student: Student, judged: SubmissionJudged) -> dict[Place, bool]:
    """The places that are not right from what the student had before them."""
    found: dict[Place, bool] = {}
    wrong_way = case.slips.mistake is not None or case.slips.sheet is not None
    right = _from_own(case, student)
    meant = right.meant if wrong_way else student.meant
    for place, text in student.written.items():
        by_itself = not case.made.assignment.question(place[0]).carry_forward.allowed
        if place not in meant:
            found[place] = True  # a row more than there are
            continue
        own, part = np.array(text, dtype=float)[()], _part(case, place)
        others = (_right(case, place), *([meant[place]] if wrong_way else ()))
        if any(_short_of_digits(case, own, other) for other in others):
            found[place] = False
        elif by_itself and apart(part, own, _right(case, place)) > 1.0:
            found[place] = True  # its author takes nothing that follows
        elif apart(part, own, meant[place]) > 1.0 and apart(part, own, _right(case, place)) > 1.0:
            found[place] = place in case.slips.values or wrong_way
    for question in case.made.assignment.questions:
        if question.kind == "iterates":  # a list may have become too short
            rows = [(question.id, row) for row in range(len(case.made.key.parts[question.id, ""]))]
            found |= {row: True for row in rows if row not in student.written}
    for place, option in student.chosen.items():
        if option not in (_right_option(case, place), right.chosen.get(place)):
            found[place] = True
    for place in student.texts:
        if _other_formula(case, student, place):
            found[place] = True
    if case.slips.rows_before:
        for name in {place[0] for place in student.written if isinstance(place[1], int)}:
            found[name, len(case.made.key.parts[name, ""])] = True
    in_code = case.slips.mistake is not None or case.slips.code is not None
    for outcome in judged.outcomes if in_code else ():
        question = case.made.assignment.question(outcome.question)
        if question.kind == "function" and outcome.score != outcome.max_score:
            found[question.id, "function"] = True
    return found


def _from_own(case: Case, student: Student) -> Student:
    """The work that is right from the student's own answers."""
    return Student(case.made, case.homework, Slips(values=_given(student)))


def _given(student: Student) -> dict[Place, Any]:
    own = {place: np.array(text, dtype=float)[()] for place, text in student.written.items()}
    return {place: (lambda _value, mine=value: mine) for place, value in own.items()}


def _short_of_digits(case: Case, own: Any, right: Any) -> bool:
    digits = case.slips.digits
    if digits is None or np.shape(own) != np.shape(right):
        return False
    off = np.abs(own - right)
    return bool(np.all(off <= 0.5001 * 10.0**-digits) and np.any(off > 1e-9))


def _right(case: Case, place: Place) -> Any:
    """The key of a place: what is right needs no start."""
    if isinstance(place[1], int):
        rows = case.made.key.parts[place[0], ""]
        return rows[place[1]] if place[1] < len(rows) else np.inf
    key = case.made.key.parts[place[0], place[1]]
    return float(key) if np.ndim(key) == 0 else np.asarray(key, dtype=float)


def _right_option(case: Case, place: Place) -> Any:
    return case.made.key.parts[place[0], str(place[1])]


def _part(case: Case, place: Place) -> Part:
    question = case.made.assignment.question(place[0])
    assert isinstance(question, AnswerQuestion)
    labels = [part.label for part in question.parts]
    return question.parts[labels.index(place[1]) if place[1] in labels else 0]


def _other_formula(case: Case, student: Student, place: Place) -> bool:
    """Whether a formula is not worth what the right one is, its own starts taken as they are."""
    step = _part(case, place).step or ""
    slips = case.slips
    if step in slips.labels:
        return slips.labels[step] != step
    if step not in slips.formulas:
        return False
    right = case.made.reference
    assert right is not None
    own = student.solution({})._reference
    source = generator(7)
    for _ in range(12):
        domains = case.made.assignment.formulas.domains
        givens = {name: draw(domain, source) for name, domain in sorted(domains.items())}
        givens = {**case.made.assignment.givens, **givens}
        try:
            a, b = Solution(own, givens)[step], Solution(right, givens)[step]
        except StepFault:
            return True
        if callable(a) and callable(b):  # asked for a function: its arguments are the symbols
            arguments = [givens[name] for name in right.steps[step].arguments]
            a, b = a(*arguments), b(*arguments)
        if np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=1e-6, atol=1e-9):
            return True
    return False


def _named(judged: SubmissionJudged) -> set[str]:
    found = {one.mistake for one in judged.diagnosis}
    for outcome in judged.outcomes:
        for facts in (outcome.facts, *(part.facts for part in outcome.parts)):
            for fact in facts.items:
                if isinstance(fact, Explained):
                    found |= {name for one in fact.mistakes for name in one}
    return found
