"""Look again at what is not right: does it follow, and which mistakes account for it?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from grader.judge.expect.key import Key
from grader.judge.expect.world import Worlds
from grader.judge.explain.charges import Number, charged_once
from grader.judge.explain.findings import Findings, MistakeSet
from grader.judge.explain.function_mistakes import (
    FunctionFindings,
    explain_function,
    revise_function,
)
from grader.judge.explain.hints import divergence, shifted
from grader.judge.explain.hypotheses import comes_out
from grader.judge.explain.inquiry import Inquiry
from grader.judge.explain.joint import Joint, diagnose
from grader.judge.explain.made_up import takes_no_work
from grader.judge.explain.revise import held_part, revised
from grader.judge.explain.rows_before import rows_before_taken_off
from grader.judge.explain.support import supported
from grader.judge.mark.evidence import Evidence
from grader.judge.scoring import Judged
from grader.judge.words.explaining import named
from grader.judge.words.fault import said
from grader.judge.words.marking import row_label
from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.fact import Facts
from grader.model.fact_explaining import Diverges, Shifted
from grader.model.outcome import Diagnosed, PartOutcome
from grader.model.verdict import Reason

__all__ = ["Reviewed", "review"]


Results: TypeAlias = Mapping[str, Judged]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reviewed:
    """What became of the questions that have parts, and what accounts for the submission.

    `faults` are the functions whose explaining failed, and the lists of which it could not be told
    whether they begin with an extra row: what went wrong, by question.
    """

    judged: Results
    diagnosis: tuple[Diagnosed, ...] = ()
    faults: Mapping[str, str]


def review(assignment: Assignment, key: Key, judged: Results) -> Reviewed:
    """Look again at answers that are not right. No answer gets less than it had.

    A fault of ours in explaining one answer holds that answer, and no other.
    """
    worlds = key.worlds
    if worlds is None or all(one.is_right for one in judged.values()):
        return Reviewed(judged=judged, faults={})

    def good(some: Results, name: str) -> int:
        return Inquiry(assignment, key, worlds, some).rows_in_order(name)

    judged, of_lists = rows_before_taken_off(judged, key, good)
    reviewed = _Review(assignment, key, worlds, judged).result()
    return replace(reviewed, faults={**of_lists, **reviewed.faults})


class _Review:
    def __init__(self, assignment: Assignment, key: Key, worlds: Worlds, judged: Results) -> None:
        self._assignment = assignment
        self._key = key
        self._worlds = worlds
        self._judged = judged
        self._inquiry = Inquiry(assignment, key, worlds, judged)
        self._answers = self._inquiry.answers

    def result(self) -> Reviewed:
        looked_at, faults = self._functions()
        functions = {name: list(one.sets) for name, one in looked_at.items()}
        findings = supported(self._inquiry.findings(), functions)
        puzzles = [[one.mistakes for one in found.explained] for found in findings.values()]
        puzzles += list(functions.values())
        joint = diagnose(puzzles, self._contradictions)
        judged = dict(self._judged)
        for name in {question for question, _ in findings}:
            judged[name] = self._revised(judged[name], findings, joint)
        used: dict[Number, MistakeSet] = {}
        unsure: set[Number] = set()  # of which mistakes they come
        for key, found in findings.items():
            if found.explained and judged[key[0]].parts[key[1]].credit is not None:
                chosen, _ = joint.choose([one.mistakes for one in found.explained])
                by_set = {id(one.mistakes): one for one in found.explained}
                basis = by_set[id(chosen)].basis
                made_up = basis is not None and basis.fabricated
                alike = found.answer.place in self._inquiry.carry.accounts.alike
                if not (by_set[id(chosen)].blocked or made_up or alike):
                    used[key] = chosen
                if by_set[id(chosen)].by_chance:
                    unsure.add(key)
        for name, options in functions.items():
            if not options:
                continue
            try:
                judged[name] = revise_function(judged[name], joint.choose(options))
            except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
                faults[name] = said(error)
            else:
                for number, part in enumerate(judged[name].parts):
                    if part.reason is Reason.KNOWN_MISTAKE:
                        used[name, number] = joint.choose(options)[0]
        shown = self._shown(used, unsure, findings)
        for name, after in charged_once(self._assignment, judged, shown).items():
            placed = after.parts != judged[name].parts
            judged[name] = self._with_place(after) if placed else after
        for name, one in looked_at.items():
            if one.others:
                facts = judged[name].facts + Facts.of(*one.others)
                judged[name] = replace(judged[name], facts=facts)
        diagnosis = self._accounts(findings, functions, joint)
        return Reviewed(judged=judged, diagnosis=diagnosis, faults=faults)

    def _shown(
        self,
        used: Mapping[Number, MistakeSet],
        unsure: Collection[Number],
        findings: Mapping[Number, Findings],
    ) -> dict[Number, MistakeSet]:
        """Those without answers that take no work, unless others show the same mistakes."""
        copies = {
            key
            for key in used
            if key in findings and takes_no_work(findings[key].answer, self._worlds)
        }
        sure = [used[key] for key in used if key not in copies and key not in unsure]
        seen = {mistake.id for chosen in sure for mistake in chosen}
        return {
            key: chosen
            for key, chosen in used.items()
            if key not in copies or all(mistake.id in seen for mistake in chosen)
        }

    # -- finding out ------------------------------------------------------------------------------

    def _functions(self) -> tuple[dict[str, FunctionFindings], dict[str, str]]:
        """What was found out about each function, and the faults in finding it out."""
        found: dict[str, FunctionFindings] = {}
        faults: dict[str, str] = {}
        for question in self._assignment.questions:
            judged = self._judged.get(question.id)
            if judged is None or not isinstance(question, FunctionQuestion) or judged.is_right:
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
            return comes_out(answer, chosen, self._inquiry.carry, self._worlds)
        except Exception:  # noqa: BLE001 - the diagnosis of the others stands
            return ()

    # -- saying so -------------------------------------------------------------------------------

    def _revised(self, judged: Judged, findings: Mapping[Number, Findings], joint: Joint) -> Judged:
        parts = list(judged.parts)
        for number, part in enumerate(parts):
            found = findings.get((judged.question.id, number))
            if found is not None:
                parts[number] = _revised_part(part, found, joint)
        revised = self._with_place(replace(judged, parts=tuple(parts)))
        if not judged.question.nature.rows or revised.facts.items != judged.facts.items:
            return revised
        return replace(revised, facts=judged.facts + self._shift(judged))

    def _with_place(self, judged: Judged) -> Judged:
        """A list with the place from which on it is wrong, others as they are."""
        if not judged.question.nature.rows:
            return judged
        others = (fact for fact in judged.facts.items if not isinstance(fact, Diverges))
        diverges = divergence(judged.parts, _first(judged.evidence[0]))
        return replace(judged, facts=Facts.of(*others) + diverges)

    def _shift(self, judged: Judged) -> Facts:
        answer = self._inquiry.iterates.get(judged.question.id)
        if answer is None or not answer.rows:
            return Facts()
        steps = shifted(answer.part, answer.rows, list(self._key.parts[answer.place]))
        return Facts.of(Shifted(steps=steps)) if steps else Facts()

    def _accounts(
        self,
        findings: Mapping[Number, Findings],
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
