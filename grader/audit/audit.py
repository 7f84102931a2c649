"""The audit of an assignment: can its questions tell right from wrong?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.audit.alike import alike
from grader.audit.finding import Audit, Finding
from grader.audit.moved import moved
from grader.audit.never_wrong import never_broken, never_wrong
from grader.audit.noticed import unnoticed
from grader.audit.places import Measured, by_question, places
from grader.audit.rounding import rounding
from grader.audit.told import told
from grader.audit.tries import tries
from grader.audit.variants import sample, told_givens
from grader.audit.wrong_ways import copies, mistakes, shifted, zero
from grader.checks.prepare import Prepared
from grader.model.audit import Excused
from grader.model.outcome import SubmissionOutcome

__all__ = ["audit"]


def audit(prepared: Prepared, examples: Sequence[SubmissionOutcome]) -> Audit:
    """Measure everything; `examples` are the assignment's own, as they were marked."""
    assignment = prepared.assignment
    with warnings.catch_warnings():
        # Wrong ways and mutants compute oddly; that is measured, and nobody wrote them so.
        warnings.simplefilter("ignore")
        found = [
            *_measured(prepared),
            *told(assignment, prepared.key),
            *tries(assignment),
            *never_wrong(assignment, examples),
            *never_broken(assignment, examples),
        ]
        found += list(_in_variants(prepared, found))
    return Audit(
        slug=assignment.slug,
        questions=tuple(q.id for q in assignment.questions if not q.nature.by_person),
        findings=tuple(_excused(found, assignment.audit.excused)),
    )


def _measured(prepared: Prepared) -> Iterator[Finding]:
    key, worlds = prepared.key, prepared.key.worlds
    if worlds is None:
        return
    every = places(prepared.assignment, key)
    questions = by_question(every)
    ids = [question.id for question in prepared.assignment.questions]
    noticed: set[str] = set()
    earlier: list[Measured] = []
    for name in sorted(questions, key=ids.index):
        own = questions[name]
        yield from rounding(own, key)
        yield from mistakes(own, worlds, noticed)
        yield from shifted(own)
        yield from zero(own)
        yield from copies(own, earlier)
        yield from alike(own, worlds)
        earlier += own
    for mistake in worlds.assignment.mistakes:
        if mistake.id not in noticed:
            yield Finding(
                check="mistakes",
                hole=f"no question notices the mistake {mistake.id}",
                remedy="add a case or an instance where it shows, or remove it",
            )
    yield from moved(questions, worlds)
    if every:
        yield from unnoticed(every, worlds)


_VARIANTS = 3  # measured too: each costs as much as the assignment itself


def _in_variants(prepared: Prepared, found: Sequence[Finding]) -> Iterator[Finding]:
    """Holes that the assignment's own givens do not have."""
    if prepared.assignment.variants is None or prepared.reference is None:
        return
    known = {_which(finding) for finding in found if finding.hole}
    drawn = sample(prepared, _VARIANTS)
    for givens in drawn:
        for finding in _measured(prepared.at(givens)):
            if finding.hole and _which(finding) not in known:
                known.add(_which(finding))
                hole = f"with {told_givens(givens)}: {finding.hole}"
                yield replace(finding, hole=hole, words="")
    words = f"variants: {len(drawn)} measured of {prepared.assignment.variants.count:,}"
    yield Finding(check="variants", words=words)


def _which(finding: Finding) -> tuple[str, ...]:
    """Equal for holes that are one; their words hold numbers that move with the givens."""
    words = finding.hole if finding.check == "mutants" else ""
    return finding.check, finding.question, finding.place, words


def _excused(found: Sequence[Finding], notes: Sequence[Excused]) -> Iterator[Finding]:
    excuses = {(note.question, note.check): note for note in notes}
    used = set()
    for finding in found:
        key = (finding.question, finding.check)
        if finding.hole and key in excuses:
            used.add(key)
            words = f"excused from {finding.check}"
            yield replace(finding, hole="", words=finding.words or words)
        else:
            yield finding
    for key, note in excuses.items():
        if key not in used:
            yield Finding(
                check="notes",
                question=note.question,
                hole=f"`audit: excused:` {note.question} needs no excuse from {note.check}",
                remedy="remove the entry",
            )
