"""Look again at what is not right: does it follow, and which mistakes account for it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from grader.compare.expression import read_formula
from grader.compare.formula import Formula, FormulaError
from grader.judge.expect.key import Key
from grader.judge.expect.world import Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.function_mistakes import explain_function, revise_function
from grader.judge.explain.hints import shifted, transformed
from grader.judge.explain.joint import Joint, diagnose
from grader.judge.explain.recurrence import row_bases, rows_of
from grader.judge.explain.revise import place_words, revised
from grader.judge.explain.search import Findings, MistakeSet, comes_out, investigate
from grader.judge.explain.start import Basis
from grader.judge.mark.answers import chosen_option, given_parts
from grader.judge.mark.evidence import Answered, named, plain_numbers
from grader.judge.mark.iterates import divergence
from grader.judge.scoring import Judged
from grader.judge.words import student
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.model.outcome import Diagnosed, Feedback, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["Reviewed", "review"]

_LOOKED_AT = (Verdict.INCORRECT, Verdict.IMPRECISE, Verdict.PARTIAL)
_OTHER_SHAPES = (Reason.WRONG_SHAPE, Reason.TRANSPOSED)

Results: TypeAlias = Mapping[str, Judged]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reviewed:
    """What became of the questions that have parts, and what accounts for the submission."""

    judged: Results
    diagnosis: tuple[Diagnosed, ...] = ()


def review(
    assignment: Assignment, key: Key, responses: Mapping[str, Response], judged: Results
) -> Reviewed:
    """Revise what is not right; nothing gets less than it had."""
    worlds = key.worlds
    if worlds is None or all(_all_right(one) for one in judged.values()):
        return Reviewed(judged=judged)
    return _Review(assignment, key, worlds, responses, judged).result()


def _all_right(judged: Judged) -> bool:
    return all(part.verdict is Verdict.CORRECT for part in judged.parts)


class _Review:
    def __init__(
        self,
        assignment: Assignment,
        key: Key,
        worlds: Worlds,
        responses: Mapping[str, Response],
        judged: Results,
    ) -> None:
        self._assignment = assignment
        self._key = key
        self._worlds = worlds
        self._responses = responses
        self._judged = judged
        self._answers = list(self._read())
        self._carry = Carry(worlds, self._answers)
        self._iterates = {
            one.question.id: one for one in self._answers if one.question.kind == "iterates"
        }

    # -- reading ---------------------------------------------------------------------------------

    def _read(self) -> Iterator[Answered]:
        """Every answer of a readable form whose step the reference knows."""
        for question in self._assignment.questions:
            judged = self._judged.get(question.id)
            if judged is None or not isinstance(question, AnswerQuestion):
                continue
            value = self._responses[question.id].value
            given = given_parts(value) if question.labelled else {"": value}
            for part, outcome in zip(question.parts, judged.parts, strict=False):
                if part.step is None or given.get(part.label) is None:
                    continue
                if question.kind == "iterates":
                    right = _all_right(judged)
                else:
                    # Right as far as it goes: too few digits are no other value to start from.
                    right = outcome.verdict in (Verdict.CORRECT, Verdict.IMPRECISE)
                    right = right or outcome.reason is Reason.WRONG_FORM
                answer = given[part.label]
                formula = self._formula(question, part.label, answer)
                if question.kind == "choice":
                    answer = chosen_option(part, answer)
                if formula is None and question.kind == "expression":
                    continue
                yield Answered(
                    question=question, part=part, value=answer, right=right, formula=formula
                )

    def _formula(self, question: AnswerQuestion, label: str, answer: Value) -> Formula | None:
        key = self._key.formulas.get((question.id, label))
        if key is None:
            return None
        try:
            return read_formula(answer, key.language)
        except FormulaError:
            return None

    # -- finding out ------------------------------------------------------------------------------

    def result(self) -> Reviewed:
        doubtful = self._doubtful()
        formulas = [key for key, one in doubtful.items() if one.formula is not None]
        findings = {key: self._investigate(doubtful[key]) for key in formulas}
        # A number may follow from the own formula for it, if that is itself accounted for.
        self._carry.trusted = frozenset(
            found.answer.place for found in findings.values() if found.accounted_for
        )
        findings.update(
            (key, self._investigate(one)) for key, one in doubtful.items() if key not in findings
        )
        functions = {
            question.id: explain_function(question, self._key, self._responses, self._worlds)
            for question in self._assignment.questions
            if isinstance(question, FunctionQuestion)
            and question.id in self._judged
            and not _all_right(self._judged[question.id])
        }
        puzzles = [[one.mistakes for one in found.explained] for found in findings.values()] + list(
            functions.values()
        )
        mistakes = self._assignment.mistakes
        joint = diagnose(puzzles, mistakes, self._contradictions)
        judged = dict(self._judged)
        for name in {question for question, _ in findings}:
            judged[name] = self._revised(judged[name], findings, joint)
        for name, options in functions.items():
            if options:
                judged[name] = revise_function(judged[name], joint.choose(options))
        diagnosis = self._accounts(findings, functions, joint)
        return Reviewed(judged=judged, diagnosis=diagnosis)

    def _doubtful(self) -> dict[tuple[str, int], Answered]:
        """The answers to look at again, by question and number of the part or row."""
        found: dict[tuple[str, int], Answered] = {}
        for answer in self._answers:
            parts = self._judged[answer.question.id].parts
            if answer.question.kind == "iterates":
                rows = rows_of(answer.value) or []
                wanted = len(self._key.parts[answer.place])
                for number, row in enumerate(rows[:wanted]):
                    if _is_doubtful(parts[number]):
                        found[answer.question.id, number] = replace(answer, value=row, row=number)
                continue
            number = answer.question.parts.index(answer.part)
            if _is_doubtful(parts[number]):
                found[answer.question.id, number] = answer
        return found

    def _investigate(self, answer: Answered) -> Findings:
        bases, why_not = self._bases(answer)
        return investigate(answer, bases, why_not, self._carry, self._worlds)

    def _bases(self, answer: Answered) -> tuple[list[Basis], list[str]]:
        bases, why_not = self._carry.bases(answer)
        if answer.row is not None:
            before, fault = row_bases(answer, self._iterates, self._worlds.under())
            bases = before + [one for one in bases if answer.step not in one.starts]
            why_not = why_not + ([fault] if fault else [])
        return bases, why_not

    def _contradictions(self, mistakes: frozenset[str]) -> int:
        """How many right answers would have come out otherwise with these mistakes."""
        chosen = tuple(one for one in self._assignment.mistakes if one.id in mistakes)
        return sum(
            comes_out(answer, chosen, self._carry, self._worlds) is None
            for answer in self._answers
            if answer.right and answer.question.kind != "iterates"
        )

    # -- saying so -------------------------------------------------------------------------------

    def _revised(
        self, judged: Judged, findings: Mapping[tuple[str, int], Findings], joint: Joint
    ) -> Judged:
        parts = list(judged.parts)
        for number, part in enumerate(parts):
            found = findings.get((judged.question.id, number))
            if found is not None:
                parts[number] = self._revised_part(part, found, joint)
        feedback = judged.feedback
        if judged.question.kind == "iterates":
            feedback += divergence(parts) or self._shift(judged)
        return replace(judged, parts=tuple(parts), feedback=feedback)

    def _revised_part(self, part: PartOutcome, found: Findings, joint: Joint) -> PartOutcome:
        if not found.explained:
            plain = found.follows is None and part.verdict is Verdict.INCORRECT
            hint = self._hint(found) if plain else ""
            return revised(part, found, [], None, hint)
        by_set = {id(one.mistakes): one for one in found.explained}
        chosen, others = joint.choose([one.mistakes for one in found.explained])
        return revised(part, found, [by_set[id(one)] for one in others], by_set[id(chosen)])

    def _hint(self, found: Findings) -> str:
        answer = found.answer
        right = self._worlds.under()
        actual, expected = answer.value, right.value(answer.step, answer.part.at)
        if answer.formula is not None:
            expected = right.formula(answer.step, answer.part.at)
            actual = right.formula_values(answer.formula, answer.step, answer.part.at)
        elif answer.row is not None:
            expected = expected[answer.row] if expected is not None else None
        if expected is None or actual is None:
            return ""
        return self._copied(answer) or transformed(answer, actual, expected)

    def _copied(self, answer: Answered) -> str:
        """Whether it is the student's own answer to another question about the same thing."""
        if answer.row is not None or answer.question.kind not in ("number", "array"):
            return ""
        for other in self._answers:
            above = self._worlds.graph.above(answer.step)
            earlier = other.step in above and other.place != answer.place
            if earlier and other.formula is None and _same(other.value, answer.value):
                return f"this is the same as your answer to {named(other.place)}"
        return ""

    def _shift(self, judged: Judged) -> tuple[Feedback, ...]:
        answer = self._iterates.get(judged.question.id)
        rows = rows_of(answer.value) if answer is not None else None
        if answer is None or not rows:
            return ()
        words = shifted(answer.part, rows, list(self._key.parts[answer.place]))
        return (student(words),) if words else ()

    def _accounts(
        self,
        findings: Mapping[tuple[str, int], Findings],
        functions: Mapping[str, list[MistakeSet]],
        joint: Joint,
    ) -> tuple[Diagnosed, ...]:
        """Each mistake of the diagnosis, with the answers that it has a part in."""
        if joint.rivals:
            return ()  # it cannot be told which; every answer says so itself
        chosen = tuple(one for one in self._assignment.mistakes if one.id in joint.mistakes)
        explains: dict[str, list[str]] = {mistake.id: [] for mistake in chosen}
        for found in findings.values():
            used: MistakeSet = ()
            if found.explained:
                used = joint.choose([one.mistakes for one in found.explained])[0]
            elif found.follows is not None:
                used = comes_out(found.answer, chosen, self._carry, self._worlds) or ()
            for mistake in used:
                explains.setdefault(mistake.id, []).append(place_words(found))
        for name, options in functions.items():
            for mistake in joint.choose(options)[0] if options else ():
                explains.setdefault(mistake.id, []).append(name)
        return tuple(
            Diagnosed(
                mistake=mistake.id,
                feedback=mistake.feedback,
                explains=tuple(dict.fromkeys(explains[mistake.id])),
            )
            for mistake in chosen
            if explains[mistake.id]
        )


def _is_doubtful(part: PartOutcome) -> bool:
    """Whether a hypothesis may account for it: numbers that are not right, or of another shape."""
    if part.reason is Reason.WRONG_FORM:
        return False  # the value is right: there is nothing to account for
    return part.verdict in _LOOKED_AT or part.reason in _OTHER_SHAPES


def _same(one: Value, other: Value) -> bool:
    """Whether two answers are the same numbers, however they were typed."""
    numbers = plain_numbers(one, other)
    return numbers is not None and bool(np.array_equal(numbers, plain_numbers(other, other)))
