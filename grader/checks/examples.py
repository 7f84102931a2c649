"""Read an expected.yaml, and hold what examples got against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.compare.comparison import path_text
from grader.judge.words.values import shown
from grader.model.assignment import Assignment, ManualQuestion
from grader.model.fact import Facts
from grader.model.fact_marking import Compared
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Verdict
from grader.spec.load import SpecFault
from grader.spec.problems import Problems, did_you_mean
from grader.spec.values import exact
from grader.spec.yaml_reader import YamlFault, read_yaml

__all__ = ["Expectations", "Want", "agrees", "check_examples", "read_expectations", "wanted"]

_CLOSE = Fraction(1, 10**4)
_FRACTION = re.compile(r"[0-9]{1,9}\s*/\s*[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What one question of one example must get; `score` None means "not scored"."""

    verdict: Verdict
    score: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """By label, then by question id, complete."""

    wants: Mapping[str, Mapping[str, Want]]
    problems: Problems


def read_expectations(path: Path, assignment: Assignment) -> Expectations:
    """Read the file for all questions of an assignment. Raises SpecFault."""
    try:
        problems = Problems(read_yaml(path))
    except YamlFault as fault:
        raise SpecFault(*fault.diagnostics) from None
    data = problems.document.data
    wants: dict[str, Mapping[str, Want]] = {}
    if not isinstance(data, dict):
        problems.add("S401", (), "an expected.yaml is made of labels")
        data = {}
    for label, entries in data.items():
        if isinstance(entries, dict):
            wants[label] = wanted(problems, label, entries, assignment)
        else:
            problems.add("S401", (label,), f"{label!r} must hold `question: [verdict, score]`")
    if problems:
        raise SpecFault(*problems.found)
    return Expectations(wants=wants, problems=problems)


def wanted(
    problems: Problems, label: str, entries: Mapping[str, Any], assignment: Assignment
) -> Mapping[str, Want]:
    """What each question of a label must get; what is wrong with it is added to the problems."""
    ids = [question.id for question in assignment.questions]
    for name in entries:
        if name != "default" and name not in ids:
            near = did_you_mean(name, ids)
            problems.add("S401", (label, name), f"there is no question {name!r}", near, of_key=True)
    wants = {}
    for question in assignment.questions:
        name = question.id if question.id in entries else "default"
        if name not in entries:
            problems.add(
                "S401", (label,), f"{label!r} says nothing of {question.id!r}", of_key=True
            )
            continue
        want = _read_want(entries[name], question.points)
        if want is None:
            message = "what an example gets is written [verdict, score]"
            most = f"{float(question.points):g}"
            help_text = f"the score is full, null, or from 0 to {most}; 2/3 is read, too"
            word = entries[name][0] if isinstance(entries[name], list) and entries[name] else None
            if isinstance(word, str) and word not in set(Verdict):
                message = f"{word!r} is not a verdict"
                help_text = f"the verdicts are {', '.join(Verdict)}"
            elif isinstance(word, str) and len(entries[name]) == 2:
                message = f"the score of {question.id!r} cannot be {shown(entries[name][1])}"
            problems.add("S401", (label, name), message, help_text)
        else:
            wants[question.id] = want
    return wants


def _read_want(entry: Any, points: Fraction) -> Want | None:
    if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
        return None
    if entry[0] not in set(Verdict):
        return None
    verdict, score = Verdict(entry[0]), entry[1]
    if score == "full":
        return Want(verdict=verdict, score=points)
    if score is None:
        return Want(verdict=verdict, score=None)
    if isinstance(score, str) and _FRACTION.fullmatch(score):
        above, below = (int(number) for number in score.split("/"))
        fits = below and Fraction(above, below) <= points
        return Want(verdict=verdict, score=Fraction(above, below)) if fits else None
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= points:
        return None
    return Want(verdict=verdict, score=exact(score))


def check_examples(
    assignment: Assignment, expectations: Expectations, graded: Sequence[SubmissionOutcome]
) -> Problems:
    """Add S402 for every difference, and S403 for every question that no example fails."""
    problems = Problems(expectations.problems.document)
    by_label = {outcome.submission: outcome for outcome in graded}
    for label in sorted(set(by_label) ^ set(expectations.wants)):
        if label in expectations.wants:
            message = f"the example {label!r} has no folder of that name"
            near = did_you_mean(label, set(by_label) - set(expectations.wants))
        else:
            message = f"the example {label!r} has nothing here"
            near = "`grader verify --examples` writes what it gets now"
        problems.add("S401", (label,), message, near, of_key=True)
    lost: set[str] = set()
    for label, wants in expectations.wants.items():
        for outcome in by_label[label].outcomes if label in by_label else ():
            want = wants[outcome.question]
            if not agrees(outcome, want):
                message = (
                    f"{label}: {outcome.question} got {_words(outcome.verdict, outcome.score)}, "
                    f"not {_words(want.verdict, want.score)}"
                )
                problems.add("S402", (label, outcome.question), message, _said(outcome))
            if outcome.score is None or outcome.left_out:
                continue
            if outcome.score < outcome.max_score:
                lost.add(outcome.question)
    for question in assignment.questions:
        if question.id not in lost:
            by_person = isinstance(question, ManualQuestion)
            problems.add(
                "S403",
                (),
                f"no example loses points on {question.id!r}",
                "a person marks it: leave it out of one of the examples" if by_person else "",
            )
    return problems


def agrees(outcome: Outcome, want: Want) -> bool:
    """Whether a question got what it must get; a score may be rounded to four places."""
    if outcome.verdict is not want.verdict:
        return False
    if outcome.score is None or want.score is None:
        return outcome.score is want.score
    return abs(outcome.score - want.score) <= _CLOSE


def _said(outcome: Outcome) -> str:
    """The first number that differs, expected and got; else the first words about it, and of what
    could not be marked those that tell the author why."""
    told = outcome.feedback.staff
    if outcome.verdict is Verdict.GRADER_ERROR:
        return told[-1] if told else ""
    for label, facts in _places(outcome):
        for fact in facts.items:
            if isinstance(fact, Compared) and fact.reason is not None and fact.expected is not None:
                at = " at ".join(filter(None, (label, path_text(fact.path) if fact.path else "")))
                numbers = f"expected {shown(fact.expected)}, got {shown(fact.actual)}"
                return f"{at}: {numbers}" if at else numbers
    for sentences in (told, *(part.feedback.staff for part in outcome.parts)):
        if sentences:
            return sentences[0]
    return ""


def _places(outcome: Outcome) -> Iterator[tuple[str, Facts]]:
    yield "", outcome.facts
    for part in outcome.parts:
        yield part.label, part.facts


def _words(verdict: Verdict, score: Fraction | None) -> str:
    return f"[{verdict}, {'null' if score is None else f'{float(score):.6g}'}]"
