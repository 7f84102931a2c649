"""Look at the answers that are not right, starts before what may be started from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from grader.compare.formula import Language
from grader.judge.expect.key import Key
from grader.judge.expect.world import Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.charges import Number
from grader.judge.explain.code_slips import one_slip_in_the_code
from grader.judge.explain.expectation import Expectation
from grader.judge.explain.findings import Findings
from grader.judge.explain.hypotheses import investigate, own_start
from grader.judge.explain.recurrence import row_bases
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence
from grader.judge.mark.iterates import is_right_row
from grader.judge.scoring import Judged
from grader.judge.words.fault import said
from grader.model.assignment import Assignment
from grader.model.fact_explaining import AnswerPlace, StartUnused
from grader.model.outcome import PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["Inquiry"]

_LOOKED_AT = (Verdict.INCORRECT, Verdict.IMPRECISE, Verdict.PARTIAL)
_OTHER_SHAPES = (Reason.WRONG_SHAPE, Reason.TRANSPOSED)


class Inquiry:
    """What can be found out about the answers of one submission."""

    def __init__(
        self, assignment: Assignment, key: Key, worlds: Worlds, judged: Mapping[str, Judged]
    ) -> None:
        self._key = key
        self._worlds = worlds
        self._judged = judged
        self.answers = [
            one
            for question in assignment.questions
            if question.id in judged
            for one in judged[question.id].evidence
        ]
        self.carry = Carry(worlds, self.answers)
        self._expected: dict[tuple[AnswerPlace, int | None], Expectation] = {}
        self.iterates = {one.question.id: one for one in self.answers if one.question.nature.rows}

    def rows_in_order(self, name: str) -> int:
        """How many rows of a list are right, or follow from the rows before."""
        rows = [one for one in self._judged[name].parts if is_right_row(one)]
        doubtful = (one for key, one in self._doubtful().items() if key[0] == name)
        found = (investigate(one, self._expectation(one), (own_start,)) for one in doubtful)
        return len(rows) + sum(one.settled for one in found)

    def findings(self) -> dict[Number, Findings]:
        """What was found out about every doubtful answer, in their order."""
        doubtful = self._doubtful()
        findings: dict[Number, Findings] = {}
        for key in sorted(doubtful, key=lambda key: (self._turn(doubtful[key]), key)):
            findings[key] = self._investigate(doubtful[key], self._part(key))
            answer, found = doubtful[key], findings[key]
            self.carry.accounts.enter(found, self._language(answer), self._slip(answer))
        return {key: findings[key] for key in doubtful}

    def _slip(self, answer: Evidence) -> Callable[[], bool]:
        """Whether one slip in the code of a step gives an answer: looked for when it matters."""
        expectation = self._expected.get((answer.place, answer.row))
        if expectation is None:
            return lambda: False
        return partial(one_slip_in_the_code, answer, expectation)

    def _language(self, answer: Evidence) -> Language | None:
        """The language of a formula."""
        if answer.formula is None:
            return None
        return self._key.formulas[answer.place].language

    def _turn(self, answer: Evidence) -> tuple[bool, int, int, bool]:
        """Starts come before what may be started from them: formulas before numbers, a step before
        what is made of it, a row before the next one and before the one that is beside it."""
        recurrence = answer.question.recurrence
        steps = {answer.step}
        if recurrence is not None:
            lists = (*recurrence.state, *recurrence.beside)
            steps |= {self.iterates[name].step for name in lists if name in self.iterates}
        depth = max(len(self._worlds.made_of(step)) for step in steps)
        beside = recurrence is not None and bool(recurrence.beside)
        return answer.formula is None, depth, answer.row or 0, beside

    def _doubtful(self) -> dict[Number, Evidence]:
        """The answers to look at again."""
        found: dict[Number, Evidence] = {}
        for answer in self.answers:
            parts = self._judged[answer.question.id].parts
            if answer.rows is not None:
                wanted = len(self._key.parts[answer.place])
                for number, row in enumerate(answer.rows[:wanted]):
                    if _is_doubtful(parts[number]):
                        found[answer.question.id, number] = replace(
                            answer, value=row, rows=None, row=number
                        )
                continue
            number = answer.question.parts.index(answer.part)
            if _is_doubtful(parts[number]):
                found[answer.question.id, number] = answer
        return found

    def _part(self, key: Number) -> PartOutcome:
        return self._judged[key[0]].parts[key[1]]

    def _investigate(self, answer: Evidence, part: PartOutcome) -> Findings:
        """What is right as far as its digits go may follow; no mistake is looked for in it."""
        merely = part.verdict is Verdict.IMPRECISE
        try:
            expectation = self._expectation(answer)
            if not merely:
                self._expected[answer.place, answer.row] = expectation
            return investigate(answer, expectation, (own_start,) if merely else None)
        except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
            return Findings(answer=answer, fault=said(error))

    def _expectation(self, answer: Evidence) -> Expectation:
        bases, why_not = self._bases(answer)
        return Expectation(
            answer,
            self.carry,
            self._worlds,
            bases=bases,
            why_not=why_not,
            answers=self.answers,
            nameable=self._nameable(answer),
        )

    def _nameable(self, answer: Evidence) -> frozenset[str]:
        """The steps and givens that a formula may name."""
        if answer.formula is None:
            return frozenset()
        language = self._key.formulas[answer.place].language
        return frozenset(language.symbols.values()) | frozenset(language.functions.values())

    def _bases(self, answer: Evidence) -> tuple[list[Basis], list[StartUnused]]:
        bases, why_not = self.carry.bases(answer)
        if answer.row is not None:
            recurrence = answer.question.recurrence
            functions = self.carry.functions(answer, recurrence.step) if recurrence else []
            before, fault = row_bases(
                answer,
                self._lists_beside(answer),
                self._worlds,
                self.carry.accounts,
                functions,
            )
            bases = before + [one for one in bases if answer.step not in one.starts]
            why_not = why_not + ([fault] if fault else [])
        return bases, why_not

    def _lists_beside(self, answer: Evidence) -> dict[str, Evidence]:
        """The lists at the same instance, by their questions: the state is taken from these."""
        here = self._worlds.instance(answer.part.at)
        return {
            name: other
            for name, other in self.iterates.items()
            if self._worlds.instance(other.part.at).agrees(here, self._worlds.made_of(other.step))
        }


def _is_doubtful(part: PartOutcome) -> bool:
    """Whether a hypothesis may account for it: numbers that are not right, or of another shape."""
    right_numbers = part.verdict is Verdict.PARTIAL and part.reason is Reason.WRONG_SHAPE
    if part.reason is Reason.WRONG_FORM or right_numbers:
        return False  # the value is right: there is nothing to account for
    return part.verdict in _LOOKED_AT or part.reason in _OTHER_SHAPES
