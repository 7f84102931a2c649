"""What an audit found: words for the line of a question, and holes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Audit", "Finding", "listed", "size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing measured. A hole is something that a wrong answer could pass through, or a right
    one could not."""

    #: rounding, mistakes, shift, zero, copy, alike, told, mutants, tries, examples, givens or notes
    check: str
    question: str = ""  #: empty: it concerns the assignment as a whole
    place: str = ""  #: the part or case of the question, where the hole is in one of them
    words: str = ""  #: for the line of the question; empty: nothing to say
    hole: str = ""  #: what is wrong; empty where this is not a hole
    remedy: str = ""  #: what to change


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All findings about one assignment."""

    slug: str
    questions: tuple[str, ...]  #: ids of those that were measured
    findings: tuple[Finding, ...]

    @property
    def holes(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.hole)


def size(number: float) -> str:
    """A number of tolerances, as short as it can be told."""
    if number == float("inf"):
        return "infinitely many"
    if number < 9.95:
        return f"{number:.2g}"
    return f"{number:.0f}" if number < 1e4 else f"{number:.0e}".replace("e+0", "e").replace("+", "")


def listed(names: list[str], most: int = 4) -> str:
    """The first of the names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
