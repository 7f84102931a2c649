"""Look again at what is not right: does it follow, and which mistakes account for it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from grader.judge.expect.key import Key
from grader.judge.expect.world import Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.expectation import Expectation
from grader.judge.explain.findings import Findings, MistakeSet
from grader.judge.explain.function_mistakes import explain_function, revise_function
from grader.judge.explain.hints import divergence, shifted
from grader.judge.explain.hypotheses import comes_out, investigate
from grader.judge.explain.joint import Joint, diagnose
from grader.judge.explain.recurrence import row_bases
from grader.judge.explain.revise import held_part, revised
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence
from grader.judge.scoring import Judged
from grader.judge.words.explaining import named, row_label
from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.fact import Facts
from grader.model.fact_explaining import Shifted, StartUnused
from grader.model.outcome import Diagnosed, PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["Reviewed", "review", "said"]

_LOOKED_AT = (Verdict.INCORRECT, Verdict.IMPRECISE, Verdict.PARTIAL)
_OTHER_SHAPES = (Reason.WRONG_SHAPE, Reason.TRANSPOSED)

Results: TypeAlias = Mapping[str, Judged]
_Number: TypeAlias = tuple[str, int]  # question id, and the number of the part or row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reviewed:
    """What became of the questions that have parts, and what accounts for the submission.

    `faults` are the questions of functions whose explaining failed, with what went wrong.
    """

    judged: Results
    diagnosis: tuple[Diagnosed, ...] = ()
    faults: Mapping[str, str]


def review(assignment: Assignment, key: Key, judged: Results) -> Reviewed:
    """Look again at answers that are not right. No answer gets less than it had.

    A fault of ours in explaining one answer holds that answer, and no other.
    """
    worlds = key.worlds
    if worlds is None or all(_all_right(one) for one in judged.values()):
        return Reviewed(judged=judged, faults={})
    return _Review(assignment, key, worlds, judged).result()


def said(error: Exception) -> str:
    """A fault in words for staff."""
    return f"{type(error).__name__}: {error}"


def _all_right(judged: Judged) -> bool:
    return all(part.verdict is Verdict.CORRECT for part in judged.parts)


class _Review:
    def __init__(self, assignment: Assignment, key: Key, worlds: Worlds, judged: Results) -> None:
        self._assignment = assignment
        self._key = key
        self._worlds = worlds
        self._judged = judged
        self._answers = [
            one
            for question in assignment.questions
            if question.id in judged
            for one in judged[question.id].evidence
        ]
        self._carry = Carry(worlds, self._answers)
        self._iterates = {one.question.id: one for one in self._answers if one.question.nature.rows}

    def result(self) -> Reviewed:
        findings = self._findings()
        functions, faults = self._functions()
        puzzles = [[one.mistakes for one in found.explained] for found in findings.values()]
        puzzles += list(functions.values())
        joint = diagnose(puzzles, self._assignment.mistakes, self._contradictions)
        judged = dict(self._judged)
        for name in {question for question, _ in findings}:
            judged[name] = self._revised(judged[name], findings, joint)
        for name, options in functions.items():
            if not options:
                continue
            try:
                judged[name] = revise_function(judged[name], joint.choose(options))
            except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
                faults[name] = said(error)
        diagnosis = self._accounts(findings, functions, joint)
        return Reviewed(judged=judged, diagnosis=diagnosis, faults=faults)

    # -- finding out ------------------------------------------------------------------------------

    def _findings(self) -> dict[_Number, Findings]:
        """What was found out about every doubtful answer, formulas first."""
        doubtful = self._doubtful()
        formulas = [key for key, one in doubtful.items() if one.formula is not None]
        findings = {key: self._investigate(doubtful[key]) for key in formulas}
        # A number may follow from the own formula for it, if that is itself accounted for.
        self._carry.trusted = frozenset(
            found.answer.place for found in findings.values() if found.accounted_for
        )
        others = [key for key in doubtful if key not in findings]
        return findings | {key: self._investigate(doubtful[key]) for key in others}

    def _doubtful(self) -> dict[_Number, Evidence]:
        """The answers to look at again."""
        found: dict[_Number, Evidence] = {}
        for answer in self._answers:
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

    def _investigate(self, answer: Evidence) -> Findings:
        try:
            bases, why_not = self._bases(answer)
            expectation = Expectation(
                answer,
                self._carry,
                self._worlds,
                bases=bases,
                why_not=why_not,
                answers=self._answers,
            )
            return investigate(answer, expectation)
        except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
            return Findings(answer=answer, fault=said(error))

    def _bases(self, answer: Evidence) -> tuple[list[Basis], list[StartUnused]]:
        bases, why_not = self._carry.bases(answer)
        if answer.row is not None:
            recurrence = answer.question.recurrence
            functions = self._carry.functions(answer, recurrence.step) if recurrence else []
            beside = self._lists_beside(answer)
            before, fault = row_bases(answer, beside, self._worlds.under(), functions)
            bases = before + [one for one in bases if answer.step not in one.starts]
            why_not = why_not + ([fault] if fault else [])
        return bases, why_not

    def _lists_beside(self, answer: Evidence) -> dict[str, Evidence]:
        """The lists at the same instance, by their questions: the state is taken from these."""
        here = self._worlds.instance(answer.part.at)
        return {
            name: other
            for name, other in self._iterates.items()
            if self._worlds.instance(other.part.at).agrees(here, self._worlds.made_of(other.step))
        }

    def _functions(self) -> tuple[dict[str, list[MistakeSet]], dict[str, str]]:
        """The sets of mistakes that explain each function, and the faults in finding them."""
        found: dict[str, list[MistakeSet]] = {}
        faults: dict[str, str] = {}
        for question in self._assignment.questions:
            judged = self._judged.get(question.id)
            if judged is None or not isinstance(question, FunctionQuestion) or _all_right(judged):
                continue
            try:
                found[question.id] = explain_function(question, judged.cases, self._worlds)
            except Exception as error:  # noqa: BLE001 - the same
                faults[question.id] = said(error)
        return found, faults

    def _contradictions(self, mistakes: frozenset[str]) -> int:
        """How many of the right answers these mistakes would have changed."""
        chosen = tuple(one for one in self._assignment.mistakes if one.id in mistakes)
        return sum(
            self._by_these(answer, chosen) is None
            for answer in self._answers
            if answer.right and not answer.question.nature.rows
        )

    def _by_these(self, answer: Evidence, chosen: MistakeSet) -> MistakeSet | None:
        """Those of the mistakes that give the answer, or None. An answer for which that cannot be
        found out, through a fault of ours, says nothing for or against them."""
        try:
            return comes_out(answer, chosen, self._carry, self._worlds)
        except Exception:  # noqa: BLE001 - the diagnosis of the others stands
            return ()

    # -- saying so -------------------------------------------------------------------------------

    def _revised(
        self, judged: Judged, findings: Mapping[_Number, Findings], joint: Joint
    ) -> Judged:
        parts = list(judged.parts)
        for number, part in enumerate(parts):
            found = findings.get((judged.question.id, number))
            if found is not None:
                parts[number] = _revised_part(part, found, joint)
        facts = judged.facts
        if judged.question.nature.rows:
            diverges = divergence(parts, _first(judged.evidence[0]))
            facts = facts + (diverges if diverges.items else self._shift(judged))
        return replace(judged, parts=tuple(parts), facts=facts)

    def _shift(self, judged: Judged) -> Facts:
        answer = self._iterates.get(judged.question.id)
        if answer is None or not answer.rows:
            return Facts()
        steps = shifted(answer.part, answer.rows, list(self._key.parts[answer.place]))
        return Facts.of(Shifted(steps=steps)) if steps else Facts()

    def _accounts(
        self,
        findings: Mapping[_Number, Findings],
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
                used = self._by_these(found.answer, chosen) or ()
            for mistake in used:
                explains.setdefault(mistake.id, []).append(_place_words(found.answer))
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
    right_numbers = part.verdict is Verdict.PARTIAL and part.reason is Reason.WRONG_SHAPE
    if part.reason is Reason.WRONG_FORM or right_numbers:
        return False  # the value is right: there is nothing to account for
    return part.verdict in _LOOKED_AT or part.reason in _OTHER_SHAPES


def _revised_part(part: PartOutcome, found: Findings, joint: Joint) -> PartOutcome:
    if found.fault:
        return held_part(part, found.fault)
    try:
        return _with_findings(part, found, joint)
    except Exception as error:  # noqa: BLE001 - it holds this answer, and no other
        return held_part(part, said(error))


def _with_findings(part: PartOutcome, found: Findings, joint: Joint) -> PartOutcome:
    if not found.explained:
        return revised(part, found, [], None)
    by_set = {id(one.mistakes): one for one in found.explained}
    chosen, others = joint.choose([one.mistakes for one in found.explained])
    return revised(part, found, [by_set[id(one)] for one in others], by_set[id(chosen)])


def _first(answer: Evidence) -> int:
    return 0 if answer.question.includes_start else 1


def _place_words(answer: Evidence) -> str:
    """Where an answer stands, for a note about the whole submission."""
    words = named(answer.place)
    if answer.row is None:
        return words
    return f"{words}: {row_label(answer.row + _first(answer))}"
