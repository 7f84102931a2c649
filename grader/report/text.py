"""For the terminal: a table a class, and a page a submission."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from grader.model.assignment import Assignment
from grader.model.fact_marking import Failed, PartUnknown
from grader.model.graded import Graded
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.columns import WIDTH, cut_name, in_columns, joined, one_line, width_of
from grader.report.look import reason_to_look
from grader.report.words import (
    GLYPHS,
    MARKED,
    VERDICT_WORDS,
    feedback_lines,
    points,
    read_as_lines,
    score_line,
    tier_line,
)
from grader.sandbox.text import clean_text

__all__ = ["class_table", "submission_page", "submission_pages"]

_LINE = 2000
_PRINTED_SHOWN = 20
_PRINTED_LINE = 400


def class_table(graded: Graded) -> str:
    """One line a submission, one column a question; below, what the columns are."""
    assignment = graded.assignment
    count = len(graded.submissions)
    names: list[str] = []
    scores: list[str] = []
    rows: list[str] = []
    look: list[tuple[str, str]] = []
    tally = _Tally(assignment)
    for judged in graded.submissions:  # once: each is read from the disk where it is kept
        outcome = judged.as_marked
        names.append(cut_name(outcome.submission))
        scores.append(score_line(outcome))
        rows.append(_spaced([_glyph(item, outcome.marks) for item in outcome.outcomes]))
        tally.add(outcome)
        if reason := reason_to_look(outcome):
            look.append((names[-1], reason))
    wide = max([width_of(name) for name in names] + [len("submission")])
    broad = max([len(score) for score in scores] + [len("points")])
    before = f"  {'':<{wide}}  {'':<{broad}}  "
    ones, tens = _numbers(len(assignment.questions))
    lines = [
        _heading(assignment, f"{count} submission{'s' * (count != 1)}"),
        "",
        *([f"{before}{tens}".rstrip()] if tens.strip() else []),
        f"  {'submission':<{wide}}  {'points':<{broad}}  {ones}",
    ]
    for name, score, glyphs in zip(names, scores, rows, strict=True):
        padded = name + " " * (wide - width_of(name))
        lines.append(f"  {padded}  {score:<{broad}}  {glyphs}".rstrip())
    legend = _legend(tally.verdicts) + f"   {' '.join(MARKED)}" * tally.by_people
    lines += ["", *_questions(assignment, tally), "", f"  {legend}".rstrip()]
    lines += _readings(tally.readings)
    lines += [*_to_look_at(look), ""] if look else []
    lines += _footer(graded.tier)
    return "\n".join(lines) + "\n"


def _to_look_at(look: Sequence[tuple[str, str]]) -> list[str]:
    """The submissions that need a look, and why."""
    wide = max(width_of(name) for name, _ in look)
    lines = ["", f"  {len(look)} submission{'s need' if len(look) > 1 else ' needs'} a look:"]
    for name, reason in look:
        first = f"    {name}{' ' * (wide - width_of(name))}  {one_line(reason)}"
        lines += (
            textwrap.wrap(first, WIDTH, subsequent_indent=" " * (wide + 8))
            if (width_of(first) > WIDTH)
            else [first]
        )
    return lines


def _glyph(outcome: Outcome, marks: Collection[str]) -> str:
    if outcome.question in marks:
        return MARKED[0]
    return " " if outcome.left_out else GLYPHS[outcome.verdict]


class _Tally:
    """What is counted of a class."""

    def __init__(self, assignment: Assignment) -> None:
        self.full = [0] * len(assignment.questions)
        self.scored = [0] * len(assignment.questions)
        self.verdicts: set[Verdict] = set()
        self.by_people = False  #: whether a person marked anything
        self.readings: Counter[str] = Counter()  #: lenient ones, by kind

    def add(self, submission: SubmissionOutcome) -> None:
        for index, outcome in enumerate(submission.outcomes):
            self.scored[index] += outcome.score is not None
            self.full[index] += outcome.score == outcome.max_score
            self.by_people = self.by_people or outcome.question in submission.marks
            if not outcome.left_out and outcome.question not in submission.marks:
                self.verdicts.add(outcome.verdict)
            for lenient in (outcome.lenient, *(part.lenient for part in outcome.parts)):
                self.readings.update(lenient)


def _readings(needed: Counter[str]) -> list[str]:
    """Which lenient readings the class needed, and for how many answers."""
    listed = ", ".join(f"{kind} ({count})" for kind, count in sorted(needed.items()))
    return (
        textwrap.wrap(
            f"read otherwise than typed: {listed}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
        )
        if needed
        else []
    )


def _footer(tier: str) -> list[str]:
    return [f"  {tier_line(tier)}"] if tier else []


def _numbers(count: int) -> tuple[str, str]:
    """The numbers of the columns, one digit wide: the last digits, and the tens above them."""
    digits = [str(number % 10) for number in range(1, count + 1)]
    tens = [str(n // 10) if n % 10 == 0 else " " for n in range(1, count + 1)]
    return _spaced(digits), _spaced(tens)


def _spaced(cells: Sequence[str]) -> str:
    """Cells one apart, in groups of five."""
    groups = [cells[start : start + 5] for start in range(0, len(cells), 5)]
    return "  ".join(" ".join(group) for group in groups)


def _heading(assignment: Assignment, rest: str) -> str:
    return f"{assignment.title} ({assignment.slug}): {rest}"


def _questions(assignment: Assignment, tally: _Tally) -> Iterable[str]:
    questions = assignment.questions
    wide = max(len(question.id) for question in questions)
    for index, question in enumerate(questions):
        full, scored = tally.full[index], tally.scored[index]
        unit = "bonus" if question.bonus else f"point{'s' * (question.points != 1)}"
        worth = f"{points(question.points)} {unit}"
        summary = f"{full} of {scored} in full" if scored else "none scored"
        yield f"  {index + 1:>2} {question.id:<{wide}}  {question.kind:<10}  {worth:<10}  {summary}"


def _legend(seen: Collection[Verdict]) -> str:
    return "   ".join(f"{GLYPHS[v]} {VERDICT_WORDS[v]}" for v in Verdict if v in seen)


def submission_page(
    assignment: Assignment,
    submission: SubmissionOutcome,
    audience: Audience,
    *,
    tier: str = "",
    width: int = WIDTH,
) -> str:
    """Every question of one submission, with the words that this audience may read.

    A student reads first what is right, then what is not, then what is missing, in lines of
    `width` columns; staff read the questions in their order. `tier` is that of the sandbox that
    ran the code, for the last line.
    """
    lines = [_heading(assignment, one_line(submission.submission)), ""]
    notes = [
        f"  note: {note.text}"
        for note in submission.notes
        if audience is Audience.STAFF or note.audience is Audience.STUDENT
    ]
    lines += [*notes, ""] if notes else []
    unanswered: list[str] = []
    unreadable: list[str] = []
    submission = submission.as_marked
    outcomes = submission.outcomes
    if audience is Audience.STUDENT:
        outcomes = tuple(sorted(outcomes, key=_place))
    for outcome in outcomes:
        mark = submission.marks.get(outcome.question)
        if outcome.left_out and mark is None:
            continue
        if _unanswered(outcome) and mark is None:
            unanswered.append(outcome.question)
            continue
        if _of_a_file(outcome) and mark is None:
            unreadable.append(outcome.question)  # a note above says why
            continue
        got = "–" if outcome.score is None else points(outcome.score)
        worth = f"{got} / {points(outcome.max_score)}{' bonus' * outcome.bonus}"
        glyph, words = GLYPHS[outcome.verdict], VERDICT_WORDS[outcome.verdict]
        lines.append(f"  {glyph} {outcome.question}  [{worth}]  {words}")
        lines += [
            f"      {line}" for line in feedback_lines(outcome, audience, assignment.mistakes)
        ]
        lines += [f"      {line}" for line in read_as_lines(outcome, audience)]
        if mark is not None:
            who = f" ({mark.by})" if audience is Audience.STAFF else ""
            lines.append(
                f"      {MARKED[0]} {MARKED[1]}{who}{': ' * bool(mark.comment)}{mark.comment}"
            )
    if unreadable:
        lines += _listed(f"  {GLYPHS[Verdict.PENDING]} not readable: ", unreadable, width)
    if unanswered:
        lines += _listed(f"  {GLYPHS[Verdict.MISSING]} not answered: ", unanswered, width)
    lines += ["", f"  points: {score_line(submission)}"]
    lines += _diagnosis(submission, width)
    lines += _printed(submission.printed, audience)
    footer = ["", *_footer(tier)] if tier else []
    lines = [*map(_inside_its_line, lines), *footer]
    if audience is Audience.STUDENT:
        lines = [short for line in lines for short in in_columns(line, width)]
    return "\n".join(lines) + "\n"


def _place(outcome: Outcome) -> int:
    """Where a student reads of it: what is right, what has no points yet, what is not right."""
    if outcome.verdict in (Verdict.CORRECT, Verdict.FOLLOWS):
        return 0
    if outcome.score is None:
        return 1
    return 0 if outcome.score == outcome.max_score > 0 else 2


def _of_a_file(outcome: Outcome) -> bool:
    """Whether an answer cannot be read as a file as a whole cannot."""
    if outcome.reason is not Reason.UNREADABLE or outcome.parts:
        return False
    return not any(isinstance(fact, Failed) and fact.failure.line for fact in outcome.facts.items)


def _unanswered(outcome: Outcome) -> bool:
    """Whether there is nothing to be said of a question but that it was not answered."""
    strange = any(isinstance(fact, PartUnknown) for fact in outcome.facts.items)
    missing = outcome.verdict is Verdict.MISSING and outcome.reason is Reason.NOT_ANSWERED
    return missing and not strange


def _printed(text: str, audience: Audience) -> list[str]:
    """The first lines of what the code printed, and how much more there is."""
    if not text.strip():
        return []
    printed = text.rstrip("\n").split("\n")
    lines = ["", "  your code printed:" if audience is Audience.STUDENT else "  printed:"]
    lines += [f"      | {_cut(line)}" for line in printed[:_PRINTED_SHOWN]]
    more = len(printed) - _PRINTED_SHOWN
    if more > 0:
        rest = "" if audience is Audience.STUDENT else "; --results writes all that was kept"
        lines.append(f"      … and {more} more line{'s' * (more != 1)}{rest}")
    return lines


def _cut(line: str) -> str:
    more = len(line) - _PRINTED_LINE
    return line if more <= 0 else f"{line[:_PRINTED_LINE]}… and {more} more characters"


def _diagnosis(submission: SubmissionOutcome, width: int) -> list[str]:
    """The mistakes that account for more than one answer; a single one is said where it is."""
    several = [one for one in submission.diagnosis if len(one.explains) > 1]
    lines: list[str] = []
    for one in several:
        lines += ["", f"  One mistake accounts for {len(one.explains)} answers: {one.feedback}"]
        lines += _listed("      ", one.explains, width)
    return lines


def _listed(first: str, names: Sequence[str], width: int) -> list[str]:
    """The names after `first`, in lines of `width` columns; no name is split across lines."""
    return joined(first, [*(f"{name}," for name in names[:-1]), *names[-1:]], "      ", width)


def _inside_its_line(line: str) -> str:
    """Text with line ends of its own stays indented: it must not look like a line of ours."""
    return clean_text(line, limit=_LINE).replace("\n", "\n          | ")


def submission_pages(graded: Graded) -> str:
    """A page for every submission, with the numbers that staff need."""
    return "\n".join(
        submission_page(graded.assignment, submission, Audience.STAFF, tier=graded.tier)
        for submission in graded.submissions
    )
