"""An assignment whose own code runs in this process: where there is no other to watch it from."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from grader.course.serving import Answer, Kinds
from grader.course.watched import CourseFault, WatchedCourse
from grader.sandbox.text import clean_text
from grader.spec.load import SpecFault

if TYPE_CHECKING:
    from grader.course.printed import Printed

__all__ = ["CourseHere"]

_LONGEST = 16 << 10  # characters


class CourseHere(WatchedCourse):
    """Offers what a course that is watched offers. A step that never ends is not ended."""

    def __init__(self, prepare: Callable[[], tuple[Answer, Kinds | None]]) -> None:
        """Prepare it. Raises SpecFault and CourseFault as a WatchedCourse does."""
        self.printed = cast("Printed", _Kept())
        with self._kept():
            answer, kinds = prepare()
        if answer.fault:
            raise CourseFault(answer.fault)
        if kinds is None:
            raise SpecFault(*answer.diagnostics)
        self._kinds = kinds
        self.assignment = answer.value
        self.warnings = answer.diagnostics

    def _judged(self, what: str, *arguments: Any) -> Any:
        return self.ask(what, *arguments)

    def ask(self, what: str, *arguments: Any) -> Any:
        """What is said to one of the `Kinds`. Raises SpecFault and CourseFault."""
        try:
            with self._kept():
                return self._kinds[what](*arguments)
        except SpecFault:
            raise
        except Exception as error:  # noqa: BLE001 - told as that of another process is
            raise CourseFault(f"{type(error).__name__}: {error}") from None

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        """What is printed within it may be of the key: it is kept for staff."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            try:
                yield
            finally:
                cast("_Kept", self.printed).text += clean_text(printed.getvalue(), limit=_LONGEST)

    def stop(self) -> None:
        """Nothing: what is judged here ends by itself."""

    def close(self) -> None:
        """Nothing was started."""


class _Kept:
    """What the course's code printed."""

    text = ""
