"""What is asked of every submission. It holds inputs and no key, so that it may be sent away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.plan.fingerprint import digest

__all__ = ["Ask", "FunctionCalls", "Plan", "Setting"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask:
    """A question that an answer sheet can answer."""

    question: str
    kind: str
    labels: tuple[str, ...] = ()  #: of its parts, or the columns of a series
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: names, by label
    call: Call | None = None  #: made where the sheet does not answer it; None: a person marks it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunctionCalls:
    """A question that only code can answer, and the calls of that code."""

    question: str
    cases: tuple[Call, ...]
    beside: tuple[Call, ...] = ()  #: of another function, for finite differences


def _of_students(limits: Limits) -> list[float | int]:
    """The limits that a student's code meets: how long the reference may take is none of them."""
    named = asdict(limits)
    del named["reference_seconds"]
    return list(named.values())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """What code that is handed in runs in. Of the course's data it says only which they are."""

    files: tuple[str, ...]  #: that the assignment declares, in their order
    provided: str
    limits: Limits
    preload: tuple[str, ...]
    python: str  #: path of the interpreter, or ""
    data: Mapping[str, str]  #: name → digest of its bytes
    seed: int  #: while the files are loaded
    modules: tuple[str, ...] = ()  #: of the data, what may be imported

    @property
    def digest(self) -> str:
        """Equal for settings in which the same code does the same."""
        return digest(
            "setting",
            [
                list(self.files),
                self.provided,
                _of_students(self.limits),
                list(self.preload),
                self.python,
                sorted(self.data.items()),
                self.seed,
                *([list(self.modules)] if self.modules else []),
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Every question of an assignment, and what is asked for it."""

    questions: tuple[Ask | FunctionCalls, ...]
    setting: Setting

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call of function questions, those of finite differences among them."""
        return tuple(call for one in self.functions for call in (*one.cases, *one.beside))

    @property
    def asks(self) -> tuple[Ask, ...]:
        return tuple(one for one in self.questions if isinstance(one, Ask))

    @property
    def functions(self) -> tuple[FunctionCalls, ...]:
        return tuple(one for one in self.questions if isinstance(one, FunctionCalls))

    @property
    def fingerprint(self) -> str:
        """Equal for plans that ask the same of the same questions, in one setting and order."""
        asked = [
            [one.question, one.kind, list(one.labels), dict(one.options), one.call and one.call.id]
            if isinstance(one, Ask)
            else [one.question, [[call.id for call in calls] for calls in (one.cases, one.beside)]]
            for one in self.questions
        ]
        return digest("plan", [asked, self.setting.digest])
