"""A course's code run in a process of its own, and watched from this one.

What a course writes is trusted to mean well, not to be without faults: a reference may never end,
end the process, print, or change what numpy computes. So its code runs in a process that is forked
before anything else is started, and this one looks how long each of its functions takes. That
process prepares the assignment, and forks others which judge, as many as are asked at once: when
one of these ends, or takes too long, it is forked anew, with everything prepared. Where somebody
ends the process that prepared, another one prepares again.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.course.counted import Counted
from grader.course.course_files import files_now
from grader.course.printed import Printed
from grader.course.seats import Seat, Seats
from grader.course.serving import Answer, Kinds, Request, unpacked, write_message
from grader.course.template import CourseTemplate
from grader.course.unanswered import Overran, Vanished, where
from grader.judge.submission import SubmissionJudged
from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.model.response import Response
from grader.model.value import Value
from grader.sandbox.machine import processors
from grader.solver.progress import Progress
from grader.spec.load import SpecFault

if TYPE_CHECKING:
    from grader.judge.other_variants import RightElsewhere

__all__ = ["CourseFault", "WatchedCourse"]

Given = TypeVar("Given")
Made = TypeVar("Made")
_BETWEEN = 10  # times as long as a step may take: our own work between two steps
_MOST_REFUSED = 5
_MOST_PREPARED = 20  # times in a row, if each is ended before it gives a process that judges


class CourseFault(Exception):
    """The process that runs the course's code ended, or failed; says where."""


class WatchedCourse:
    """What judges the submissions to one assignment. Closed at the end, from the same thread."""

    def __init__(
        self, path: Path, prepare: Callable[[], tuple[Answer, Kinds | None]], *, seconds: float = 0
    ) -> None:
        """Fork, and prepare there. `path` is where the assignment lies; `seconds` is how long a
        step may take, where the assignment is not to say it.

        Raises SpecFault where its files are wrong or a step takes too long, CourseFault where the
        process ends.
        """
        self._path = path
        self._prepare = prepare
        self._seconds = seconds
        self._progress = Progress()
        self._seats = Seats(processors())
        self._preparing = threading.Lock()  #: for whoever talks with the process that prepared
        self._stopped = False
        self._in_vain = 0  #: how often it was prepared again and gave nothing that judges
        self.printed = Printed()  #: by the course's code
        self.warnings: tuple[Diagnostic, ...] = ()
        self._template = self._started()
        try:
            self.assignment, self.warnings = self._prepared()
        except BaseException:
            self.close()
            raise
        self._files = files_now(self.assignment)

    def _started(self) -> CourseTemplate:
        return CourseTemplate(
            self._prepare,
            self._progress,
            seats=self._seats.progress,
            output=self.printed.writing,
        )

    def _prepared(self) -> tuple[Assignment, tuple[Diagnostic, ...]]:
        answer = self._heard_of_preparing()
        if isinstance(answer, Overran):
            raise SpecFault(self._overran(answer))
        if isinstance(answer, Vanished):
            raise CourseFault(f"{self._template.ending()} {where(answer.moment, 'prepared')}")
        if answer.value is None and not answer.fault:
            raise SpecFault(*answer.diagnostics)
        return _value(answer), answer.diagnostics

    # -- asking ----------------------------------------------------------------------------------

    def judge(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value] | None = None
    ) -> SubmissionJudged:
        """Outcomes and diagnosis of one submission, by its variant; from any thread. Raises
        CourseFault.

        A step that took too long is not called for this submission again: what hangs on it is not
        carried forward. All of it is judged anew then, by a process that judges nothing else.
        """
        judged: SubmissionJudged = self._judged("judge", responses, givens)
        return judged

    def judge_as(
        self,
        given: Given,
        opened: Callable[[Given], Mapping[str, Response]],
        made: Callable[[SubmissionJudged], Made],
        givens: Mapping[str, Value] | None = None,
    ) -> Made:
        """The same, with what is made there of the responses and of what was judged."""
        judged: Made = self._judged("judge_as", given, opened, made, givens)
        return judged

    def _judged(self, what: str, *arguments: Any) -> Any:
        refused: frozenset[str] = frozenset()
        failed = 0
        with self._seats.taken() as seat:
            while True:
                asked = Request(what=what, arguments=arguments, refused=refused)
                answer = self._asked(seat, asked)
                if isinstance(answer, Answer):
                    if refused or answer.fault:
                        seat.clear()  # what it left undone or changed concerns nobody else
                    return _value(answer)
                step = answer.moment.step
                overran = isinstance(answer, Overran) and step not in refused and step
                if overran and len(refused) < _MOST_REFUSED:
                    refused |= {step}
                    continue
                failed += 1
                if failed == 2 or self._stopped:
                    what = "took too long" if isinstance(answer, Overran) else "ended, twice,"
                    msg = f"the process that judges {what} {where(answer.moment, 'judged')}"
                    raise CourseFault(msg)

    def elsewhere(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value], others: Sequence[Any]
    ) -> RightElsewhere | None:
        """As of an assignment that is prepared here. Raises as `ask` does."""
        found: RightElsewhere | None = self.ask("elsewhere", responses, givens, others)
        return found

    def ask(self, what: str, *arguments: Any) -> Any:
        """What is said to one of the `Kinds`. Raises SpecFault if a step takes too long, and
        CourseFault."""
        with self._seats.taken() as seat:
            answer = self._asked(seat, Request(what=what, arguments=arguments))
        if isinstance(answer, Overran):
            raise SpecFault(self._overran(answer))
        if isinstance(answer, Vanished):
            msg = f"the process that checks ended {where(answer.moment, 'checked')}"
            raise CourseFault(msg)
        return _value(answer)

    def _asked(self, seat: Seat, request: Request) -> Answer | Overran | Vanished:
        """What comes of a request; a process that gave no answer is ended."""
        answer: Answer | Overran | Vanished = Vanished(moment=seat.progress.look())
        try:
            pid, requests = seat.judge or self._forked(seat)
            write_message(requests, request)
            answer = self._heard(requests, pid, seat.progress)
        except OSError:
            pass  # it is gone
        except BaseException:
            seat.clear()
            raise
        if not isinstance(answer, Answer):
            seat.clear()
        return answer

    def _forked(self, seat: Seat) -> tuple[int, socket.socket]:
        """A new process that judges. Raises CourseFault where there can be none."""
        with self._preparing:
            judge = None if self._stopped else self._template.forked(seat.number)
            while judge is None:
                if self._stopped or self._in_vain == _MOST_PREPARED:
                    msg = "the process that prepared the assignment ended"
                    raise CourseFault(msg)
                self._in_vain += 1
                self._prepare_again()
                judge = self._template.forked(seat.number)
            self._in_vain = 0
        seat.judge = judge
        return judge

    def _prepare_again(self) -> None:
        """Somebody ended the process that prepared the assignment: another one does it.

        Raises CourseFault where it is not the same assignment any more, or takes too long.
        """
        self._template.close()
        if files_now(self.assignment) != self._files:
            msg = "the process that prepared the assignment ended, and its files have changed since"
            raise CourseFault(msg)
        self._template = self._started()
        self._seconds = self._seconds or self.assignment.limits.reference_seconds
        answer = self._heard_of_preparing()
        if isinstance(answer, Overran):
            self._in_vain = _MOST_PREPARED
            raise CourseFault(self._overran(answer).message)

    # -- watching --------------------------------------------------------------------------------

    def _heard_of_preparing(self) -> Answer | Overran | Vanished:
        return self._heard(self._template.control, self._template.pid, self._progress)

    def _heard(
        self, source: socket.socket, pid: int, progress: Progress
    ) -> Answer | Overran | Vanished:
        """The next answer, unless the process ends or takes too long before."""
        taken = bytearray()
        with Counted(pid) as counted, selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            selector.register(self.printed.reading, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(counted.pause())}
                self.printed.take()
                moment = progress.look()
                if source in ready:
                    chunk = source.recv(1 << 20)
                    taken += chunk
                    answer = unpacked(taken) if chunk else Vanished(moment=moment)
                    if answer is not None:
                        self.printed.take()
                        return answer
                    continue
                if self._stopped:
                    return Vanished(moment=moment)
                seconds = self._seconds or moment.seconds
                allowed = seconds if moment.step else _BETWEEN * seconds
                if seconds and counted.over(moment.number, allowed):
                    return Overran(moment=moment, seconds=seconds)

    def _overran(self, overran: Overran) -> Diagnostic:
        moment = overran.moment
        what = "the course's code, while it is loaded,"
        if moment.file:
            by = f", which {moment.caller!r} calls," if moment.caller else ""
            what = f"{moment.step!r}{by}"
        place = Place(file=moment.file, line=moment.line, column=1) if moment.file else None
        return Diagnostic(
            code="S311",
            place=place or Place(file=str(self._path)),
            message=f"{what} runs for more than {overran.seconds:g} s",
            help="`limits: reference_seconds` says how long each step may take",
        )

    # -- ending ----------------------------------------------------------------------------------

    def stop(self) -> None:
        """Wait no longer for what is judged now or would be later; from any thread."""
        self._stopped = True

    def close(self) -> None:
        """End all of it, and wait until it has ended."""
        self._stopped = True
        self._seats.clear()
        self._template.close()
        self.printed.close()

    def __enter__(self) -> WatchedCourse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _value(answer: Answer) -> Any:
    if answer.fault:
        if os.environ.get("GRADER_TRACEBACK"):
            raise CourseFault(f"{answer.fault}\n{answer.trace}")
        raise CourseFault(answer.fault)
    return answer.value
