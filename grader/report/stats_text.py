"""What a class shows, for a terminal of 80 columns: what matters first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.report.stats_lines import (
    LISTED,
    NAME_WIDTH,
    cluster_lines,
    interval_text,
    question_table,
    short,
    students_text,
    wrapped,
)
from grader.report.words import points
from grader.stats.distribution import BINS, Distribution
from grader.stats.lost import Cause
from grader.stats.mistakes import MistakeMade
from grader.stats.shown import ClassShown, QuestionShown

__all__ = ["class_stats_page", "main_sentence"]

_BAR = 40
_MISTAKE_WIDTH = NAME_WIDTH + 10
_CAUSES: Mapping[Cause, str] = {
    Cause.EXPLAINED: "explained",
    Cause.UNEXPLAINED: "unexplained",
    Cause.UNANSWERED: "not answered",
    Cause.FAILED_CODE: "code failed",
    Cause.BY_A_PERSON: "marked by a person",
}


def main_sentence(shown: ClassShown) -> str:
    """What matters most: where most of the class first go wrong, and why."""
    worst = shown.worst
    if not shown.students:
        return "Nobody has been marked yet."
    if all(one.figures.facility_answered is None for one in shown.questions):
        return "No answer has points yet: none was given, or they all wait."
    if worst is None:
        if shown.students == 1:
            return "The one student gives no wrong answer."
        return f"None of {students_text(shown.students)} gives a wrong answer."
    count = len(worst.first.students)
    verb = "goes" if count == 1 else "go"
    text = f"{count} of {shown.students} first {verb} wrong in {worst.figures.question}"
    if not worst.first.mistakes:
        return f"{text}; no named mistake explains it."
    name, explained = worst.first.mistakes[0]
    return f"{text}; one mistake ({name}) explains {explained}."


def class_stats_page(shown: ClassShown, *, complete: bool) -> str:
    """The class as a whole, and a line a question."""
    lines = [*wrapped(f"{shown.title} ({shown.slug}): {students_text(shown.students)}", "")]
    if not complete:
        lines.append("  the last run did not come to its end: `grader grade` goes on")
    lines += ["", *wrapped(main_sentence(shown)), ""]
    lines += _waiting(shown)
    if shown.students:
        lines += _distribution(shown.distribution)
        lines += ["", *question_table(shown.questions), ""]
        lines += _reliability(shown)
        lines += _lost(shown)
        lines += _mistakes(shown.mistakes)
        lines += cluster_lines(shown.clusters, shown.students)
        lines += _edges(shown.questions)
        lines += _cases_in_short(shown.questions)
        lines += _readings(shown)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


# -- the class -----------------------------------------------------------------------------------


def _waiting(shown: ClassShown) -> Iterator[str]:
    waiting = shown.waiting
    for found, words in ((waiting.held, "could not be marked"), (waiting.pending, "for a person")):
        if found:
            listed = ", ".join(f"{name} {len(names)}" for name, names in found.items())
            yield from wrapped(f"{words}: {listed}")
    if waiting.students:
        has = "has" if waiting.students == 1 else "have"
        yield from wrapped(f"{students_text(waiting.students)} {has} no final mark for it")
        yield ""


def _distribution(found: Distribution) -> Iterator[str]:
    provisional = f", {found.provisional} provisional" if found.provisional else ""
    yield f"  Marks in per cent ({students_text(found.students)}{provisional})"
    pairs = (
        ("mean", found.mean),
        ("sd", found.deviation),
        ("least", found.least),
        ("quartiles", found.lower_quartile),
        ("", found.median),
        ("", found.upper_quartile),
        ("most", found.most),
    )
    told = [f"{name} {value:.0f}".strip() for name, value in pairs if value is not None]
    if told:
        yield f"    {'  '.join(told)}"
    if found.students < 3:
        return
    most = max(found.bins)
    for number, count in enumerate(found.bins):
        low = 100 * number // BINS
        high = 100 if number == BINS - 1 else low + 100 // BINS - 1
        bar = "█" * max(round(_BAR * count / most), int(count > 0))
        yield f"    {low:>3}–{high:<3}  {bar} {count or ''}".rstrip()


def _reliability(shown: ClassShown) -> Iterator[str]:
    found = shown.reliability
    if found is not None:
        yield from wrapped(
            f"Cronbach's alpha {found.alpha:.2f}, standard error {found.error:.2f} points"
            " (questions that build on each other make alpha look better than it is)"
        )
        yield ""


def _lost(shown: ClassShown) -> Iterator[str]:
    lost = shown.lost
    if lost.total:
        told = [
            f"{words} {round(100 * share)} %"
            for cause, words in _CAUSES.items()
            if (share := lost.share(cause))
        ]
        yield from wrapped(f"Points lost: {points(lost.total)}. Of these: {', '.join(told)}")


def _mistakes(mistakes: Sequence[MistakeMade]) -> Iterator[str]:
    if mistakes:
        yield ""
        heading = f"{'students':>8}  {'answers':>7}  {'points lost':>11}"
        yield f"  {'mistake':<{_MISTAKE_WIDTH}}  {heading}"
        for one in mistakes[:LISTED]:
            name = short(one.mistake, _MISTAKE_WIDTH)
            counts = f"{len(one.students):>8}  {one.answers:>7}  {points(one.points):>11}"
            yield f"  {name:<{_MISTAKE_WIDTH}}  {counts}"
        if len(mistakes) > LISTED:
            yield f"  … and {len(mistakes) - LISTED} more"
    yield ""


def _edges(questions: Sequence[QuestionShown]) -> Iterator[str]:
    near = [
        one.edge
        for one in questions
        if one.edge is not None and (one.edge.just_right or one.edge.just_wrong)
    ]
    if near:
        yield "  At the edge of a tolerance"
        for edge in near:
            yield from wrapped(
                f"{edge.question}: {len(edge.just_right)} just right, "
                f"{len(edge.just_wrong)} just wrong; the same marks {interval_text(edge)}",
                "    ",
            )
        yield ""


def _cases_in_short(questions: Sequence[QuestionShown]) -> Iterator[str]:
    for one in questions:
        caught = {name for case in one.cases for name in case.caught}
        if caught:
            needed = [case.label for case in one.cases if not case.adds_nothing]
            others = sum(case.adds_nothing for case in one.cases)
            text = f"cases of {one.figures.question}: {students_text(len(caught))} caught; "
            if needed:
                text += f"{', '.join(needed)} {'catches' if len(needed) == 1 else 'catch'}"
                text += " somebody whom no other does; "
            yield from wrapped(f"{text}{others} of {len(one.cases)} catch nobody else")


def _readings(shown: ClassShown) -> Iterator[str]:
    if shown.readings:
        listed = ", ".join(f"{one.kind} ({len(one.students)})" for one in shown.readings)
        yield from wrapped(f"read otherwise than typed, by students: {listed}")
