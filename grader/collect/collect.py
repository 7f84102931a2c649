"""The only stage that runs a student's code: everything a submission answers, as responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.collect.cells import (
    about_cells,
    figure_about,
    figure_called,
)
from grader.collect.loading import about_ended, about_loading, about_taken, packages_of
from grader.collect.named import Named, by_question
from grader.collect.provided import about_provided, course_modules
from grader.collect.read import about_read
from grader.collect.twice import about_twice, answered_twice, defining
from grader.model.call import Call
from grader.model.diagnostic import Place
from grader.model.kinds import KINDS
from grader.model.outcome import Note
from grader.model.response import Response
from grader.model.typed import Typed, texts_of
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import Ask, FunctionCalls, Plan
from grader.sandbox.contract import Job, Sandbox, SandboxFault
from grader.sandbox.text import clean_text
from grader.submissions.layout import how_old
from grader.submissions.sheet import Sheet, read_sheets
from grader.submissions.submission import Submission

__all__ = ["Collected", "calls_alone", "calls_to_make", "collect"]


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
    told: tuple[str, ...] = ()  #: the part of the notes that came of running the files


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
    ids = [question.question for question in plan.questions]
    named = by_question(plan, read_sheets(submission.sheets, ids))
    sheet = named.sheet
    figures = [ask.question for ask in plan.asks if KINDS[ask.kind].file]
    responses = {
        ask.question: _said(ask, sheet, submission, alone=figures == [ask.question])
        for ask in plan.asks
    }
    calls, beside = _calls(plan, sheet, submission)
    printed = loading = ""
    about: list[str] = []
    made: dict[str, Response] = {}
    if submission.modules and (calls or beside):
        fresh = _not_known((*calls, *beside), known)
        if known is not None:
            made.update(known.responses)
            loading, about = known.loading, [*known.told]
        if fresh:
            result = sandbox.run(_job(plan, submission, fresh, data))
            made.update(result.responses)
            loading = loading if known is not None else result.printed
            about += about_ended(result.ended)
            about += about_loading(result.not_loaded)
            about += about_taken(result.taken)
            about += about_cells(result.failed_cells)
            about = [*dict.fromkeys(about)]
        made = {call.id: made[call.id] for call in (*calls, *beside)}
        # What the calls beside print is not shown: nobody asked for it.
        shown = (made[call.id].printed for call in calls if not call.hidden)
        printed = loading + "".join(shown)
    typed = {ask.call.id for ask in plan.asks if ask.call is not None}
    for call in (*calls, *beside):
        came = _waiting(made.get(call.id, _NOTHING), submission)
        made[call.id] = _waiting_answer(call, came, submission) if call.id in typed else came
    said = {name: response for name, response in responses.items() if response is not None}
    again = {ask.call.id for ask in answered_twice(plan, sheet, submission) if ask.call is not None}
    told = [
        *about_read(
            _in_order(submission, plan.setting.files),
            submission,
            (call.entry for call in (*calls, *beside) if call.id not in again),
            (place.file for place in sheet.places.values()),
        ),
        *about_provided(plan.setting, submission, data),
        *_notes(plan, named),
        *about_twice(plan, sheet, submission, made),
        *about,
    ]
    notes = (*submission.notes, *map(_note, told))
    return Collected(
        responses={**said, **made},
        notes=notes,
        printed=printed,
        loading=loading,
        told=tuple(about),
    )


def calls_alone(
    plan: Plan,
    submission: Submission,
    sandbox: Sandbox,
    data: Mapping[str, Path],
    calls: tuple[Call, ...],
) -> Mapping[str, Response]:
    """What comes of calls that are in no plan, in the setting of this one. Raises SandboxFault."""
    if not submission.modules:
        return {call.id: _waiting(_NOTHING, submission) for call in calls}
    return sandbox.run(_job(plan, submission, calls, data)).responses


def calls_to_make(plan: Plan, submission: Submission, known: Collected | None) -> tuple[Call, ...]:
    """The calls that `collect` would make of these files: none where all of them are known."""
    ids = [question.question for question in plan.questions]
    named = by_question(plan, read_sheets(submission.sheets, ids))
    wanted = [call for calls in _calls(plan, named.sheet, submission) for call in calls]
    return _not_known((*wanted,), known) if submission.modules else ()


def _not_known(calls: tuple[Call, ...], known: Collected | None) -> tuple[Call, ...]:
    """Calls of a group share what the modules keep: an answer beside older ones of its group would
    be one that never was given."""
    if known is None:
        return calls
    groups = {call.group for call in calls if call.id not in known.responses}
    return tuple(call for call in calls if call.group in groups)


_MOST_UNREAD = 3
_SHOWN = 60
_NOTHING = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)


def _said(ask: Ask, sheet: Sheet, submission: Submission, *, alone: bool) -> Response | None:
    """What the sheets say of a question; None where there are none, and a module may say it."""
    if ask.question in sheet.unread:
        return Response(failure=sheet.unread[ask.question])
    if ask.question in sheet.answers:
        response = _typed(ask, sheet, submission)
    else:
        response = _drawn(ask, submission, alone=alone)
    if response.failure is not None and sheet.fault:
        return Response.failed(Verdict.PENDING, Reason.UNREADABLE, sheet.fault)
    if submission.sheets or ask.call is None:
        return _waiting(response, submission, answers=True)
    return None


def _waiting(response: Response, submission: Submission, *, answers: bool = False) -> Response:
    """What is missing waits for a person, where it may be in what we cannot read."""
    unread = [one.why for one in submission.unread if (one.answers if answers else one.code)]
    failure = response.failure
    if failure is None or failure.verdict is not Verdict.MISSING or not unread:
        return response
    return Response.failed(Verdict.PENDING, Reason.UNREADABLE, "; ".join(unread[:_MOST_UNREAD]))


def _waiting_answer(call: Call, response: Response, submission: Submission) -> Response:
    """The same for what a sheet may say too. That a file stopped says nothing of a name that no
    file defines."""
    failure = response.failure
    elsewhere = failure is not None and failure.loading and not defining(call.entry, submission)
    waiting = _waiting(_NOTHING if elsewhere else response, submission, answers=True)
    return response if waiting is _NOTHING else waiting


def _typed(ask: Ask, sheet: Sheet, submission: Submission) -> Response:
    """An answer from a sheet as it was typed. Of a figure the file must have been handed in."""
    answer, place = sheet.answers[ask.question], sheet.places[ask.question]
    if KINDS[ask.kind].file:
        name = str(texts_of(answer)).removeprefix("./")
        figure = figure_called(name, submission.figures)
        if figure is None and not submission.others.get(name):
            shown = clean_text(name, limit=100)
            return Response.failed(Verdict.MISSING, Reason.FILE_NOT_FOUND, shown)
    return Response(value=answer, place=place)


def _drawn(ask: Ask, submission: Submission, *, alone: bool) -> Response:
    """A figure that no sheet names may be among the outputs of a notebook."""
    if not KINDS[ask.kind].file:
        return _NOTHING
    figure = figure_about(ask.question, submission.figures, alone=alone)
    if figure is None:
        return _NOTHING
    place = Place(file=f"{figure.file} cell {figure.cell}", line=1)
    return Response(value=Typed(figure.name, quoted=True, line=1), place=place)


def _calls(plan: Plan, sheet: Sheet, submission: Submission) -> tuple[list[Call], list[Call]]:
    """The calls to make, in the order of the questions, and beside them those of finite differences
    and of what the sheet answers already."""
    calls: list[Call] = []
    beside = [ask.call for ask in answered_twice(plan, sheet, submission) if ask.call is not None]
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
    packages = packages_of(submission, setting.files)
    course = course_modules(setting.modules, data, packages)
    if set(data) != set(setting.data):
        msg = "the data that were given are not those of the plan"
        raise SandboxFault(msg)
    return Job(
        files={**_in_order(submission, setting.files), **course},
        course=tuple(course),
        at_start=submission.at_start,
        packages=packages,
        provided=setting.provided,
        calls=calls,
        limits=setting.limits,
        seed=setting.seed,
        data=data,
        preload=setting.preload,
        python=setting.python,
    )


def _in_order(submission: Submission, declared: Sequence[str]) -> Mapping[str, bytes]:
    """The modules as names are looked up in them: declared ones first, those in folders last, and
    of versions of one file the last."""
    first = [*declared, *(submission.at_start or ())]

    def rank(name: str) -> tuple[int, int, tuple[int, int, str]]:
        place = first.index(name) if name in first else len(first)
        return place, name.count("/"), how_old(name)

    return {name: submission.modules[name] for name in sorted(submission.modules, key=rank)}


# -- notes ---------------------------------------------------------------------------------------


def _note(text: str) -> Note:
    return Note(audience=Audience.STUDENT, text=text)


def _notes(plan: Plan, named: Named) -> list[str]:
    sheet = named.sheet
    notes = [*sheet.notes]
    if sheet.fault:
        notes.append(f"the answer sheet cannot be read: {sheet.fault}")
    notes += named.notes
    for ask in plan.asks:
        if KINDS[ask.kind].text and ask.question in sheet.cut:
            cut = f"`{sheet.cut[ask.question][:_SHOWN]}`"
            name = repr(ask.question)
            notes.append(f"{name}: what stands behind a # is not read: {cut}; use quotes")
    notes += [
        f"{question.question!r} is answered by code in a module, not in the sheet"
        for question in plan.functions
        if question.question in sheet.answers or question.question in sheet.unread
    ]
    return notes
