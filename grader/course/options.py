"""What a caller may choose; everything has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["LoadOptions", "RunOptions", "VerifyOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How an assignment is loaded."""

    #: in the place of the assignment's own, by their names there: {"wall_seconds": 2.0}
    limits: Mapping[str, float | int] = field(default_factory=dict)
    python: str = ""  #: path of the interpreter of students' code; "": the assignment's
    #: whether mistakes, recurrences and published relations are tried as well, which the author
    #: has to know of and no answer's mark depends on
    thorough: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a class is run."""

    workers: int | None = None  #: submissions at a time; None: as many as there are processors
    #: whether the course's own code runs in another process, which may not hang or end this one
    watched: bool = True
    #: from which each student's variant is drawn; empty: the assignment's own givens are asked of
    #: everybody, as of the examples
    secret: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """How an assignment is proved."""

    load: LoadOptions = LoadOptions()
    run: RunOptions = RunOptions()  #: of its examples
    audit: bool = False  #: whether one without problems is measured as well
    examples: bool = False  #: whether expected.yaml is written from what the examples get now
