"""One job: its calls made one after another, in as many processes as it takes."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from grader.model.call import Call
from grader.model.response import Failure, Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import Job, JobResult, MachineFault, NotLoaded, SandboxFault, Taken
from grader.sandbox.ended import (
    ChildEnded,
    CpuUsedUp,
    MemoryUsedUp,
    OutputExceeded,
    TimedOut,
    TooManyProcesses,
)
from grader.sandbox.exchange import MOST_AHEAD
from grader.sandbox.folders import Folder
from grader.sandbox.process import ChildProcess
from grader.sandbox.replies import ReplyReader, places_in
from grader.sandbox.requests import request_of
from grader.sandbox.stood import lines_by_place, stood
from grader.sandbox.text import CUT, clean_text
from grader.sandbox.zygote import Zygote

__all__ = ["Run"]

_KEPT_OUTPUT = 64 << 10
_NO_THREAD = "can't start new thread"  # the message of `threading`
_NO_PROCESS = "BlockingIOError"  # of fork: the kernel says, try again
_MOST_LATE = 2
_LEAST_PART = 2
_LATE = (TimedOut, CpuUsedUp)
_KILLED = {
    TimedOut: (Verdict.TIMED_OUT, Reason.TIME_LIMIT),
    CpuUsedUp: (Verdict.TIMED_OUT, Reason.CPU_LIMIT),
    MemoryUsedUp: (Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT),
    OutputExceeded: (Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT),
    TooManyProcesses: (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS),
    ChildEnded: (Verdict.CRASHED, Reason.NO_ANSWER),
}


class Run:
    """One job: calls still to make, responses so far, and the time that is left."""

    def __init__(
        self,
        job: Job,
        zygote: Zygote,
        *,
        on_disk: bool,
        folders: Mapping[str, str],
        alone: bool = False,
    ) -> None:
        """`on_disk` gives each process a scratch folder; `folders` are not to be shown.

        `alone`: no other child runs, since the machine was in the way of an earlier run.
        """
        self._alone = alone
        self._job = job
        self._zygote = zygote
        self._on_disk = on_disk
        self._waiting = deque(sorted(job.calls, key=lambda call: call.hidden))
        self._responses: dict[str, Response] = {}
        self._taken: dict[Taken, None] = {}
        self._not_loaded: tuple[NotLoaded, ...] = ()
        self._part = 0  #: of the files that is run, as `child/statements.py` calls it
        self._ended: Failure | None = None  #: why it is not all
        self._printed: str | None = None  #: while the files were loaded, for the first time
        self._room = _KEPT_OUTPUT
        self._cut = False  #: whether it was said that more was printed than is kept
        self._seconds_left = job.limits.submission_seconds
        self._folders = dict(folders)
        self._read = ReplyReader(places_in(job.files), self._clean, job.limits)
        self._late: Counter[str] = Counter()  #: calls that took too long, by the function's name
        self._shared: dict[str, float] = {}  #: seconds that its other calls have together
        self._failed_cells: tuple[Failure, ...] | None = None
        self._room_seen = False  #: that the machine let the code have all tasks it may

    def finish(self) -> JobResult:
        while self._waiting:
            if self._seconds_left <= 0:
                self._fail_all(TimedOut, None if self._responses else self._ended)
                break
            again = bool(self._responses) or self._ended is not None
            try:
                self._one_child(again=again)
            except MachineFault:
                raise
            except (OSError, SandboxFault):
                if not again or not self._alone or self._zygote.has_ended():
                    raise
                # Started again because of what the student's code did, alone on the machine: a
                # failure now is theirs, or they could have their whole work held by spoiling the
                # ground for a second start.
                self._fail_all(ChildEnded)
        return JobResult(
            responses={call.id: self._responses[call.id] for call in self._job.calls},
            printed=self._printed or "",
            failed_cells=self._failed_cells or (),
            not_loaded=self._not_loaded,
            taken=tuple(self._taken),
            ended=self._ended,
        )

    def _one_child(self, *, again: bool) -> None:
        """A process of its own, with nothing of what an earlier one left behind."""
        with (
            self._scratch() as scratch,
            ChildProcess(self._job, self._zygote, scratch, alone=self._alone) as child,
        ):
            child.start()
            if again:
                self._seconds_left -= child.counted
            self._use(child)

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[str]:
        """A folder on disk, where no walls keep what is written in memory."""
        if not self._on_disk:
            yield ""
            return
        with contextlib.closing(Folder()) as folder:
            path = folder.path
            self._folders = {str(path): ".", path.name: ".", **self._folders}
            yield str(path)

    def _use(self, child: ChildProcess) -> None:
        """Make calls until none is left or the child has to be replaced."""
        wall_seconds = self._job.limits.wall_seconds
        failed = self._attempt(child, partial(child.load, part=self._part), wall_seconds)
        if isinstance(failed, dict) and not self._responses:
            self._not_loaded = self._read.not_loaded(failed)
        loading = child.take_printed()
        if self._printed is None:  # a replaced child prints again what its files print
            self._printed = self._kept(loading)
        if self._failed_cells is None and isinstance(failed, dict):
            self._failed_cells = self._read.failures(failed.get("failed_cells"))
        if isinstance(failed, Exception):
            # It would end again: of the files less is run, or no call can be made.
            place = self._place(child, failed)
            self._ended = self._ended or _failure_of(type(failed), place, loading=True)
            self._part += 1
            if self._part > _LEAST_PART:
                self._fail_all(type(failed), self._ended)
            return
        while self._waiting and self._seconds_left > 0:
            call = self._waiting[0]  # waits until there is a response, whatever goes wrong
            seconds = self._shared.get(call.entry, wall_seconds)
            reply = self._attempt(child, partial(child.call, self._requests(child)), seconds)
            killed = isinstance(reply, Exception)
            if killed:
                response = self._killed(call, type(reply), self._place(child, reply))
            else:
                response = self._or_ended(self._read(call, reply))
            if not killed and not call.hidden:
                self._taken.update(dict.fromkeys(self._read.taken(reply)))
            if self._is_refused_a_task(response):
                self._expect_room_for_tasks(child)
                killed = True
            printed = self._kept(child.take_printed())
            self._waiting.popleft()
            self._responses[call.id] = replace(response, printed=printed)
            self._share(call.entry, child.counted, late=isinstance(reply, _LATE))
            if killed:
                self._postpone(call.group)
                return

    def _requests(self, child: ChildProcess) -> list[bytes]:
        """What asks for the next call, and for those after it that may be asked already.

        Code that reads ahead must not find a hidden call while what it prints is shown. And what
        has its time together with others may not come to be made.
        """
        first = self._waiting[0]
        if not child.looks_ahead or first.entry in self._shared:
            return [request_of(first)]

        def may_be_asked(call: Call) -> bool:
            return call.hidden == first.hidden and call.entry not in self._shared

        alike = itertools.takewhile(may_be_asked, self._waiting)
        return [request_of(call) for call in itertools.islice(alike, MOST_AHEAD)]

    def _is_refused_a_task(self, response: Response) -> bool:
        """Whether it says so: a student's code may say so without it being true."""
        failure = response.failure
        return (
            not self._room_seen
            and failure is not None
            and failure.reason in (Reason.FORBIDDEN_PROCESS, Reason.EXCEPTION)
            and (failure.message == _NO_THREAD or failure.exception == _NO_PROCESS)
        )

    def _expect_room_for_tasks(self, child: ChildProcess) -> None:
        """Was it refused since the spec allows no more, or since others of the same user run?

        Beside others it is run again in any case: who was in the way may have gone by now.
        """
        if not self._alone or not child.had_room_for_tasks():
            msg = (
                "other programs of the same user left no room for as many threads and processes "
                "as the assignment allows"
            )
            raise MachineFault(Reason.MACHINE_BUSY, msg)
        self._room_seen = True

    def _attempt(self, child: ChildProcess, action: Callable[[float], Any], seconds: float) -> Any:
        """What the action gives, or the exception that says why the child is of no more use."""
        try:
            return action(min(seconds, self._seconds_left))
        except tuple(_KILLED) as killed:
            return killed
        finally:
            self._seconds_left -= child.counted

    def _kept(self, printed: bytes) -> str:
        """What there is room for, cleaned. A line says where it was cut."""
        taken = printed[: self._room]
        self._room -= len(taken)
        text = self._clean(taken.decode("utf-8", "replace"), _KEPT_OUTPUT)
        if len(taken) < len(printed) and not self._cut:
            self._cut = True
            text += CUT
        return text

    def _share(self, entry: str, seconds: float, *, late: bool) -> None:
        """After two calls of a function that took too long, the others have one limit together."""
        if entry not in self._shared:
            self._late[entry] += late
            if self._late[entry] == _MOST_LATE:
                self._shared[entry] = self._job.limits.wall_seconds
            return
        self._shared[entry] -= seconds
        if late or self._shared[entry] <= 0:
            for call in self._waiting:
                if call.entry == entry:
                    self._responses[call.id] = self._killed(call, TimedOut)
            self._waiting = deque(call for call in self._waiting if call.entry != entry)

    def _place(self, child: ChildProcess, why: object) -> tuple[str, int]:
        """Where the code stood whose time was over; no file where that cannot be told."""
        if not isinstance(why, TimedOut):
            return "", 0
        return stood(child.where(), lines_by_place(self._job.files)) or ("", 0)

    def _postpone(self, group: str) -> None:
        """An endless function must not use up the time of the others. Hidden calls stay last."""

        def turn(call: Call) -> tuple[bool, bool]:
            return call.hidden, call.group == group

        self._waiting = deque(sorted(self._waiting, key=turn))

    def _fail_all(self, kind: type[Exception], failure: Failure | None = None) -> None:
        for call in self._waiting:
            told = self._killed(call, kind) if failure is None else Response(failure=failure)
            self._responses[call.id] = told
        self._waiting.clear()

    def _killed(
        self, call: Call, kind: type[Exception], place: tuple[str, int] = ("", 0)
    ) -> Response:
        failure = _failure_of(kind, place)
        if failure.reason is Reason.TIME_LIMIT and call.entry in self._shared:
            failure = replace(failure, reason=Reason.SHARED_TIME)
        return Response(failure=failure)

    def _or_ended(self, response: Response) -> Response:
        """What is not defined may stand in what was left out since it ended the process."""
        failure = response.failure
        missing = failure is not None and failure.reason is Reason.NAME_NOT_DEFINED
        return Response(failure=self._ended) if missing and self._ended else response

    def _clean(self, text: str, limit: int) -> str:
        return clean_text(text, limit=limit, folders=self._folders)


def _failure_of(kind: type[Exception], place: tuple[str, int], *, loading: bool = False) -> Failure:
    verdict, reason = _KILLED[kind]
    file, line = place
    return Failure(verdict=verdict, reason=reason, file=file, line=line, loading=loading)
