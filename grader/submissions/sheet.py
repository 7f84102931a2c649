"""Read the answer sheets of a submission: question ids and what the student typed, as typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.model.diagnostic import Place
from grader.model.response import Failure
from grader.model.typed import Typed, texts_of
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.submissions.answered import Stray, is_left_empty
from grader.submissions.encoded_text import decoded
from grader.submissions.json_sheet import JsonFault, read_json
from grader.submissions.meant import meant
from grader.submissions.reports import REPORTS, read_report
from grader.submissions.sheet_text import SheetText, read_sheet_text

__all__ = ["Sheet", "read_sheets", "unread"]

_MOST_AGAIN = 10
_SHEETS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the sheets of a submission answer, by the names that stand in them.

    Scalars are `Typed`; a part that cannot be read is a `Typed` with a `fault`.
    """

    answers: Mapping[str, Value]
    places: Mapping[str, Place] = field(default_factory=dict)  #: where each answer begins
    unread: Mapping[str, Failure] = field(default_factory=dict)  #: answers that cannot be read
    strays: tuple[Stray, ...] = ()  #: lines that belong to no answer
    cut: Mapping[str, str] = field(default_factory=dict)  #: see `SheetText`
    fault: str = ""  #: why a sheet could not be read, where nothing of it could
    notes: tuple[str, ...] = ()


def read_sheets(sheets: Mapping[str, bytes], names: Collection[str] = ()) -> Sheet:
    """Read all sheets of a submission as one. The first answer to a question counts.

    Sheets come first, then reports, then what was taken from other files. `names` are the ids of
    the questions, where they are known.
    """
    answers: dict[str, Value] = {}
    places: dict[str, Place] = {}
    failures: dict[str, Failure] = {}
    strays: list[Stray] = []
    faults: list[str] = []
    cut: dict[str, str] = {}
    again: dict[str, list[str]] = {}  #: by the name of a sheet: what one before it answers too
    for name, content in sorted(sheets.items(), key=lambda sheet: _rank(sheet[0])):
        try:
            read = _read(name, content, names)
        except JsonFault as fault:
            faults.append(f"{name}:{fault.line}: {fault.why}")
            continue
        if read.strays and not read.answers and not _claimed(read.strays, names):
            faults.append(f"{read.strays[0].place}: {read.strays[0].why}")
        strays += read.strays
        cut = {**read.cut, **cut}
        for question, answer in read.answers.items():
            if isinstance(answer, Typed) and answer.fault:
                failures.setdefault(question, unread(answer, file=name))
            elif question in answers:
                if not is_left_empty(answer) and texts_of(answer) != texts_of(answers[question]):
                    again.setdefault(name, []).append(str(question))
            elif not is_left_empty(answer):
                answers[question] = answer
                places[question] = read.places[question]
    notes = [note for name, questions in again.items() for note in _about_again(name, questions)]
    return Sheet(
        answers=answers,
        places=places,
        unread={name: one for name, one in failures.items() if name not in answers},
        strays=tuple(strays),
        cut=cut,
        fault="; ".join(faults),
        notes=tuple(notes),
    )


def _claimed(strays: Sequence[Stray], names: Collection[str]) -> bool:
    """Whether a line that belongs to no answer begins with the name of a question."""
    return any(meant(stray.name, names) is not None for stray in strays if stray.name)


def unread(answer: Typed, *, file: str) -> Failure:
    """The failure of an answer that cannot be read: a person has to."""
    return Failure(
        verdict=Verdict.PENDING,
        reason=Reason.UNREADABLE,
        message=answer.fault,
        file=file,
        line=answer.line,
        typed=answer.text,
    )


def _rank(name: str) -> int:
    """The order in which files answer."""
    return 0 if name.endswith(_SHEETS) else 1 if name.endswith(REPORTS) else 2


def _about_again(name: str, questions: Sequence[str]) -> Iterator[str]:
    for question in questions[:_MOST_AGAIN]:
        yield f"{question!r} is answered again in {name}; the first answer counts"
    if len(questions) > _MOST_AGAIN:
        more = len(questions) - _MOST_AGAIN
        yield f"{more} more are answered again in {name}; the first answers count"


def _read(name: str, content: bytes, names: Collection[str]) -> SheetText:
    """What one sheet holds. Raises JsonFault."""
    if name.endswith(REPORTS):
        return read_report(content, file=name, names=names)
    text = decoded(content)
    as_json = text.lstrip()[:1] in ("{", "[") or text.strip() in ("", "null")
    if not (name.endswith(".json") and as_json):
        return read_sheet_text(text, file=name, names=names)
    try:
        data, lines = read_json(text)
        if not (is_left_empty(data) or isinstance(data, dict)):
            msg = "a sheet consists of lines `question: answer`"
            raise JsonFault(msg)
    except JsonFault as fault:
        from grader.submissions.json_pieces import read_json_pieces

        pieces = read_json_pieces(text, file=name, fault=fault, names=names)
        if pieces is None:
            raise
        return pieces
    if is_left_empty(data):
        return SheetText()
    places = {question: Place(file=name, line=line) for question, line in lines.items()}
    return SheetText(answers=data, places=places)
