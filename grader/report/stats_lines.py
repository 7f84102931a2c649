"""Lines that pages of statistics share: tables, values and names that fit a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from grader.compare.comparison import path_text
from grader.sandbox.text import clean_text
from grader.stats.clusters import Cluster
from grader.stats.edge import Edge
from grader.stats.shown import QuestionShown

__all__ = [
    "LISTED",
    "NAME_WIDTH",
    "cluster_lines",
    "counted",
    "interval_text",
    "names_text",
    "question_table",
    "short",
    "students_text",
    "wrapped",
]

NAME_WIDTH = 24
LISTED = 8
_WIDTH = 80
_NAMES = 4


def question_table(questions: Sequence[QuestionShown]) -> Iterator[str]:
    heading = f"{'answered':>8}  facility  {'discrimination':<20} first wrong"
    yield f"  {'question':<{NAME_WIDTH}}  {heading}"
    for one in questions:
        figures = one.figures
        answered = f"{figures.answered}/{figures.students}"
        facility = "–" if figures.facility is None else f"{figures.facility:.2f}"
        r = "–" if figures.discrimination is None else f"{figures.discrimination:.2f}"
        if figures.facility is None and figures.pending:
            r = "waits for a person"
        elif figures.interval is not None:
            r += " [{:.2f}, {:.2f}]".format(*figures.interval)
        flag = "!" if figures.poor else ""
        firsts = len(one.first.students)
        name = short(figures.question)
        yield f"  {name:<{NAME_WIDTH}}  {answered:>8}  {facility:>8}  {r + flag:<20} {firsts:>11}"
    if any(one.figures.poor for one in questions):
        yield "  ! all of the interval is below 0.2"


def cluster_lines(found: Sequence[Cluster], students: int) -> Iterator[str]:
    if not found:
        return
    yield f"  The same wrong value ({students_text(students)} in the class)"
    for one in found[:LISTED]:
        where = ", ".join(filter(None, (one.label, path_text(one.path))))
        where = f" ({where})" if where else ""
        why = ", ".join(one.mistakes) or "nobody has named why"
        yield from wrapped(
            f"{len(one.students)} × {clean_text(one.value, limit=60)} in {one.question}{where}:"
            f" {why}",
            "    ",
        )
    if len(found) > LISTED:
        yield f"    … and {len(found) - LISTED} more"
    yield ""


def interval_text(edge: Edge) -> str:
    low, high = edge.unchanged_from, edge.unchanged_below
    if low is None:
        return f"up to × {high:.4g}, without it"
    if high is None:
        return f"from × {low:.4g} on"
    return f"from × {low:.4g} to × {high:.4g}"


def students_text(count: int) -> str:
    return f"{count} student{'s' * (count != 1)}"


def counted(before: str, found: Sequence[tuple[str, int]]) -> str:
    listed = ", ".join(f"{name} {count}" for name, count in found[:LISTED] if name)
    more = f", and {len(found) - LISTED} more" if len(found) > LISTED else ""
    return f"{before}: {listed}{more}"


def names_text(names: Sequence[str]) -> str:
    shown = ", ".join(clean_text(name, limit=40) for name in names[:_NAMES])
    more = len(names) - _NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def short(text: str, width: int = NAME_WIDTH) -> str:
    text = clean_text(text, limit=200)
    return text if len(text) <= width else text[: width - 1] + "…"


def wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
