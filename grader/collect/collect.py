"""The only stage that runs a student's code: everything a submission answers, as responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.model.call import Call
from grader.model.kinds import KINDS
from grader.model.outcome import Note
from grader.model.response import Response
from grader.model.typed import texts_of
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import Ask, FunctionCalls, Plan
from grader.sandbox.contract import Job, Sandbox, SandboxFault
from grader.sandbox.text import clean_text
from grader.spec.problems import did_you_mean
from grader.submissions.sheet import Sheet, read_sheets
from grader.submissions.submission import Submission

__all__ = ["Collected", "calls_to_make", "collect"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collected:
    """What a submission gave; notes about its files.

    `responses` has, by a question's id, what the sheets say of it: also that they say nothing or
    cannot be read. It has, by the id of a call, what came of every call that was made, or was to
    be made of a module that was not handed in. Which of the two answers a question is for the judge
    to say, so that it can be said anew without running anything.
    """

    responses: Mapping[str, Response]
    notes: tuple[Note, ...]
    printed: str = ""
    loading: str = ""  #: the part of it that was printed while the files were loaded


def collect(
    plan: Plan,
    submission: Submission,
    sandbox: Sandbox,
    data: Mapping[str, Path],
    known: Collected | None = None,
) -> Collected:
    """Read the sheets, then ask the modules for what they do not answer. Raises SandboxFault.

    `data` says where the files and folders lie whose digests are in the plan. What is printed
    during hidden cases is not shown: it may hold their inputs. `known` is what these files gave
    before, in the same setting: only calls that are not in it are made, with their whole groups.
    """
    sheet = read_sheets(submission.sheets)
    responses = {ask.question: _said(ask, sheet, submission) for ask in plan.asks}
    calls, beside = _calls(plan, sheet)
    printed = loading = ""
    made: dict[str, Response] = {}
    if submission.modules and calls:
        fresh = _not_known((*calls, *beside), known)
        if known is not None:
            made.update(known.responses)
            loading = known.loading
        if fresh:
            result = sandbox.run(_job(plan, submission, fresh, data))
            made.update(result.responses)
            loading = loading if known is not None else result.printed
        made = {call.id: made[call.id] for call in (*calls, *beside)}
        # What the calls beside print is not shown: nobody asked for it.
        shown = (made[call.id].printed for call in calls if not call.hidden)
        printed = loading + "".join(shown)
    for call in (*calls, *beside):
        made.setdefault(call.id, _NOTHING)
    said = {name: response for name, response in responses.items() if response is not None}
    notes = (*submission.notes, *map(_note, [*_provided(plan, submission), *_notes(plan, sheet)]))
    return Collected(responses={**said, **made}, notes=notes, printed=printed, loading=loading)


def calls_to_make(plan: Plan, submission: Submission, known: Collected | None) -> tuple[Call, ...]:
    """The calls that `collect` would make of these files: none where all of them are known."""
    calls, beside = _calls(plan, read_sheets(submission.sheets))
    return _not_known((*calls, *beside), known) if submission.modules and calls else ()


def _not_known(calls: tuple[Call, ...], known: Collected | None) -> tuple[Call, ...]:
    """Calls of a group share what the modules keep: an answer beside older ones of its group would
    be one that never was given."""
    if known is None:
        return calls
    groups = {call.group for call in calls if call.id not in known.responses}
    return tuple(call for call in calls if call.group in groups)


_MOST_UNKNOWN = 10
_LONGEST_NAME = 60
_NOTHING = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)


def _said(ask: Ask, sheet: Sheet, submission: Submission) -> Response | None:
    """What the sheets say of a question; None where there are none, and a module may say it."""
    response = _NOTHING if ask.question not in sheet.answers else _typed(ask, sheet, submission)
    if response.failure is not None and sheet.fault:
        return Response.failed(Verdict.INVALID, Reason.UNREADABLE, sheet.fault)
    return response if submission.sheets or ask.call is None else None


def _typed(ask: Ask, sheet: Sheet, submission: Submission) -> Response:
    """An answer from a sheet as it was typed. Of a figure the file must have been handed in."""
    answer, place = sheet.answers[ask.question], sheet.places[ask.question]
    if KINDS[ask.kind].file:
        name = str(texts_of(answer)).removeprefix("./")
        if not submission.others.get(name):
            shown = clean_text(name, limit=100)
            return Response.failed(Verdict.MISSING, Reason.FILE_NOT_FOUND, shown)
    return Response(value=answer, place=place)


def _calls(plan: Plan, sheet: Sheet) -> tuple[list[Call], list[Call]]:
    """The calls to make, in the order of the questions, and those of finite differences."""
    calls: list[Call] = []
    beside: list[Call] = []
    for question in plan.questions:
        if isinstance(question, FunctionCalls):
            calls += question.cases
            beside += question.beside
        elif question.call is not None and question.question not in sheet.answers:
            calls.append(question.call)
    return calls, beside


def _job(
    plan: Plan, submission: Submission, calls: tuple[Call, ...], data: Mapping[str, Path]
) -> Job:
    setting = plan.setting
    if set(data) != set(setting.data):
        msg = "the data that were given are not those of the plan"
        raise SandboxFault(msg)
    return Job(
        files=_in_order(submission, setting.files),
        at_start=submission.at_start,
        provided=setting.provided,
        calls=calls,
        limits=setting.limits,
        seed=setting.seed,
        data=data,
        preload=setting.preload,
        python=setting.python,
    )


def _in_order(submission: Submission, declared: Sequence[str]) -> Mapping[str, bytes]:
    """The modules as names are looked up in them: declared ones first, those in folders last."""
    first = [*declared, *submission.at_start]

    def rank(name: str) -> tuple[int, int, str]:
        place = first.index(name) if name in first else len(first)
        return place, name.count("/"), name

    return {name: submission.modules[name] for name in sorted(submission.modules, key=rank)}


# -- notes ---------------------------------------------------------------------------------------


def _note(text: str) -> Note:
    return Note(audience=Audience.STUDENT, text=text)


def _provided(plan: Plan, submission: Submission) -> list[str]:
    """A note where the assignment has a file or folder of that name for everybody."""
    handed_in = sorted({*submission.modules, *submission.sheets, *submission.others})
    return [
        f"{name} is provided by the assignment; yours was not used"
        for name in plan.setting.data
        if any(file == name or file.startswith(f"{name}/") for file in handed_in)
    ]


def _notes(plan: Plan, sheet: Sheet) -> list[str]:
    ids = [question.question for question in plan.questions]
    notes = [*sheet.notes]
    if sheet.fault:
        notes.append(f"the answer sheet cannot be read: {sheet.fault}")
    unknown = [str(name) for name in sheet.answers if name not in ids]
    for name in unknown[:_MOST_UNKNOWN]:
        near = did_you_mean(name[:_LONGEST_NAME], ids)
        notes.append(f"there is no question {name[:_LONGEST_NAME]!r}; {near}".rstrip("; "))
    if len(unknown) > _MOST_UNKNOWN:
        more = len(unknown) - _MOST_UNKNOWN
        notes.append(f"there are no questions of {more} more names in the sheet either")
    notes += [
        f"{question.question!r} is answered by code in a module, not in the sheet"
        for question in plan.functions
        if question.question in sheet.answers
    ]
    return notes
