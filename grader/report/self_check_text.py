"""What a check without the key found, for a student's terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from grader.checks.own_relations import RelationChecked
from grader.checks.self_check import SelfChecked
from grader.model.assignment import Assignment
from grader.report.columns import WIDTH, in_columns
from grader.report.words import tier_line
from grader.sandbox.text import clean_text

__all__ = ["self_check_page"]

_LINE = 2000
_WORDS = {
    "fits": ("✓", "in the form asked for"),
    "misfits": ("!", "look at this"),
    "person": ("?", "there; a person will mark it"),
}


def self_check_page(
    assignment: Assignment,
    checked: Sequence[SelfChecked],
    notes: Iterable[str],
    *,
    relations: Sequence[RelationChecked] = (),
    name: str,
    edition: str,
    tier: str = "",
    width: int = WIDTH,
) -> str:
    """What fits first, then what does not, then what is not there; then what belongs together, in
    lines of `width` columns. It never says "right" but of public cases."""
    lines = [f"{assignment.title} ({assignment.slug}): {_clean(name)}", ""]
    said = [f"  note: {_clean(note)}" for note in notes]
    lines += [*said, ""] if said else []
    for state in ("fits", "person", "misfits"):
        glyph, words = _WORDS[state]
        for names, sentences in _alike(one for one in checked if one.state == state):
            lines += _wrapped(f"{', '.join(names)}  {words}", width, f"  {glyph} ", "      ")
            for sentence in sentences:
                lines += _wrapped(_clean(sentence), width, "      ", "        ")
    missing = [one.question for one in checked if one.state == "missing" and not one.bonus]
    if missing:
        lines += _wrapped(", ".join(missing), width, "  – not answered: ", "      ")
    lines += _together(relations, width)
    lines += ["", *_wrapped(_what_it_is(checked), width, "  ", "  ")]
    lines.append(f"  edition: {edition}")
    lines += [f"  {tier_line(tier)}"] if tier else []
    return "\n".join(short for line in lines for short in in_columns(line, width)) + "\n"


def _alike(checked: Iterable[SelfChecked]) -> Iterator[tuple[list[str], Sequence[str]]]:
    """Questions with what is said of them; one after another of which the same is bad, together."""
    for said, group in groupby(checked, key=lambda one: (one.good, one.bad)):
        names = [one.question for one in group]
        sentences = (*said[0], *said[1])
        if said[1]:
            yield names, sentences
        else:
            yield from (([name], sentences) for name in names)


def _together(relations: Sequence[RelationChecked], width: int) -> list[str]:
    lines = []
    for state, glyph in (("holds", "✓"), ("fails", "!"), ("open", "–")):
        for one in relations:
            if one.state == state:
                lines += _wrapped(_clean(one.text), width, f"  {glyph} ", "      ")
                lines += _wrapped(_clean(one.words), width, "      ", "        ")
    return ["", *lines] if lines else []


def _what_it_is(checked: Sequence[SelfChecked]) -> str:
    there = sum(one.state in ("fits", "person") for one in checked)
    asked = sum(not (one.bonus and one.state == "missing") for one in checked)
    return (
        f"{there} of {asked} {'is' if there == 1 else 'are'} in the form asked for. This looks at "
        "form and at your own work: it does not know the right answers."
    )


def _clean(text: str) -> str:
    return clean_text(text, limit=_LINE).replace("\n", " ")


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
