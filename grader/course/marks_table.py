"""Marks of people by a table: what waits is written down, and what was filled in is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.course.absent import absent_answers, attempts_for_rows, marked_without_files
from grader.course.by_hand import EVERY_ATTEMPT, HandAnswer, MarkFault, answers_by_hand, points_for
from grader.course.figures import figure_of
from grader.course.together import together_with
from grader.gradebook.attempts import counted_attempts
from grader.gradebook.book import Gradebook
from grader.gradebook.marks import NewEvent, add_event
from grader.gradebook.rules import rules_of
from grader.model.course_rules import CourseRules
from grader.model.number_text import points_text
from grader.model.verdict import Verdict
from grader.report.marks_csv import FilledRow, MarkRow, marks_csv, read_marks

__all__ = ["MarksTable", "TakenMarks", "marks_table", "take_marks"]

_ROW = re.compile(r"answer-(\d{1,15})-(\w+)")


@dataclass(slots=True, kw_only=True)
class TakenMarks:
    """What came of a table: how many marks are new or there already, and what was not taken."""

    given: list[str] = field(default_factory=list)  #: "ann why"
    there_already: int = 0
    empty: int = 0
    refused: list[str] = field(default_factory=list)  #: a sentence each
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksTable:
    """What waits for a person, as it is written."""

    text: str
    count: int  #: of its rows
    figures: Mapping[str, bytes]  #: by the names of their files, for the folder beside the table


def marks_table(
    book: Gradebook,
    assignments: Sequence[str],
    *,
    question: str = "",
    every: bool = False,
    absent: bool = False,
    rules: CourseRules | None = None,
    figures_in: str = "figures",
    separator: str = ",",
) -> MarksTable:
    """The table of what waits, or with `every` of all that waits or was marked; with `absent` of
    all questions to those who handed in nothing, too. Of every attempt that counts by the rules.
    Questions that the rules drop are left out, unless one is asked for or all are.

    `figures_in` is what the folder of the figures is called in it.
    """
    figures: dict[str, bytes] = {}
    rows: list[MarkRow] = []
    told: set[tuple[int, str]] = set()  # in the row of somebody of their group
    for slug in assignments:
        without = marked_without_files(book, slug) if absent else ()
        rule = (rules and rules.attempts) or rules_of(book, slug).attempts
        dropped = rules.of(slug).drop if rules and not (question or every) else ()
        counted = counted_attempts(book, slug, rule, rules.most_attempts if rules else None)
        for one in answers_by_hand(book, slug, question=question, attempt=EVERY_ATTEMPT):
            if one.submission not in counted or one.question in dropped:
                continue
            wanted = one.waits or (every and one.mark is not None) or one.submission in without
            if wanted and (one.submission, one.question) not in told:
                same = [each for each in together_with(book, one) if _same_mark(each, one)]
                told |= {(each.submission, each.question) for each in same}
                row = _written(_name_of(one), one, _shown(book, one, figures, figures_in))
                rows.append(replace(row, also=[each.student for each in same]))
        if absent:
            rows += [
                _written(name, one, "")
                for name, one in absent_answers(book, slug, question)
                if one.question not in dropped
            ]
    return MarksTable(text=marks_csv(rows, separator), count=len(rows), figures=figures)


def _same_mark(one: HandAnswer, other: HandAnswer) -> bool:
    """Whether people gave both the same, or nobody gave either anything."""
    first, second = (
        (each.points, each.mark is None, "" if each.mark is None else each.mark.comment)
        for each in (one, other)
    )
    return first == second


def _shown(book: Gradebook, one: HandAnswer, figures: dict[str, bytes], folder: str) -> str:
    """The answer as the table has it: of a figure where its file is, which is added to them."""
    if not (one.is_figure and one.answer) or one.verdict == Verdict.MISSING:
        return one.answer
    figure = figure_of(book, one.submission, one.answer)
    if figure.content is not None:
        name = f"{_name_of(one)}.{figure.suffix}"
        figures[name] = figure.content
        return f"{one.answer} [{folder}/{name}]"
    where = f"; handed in as {figure.where}" if figure.where else ""
    return f"{one.answer} [{figure.why}{where}]"


def _name_of(one: HandAnswer) -> str:
    return f"answer-{one.submission}-{one.question}"


def _written(name: str, one: HandAnswer, shown: str) -> MarkRow:
    mark = one.mark
    return MarkRow(
        row=name,
        student=one.student,
        question=one.question,
        attempt=one.attempt,
        answer=shown,
        rubric=[(line.text, line.points) for line in one.rubric],
        max_points=one.max_points,
        version=one.version,
        points=mark.points if mark else None,
        lines=[line.line for line in mark.rubric] if mark else (),
        comment=mark.comment if mark else "",
    )


def take_marks(
    book: Gradebook, content: bytes, *, by: str, now: str, beyond: bool = False
) -> TakenMarks:
    """Add a mark for each row that was filled in and whose answer is as it was when it was written.

    All that can be taken is, in one transaction; the rest is told. Raises MarksTableFault for what
    is not a table, SpecFault and GradebookFault.
    """
    taken = TakenMarks()
    filled = read_marks(content)
    to_take = [row.row for row in filled if not row.is_empty]
    # Read within the transaction: nobody marks between the look and the mark.
    with book.writing(), attempts_for_rows(book, to_take, now=now) as of_absent:
        known = {**_known(book, filled), **of_absent}
        seen: set[str] = set()
        for row in filled:
            where = f"line {row.number} ({row.student or row.row})"
            if row.is_empty:
                taken.empty += 1
            elif row.row in seen:
                taken.refused.append(f"{where}: the same answer stands in an earlier line")
            elif row.row not in known:
                taken.refused.append(f"{where}: {row.row!r} is not an answer of this gradebook")
            else:
                seen.add(row.row)
                _take(book, taken, row, known[row.row], where, by=by, now=now, beyond=beyond)
    return taken


def _known(book: Gradebook, filled: Sequence[FilledRow]) -> dict[str, HandAnswer]:
    """The answers that the rows speak of, by the text of the row."""
    wanted: dict[tuple[str, int], set[int]] = {}
    submissions = {int(found[1]) for row in filled if (found := _ROW.fullmatch(row.row))}
    for number in sorted(submissions):
        row = book.row("SELECT assignment, attempt FROM submission WHERE id = ?", number)
        if row is not None:
            wanted.setdefault((row["assignment"], row["attempt"]), set()).add(number)
    return {
        _name_of(one): one
        for (assignment, attempt), numbers in wanted.items()
        for one in answers_by_hand(book, assignment, attempt=attempt)
        if one.submission in numbers
    }


def _take(
    book: Gradebook,
    taken: TakenMarks,
    row: FilledRow,
    answer: HandAnswer,
    where: str,
    *,
    by: str,
    now: str,
    beyond: bool,
) -> None:
    if row.student and row.student.lstrip("0") != answer.student.lstrip("0"):
        taken.refused.append(f"{where}: the row is of {answer.student}; were cells moved?")
        return
    if row.wrong:
        taken.refused.append(f"{where}: {row.wrong}")
        return
    is_there = _is_there(row, answer)
    try:
        points, rubric = points_for(answer, row.points, row.lines, beyond=beyond or is_there)
    except MarkFault as fault:
        taken.refused.append(f"{where}: {fault}")
        return
    if row.version != answer.version and not is_there:
        now_there = "it has no mark"
        if answer.mark is not None and answer.mark.points is not None:
            now_there = f"there is {points_text(answer.mark.points)} by {answer.mark.by}"
        taken.conflicts.append(
            f"{where}, {answer.question}: it changed since the table was written; now {now_there}, "
            f"the table says {points_text(points)}"
        )
        return
    event = NewEvent(
        submission=answer.submission,
        question=answer.question,
        by=by,
        points=points,
        worth=answer.max_points,
        rubric=rubric,
        comment=row.comment,
        beyond=beyond,
    )
    taken.there_already += is_there
    wanted = [] if is_there else [answer]
    for one in (*wanted, *_also(book, taken, row, answer, event, where)):
        new = replace(event, submission=one.submission, worth=one.max_points)
        add_event(book, new, now=now)
        taken.given.append(f"{one.student} {one.question}")


def _also(
    book: Gradebook,
    taken: TakenMarks,
    row: FilledRow,
    answer: HandAnswer,
    event: NewEvent,
    where: str,
) -> list[HandAnswer]:
    """Those of the group who get the mark too; of the others it is told why not."""
    together = {one.student: one for one in together_with(book, answer)} if row.also else {}
    wanted: list[HandAnswer] = []
    for name in row.also:
        one = together.get(name)
        mark = None if one is None else one.mark
        if one is None:
            why = f"{name!r} in `also` did not hand this in together with {answer.student}"
            taken.refused.append(f"{where}: {why}; the others of the row have the mark")
        elif mark is not None and (mark.points, mark.comment) == (event.points, event.comment):
            taken.there_already += 1
        elif mark is None or _same_mark(one, answer):
            wanted.append(one)
        else:
            told = f"{name} has {_points_of(one)} by {mark.by}, which was left as it is"
            taken.conflicts.append(f"{where}, {answer.question}: {told}")
    return wanted


def _points_of(one: HandAnswer) -> str:
    return "no points" if one.points is None else points_text(one.points)


def _is_there(row: FilledRow, answer: HandAnswer) -> bool:
    """Whether the mark that counts is just this, as where a table is read twice, or two people
    marked alike."""
    mark = answer.mark
    if mark is None or mark.points is None or mark.comment != row.comment:
        return False
    lines = tuple(one.line for one in mark.rubric)
    if row.lines is not None or lines:
        return row.lines == lines and row.points is None
    return row.points is not None and points_text(row.points) == points_text(mark.points)
