"""What one question shows of a class, for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.report.stats_lines import (
    NAME_WIDTH,
    cluster_lines,
    counted,
    interval_text,
    names_text,
    question_table,
    short,
    students_text,
    wrapped,
)
from grader.stats.cases import CaseCatches
from grader.stats.edge import Edge, WhatIf
from grader.stats.shown import ClassShown

__all__ = ["question_stats_page"]


def question_stats_page(shown: ClassShown, question: str) -> str:
    """One question with all that is known of it."""
    one = next(item for item in shown.questions if item.figures.question == question)
    figures, first = one.figures, one.first
    lines = [*wrapped(f"{shown.slug}, {question}: {students_text(figures.students)}", ""), ""]
    lines += question_table([one])
    if figures.poor:
        lines += wrapped("it does not tell those who know more from others: look at its key")
    if figures.efficiency is not None:
        lines += wrapped(f"discriminative efficiency {figures.efficiency:.2f}")
    for names, words in (
        (shown.waiting.held.get(question), "could not be marked"),
        (shown.waiting.pending.get(question), "waiting for a person"),
    ):
        lines += wrapped(f"{words}: {names_text(names)}") if names else []
    lines += ["", *wrapped(f"first go wrong here: {names_text(first.students) or 'nobody'}")]
    lines += wrapped(counted("at", first.labels)) if any(n for n, _ in first.labels) else []
    lines += wrapped(counted("by mistake", first.mistakes)) if first.mistakes else []
    mine = [cluster for cluster in shown.clusters if cluster.question == question]
    lines += ["", *(cluster_lines(mine, shown.students) if mine else [])]
    lines += [*_edge(one.edge), ""] if one.edge is not None else []
    lines += _cases(one.cases)
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _edge(edge: Edge) -> Iterator[str]:
    yield from wrapped(
        f"Tolerance ({edge.measured} values within 10 tolerances of the key, or of what follows"
        " from the student's own earlier answers)"
    )
    for names, words in (
        (edge.just_right, "just right, over 0.8 of it"),
        (edge.just_wrong, "just wrong, up to 1.25 of it"),
    ):
        yield from wrapped(f"{words}: {names_text(names) or 'nobody'}", "    ")
    yield from wrapped(f"the same marks {interval_text(edge)}", "    ")
    yield from wrapped(_what_if(edge.halved, "½", "wrong"), "    ")
    yield from wrapped(_what_if(edge.doubled, "2", "right"), "    ")


def _what_if(found: WhatIf, factor: str, other: str) -> str:
    if not found.answers:
        return f"× {factor}: nothing changes"
    values = f"{found.answers} value{'s' * (found.answers != 1)}"
    return f"× {factor}: {values} of {students_text(len(found.students))} would be {other}"


def _cases(cases: Sequence[CaseCatches]) -> Iterator[str]:
    if not any(case.caught for case in cases):
        if cases:
            yield "  none of the cases catches anybody"
        return
    yield f"  {'case':<{NAME_WIDTH + 20}}  {'catches':>8}  {'it alone':>8}"
    for case in cases:
        name = short(case.label, NAME_WIDTH + 20)
        yield f"  {name:<{NAME_WIDTH + 20}}  {len(case.caught):>8}  {len(case.alone):>8}"
    for case in cases:
        if case.alone:
            yield from wrapped(f"{short(case.label, 40)} alone catches {names_text(case.alone)}")
