"""The sentences on why an answer is not right: what it follows from, which mistakes it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.judge.words.marking import row_label
from grader.judge.words.values import shown
from grader.model.assignment import Mistake
from grader.model.fact_explaining import (
    AnswerPlace,
    ChargedBefore,
    Diverges,
    Exchanged,
    Explained,
    Follows,
    GivenUp,
    Hint,
    HintKind,
    NotAllTried,
    Origin,
    Shifted,
    Start,
    StartTrivial,
    StartUnused,
    Tried,
    Unusable,
    WayKind,
)
from grader.solver.bounded import MOST_LINES

__all__ = [
    "charged_before",
    "diverges",
    "exchanged",
    "explained",
    "explained_for_staff",
    "follows",
    "given_up",
    "hint",
    "named",
    "not_all_tried",
    "shifted",
    "start_trivial",
    "start_unused",
    "tried",
]

_SHOWN_PLACES = 3
_SHOWN_MISTAKES = 4
_SHOWN_RIVALS = 4
_HINTS: Mapping[HintKind, str] = {
    HintKind.SIGN: "this looks like a wrong sign: check the signs",
    HintKind.DOUBLED: ("this looks like a factor of two: check for a 2 too many or a missing 1/2"),
    HintKind.HALVED: ("this looks like a factor of two: check for a missing 2 or a 1/2 too many"),
    HintKind.SIGN_AND_FACTOR: "this looks like a wrong sign and a factor of two: check both",
    HintKind.POWER_OF_TEN: ("this looks like a wrong power of ten: check the decimal point"),
    HintKind.CONJUGATE: "this looks like the complex conjugate: check the sign before i",
    HintKind.I_LOST: "the imaginary part, or its i, seems to be lost: check what was left out",
    HintKind.PARTS_SWAPPED: "this looks like the real and the imaginary part swapped: check both",
    HintKind.CONSTANT: "this is the right formula times a constant: check the factors",
}
_TOO_LONG = "runs more than {lines:,} lines of the reference"
_TOO_SLOW = "takes longer than reference_seconds, or more lines of the reference than are allowed"
_UNUSABLE: Mapping[Unusable, str] = {
    Unusable.OTHER_FORM: "it does not have the form of the right answer",
    Unusable.UNDEFINED: "it is not defined everywhere",
    Unusable.SIZE: "it is far too large or too small",
    Unusable.UNRELATED: "it does not change with half of what the right formula changes with",
    Unusable.TOO_MANY_LINES: f"computing {{step}} {_TOO_LONG.format(lines=MOST_LINES)}",
}
_UNUSABLE_ROW: Mapping[Unusable, str] = {
    Unusable.OTHER_FORM: "row {row} of {question} does not have the form of a row",
    Unusable.SIZE: "row {row} of {question} is far too large or too small",
}
_WAYS: Mapping[WayKind, str] = {
    WayKind.ZERO: "zero",
    WayKind.COPY: "a copy of {name}",
    WayKind.MISTAKE: "the same as the mistake {name}",
    WayKind.ALIKE: "the number that stands in every place of the question",
    WayKind.NOTHING: "nothing that can be computed",
}
_SHIFTED: Mapping[int, str] = {
    1: "the list is one step ahead: its first row is the second iterate",
    -1: "the list is one step behind: it begins with a row that comes before the first iterate",
}


def named(place: AnswerPlace) -> str:
    """The name of an answer as a student knows it: its question, and its part if it has any."""
    question, label = place
    return f"{question}: {label}" if label else question


def _places(start: Start) -> str:
    return _listed(start.places)


def _listed(places: Sequence[AnswerPlace]) -> str:
    more = " …" if len(places) > _SHOWN_PLACES else ""
    return ", ".join(map(named, places[:_SHOWN_PLACES])) + more


def follows(fact: Follows) -> Iterator[str]:
    value = shown(fact.actual) if fact.actual is not None else "this"
    earned = float(fact.earned)
    counts = "it counts in full" if earned == 1 else f"it counts {earned:.0%}"
    if fact.few_before:
        counts += ", since what it follows from has too few digits"
    elif not fact.precise:
        counts += ", since it has too few digits"
    elif fact.made_up:
        counts += ", since it is not clear where that comes from"
    if fact.start.rounded:
        yield f"{value} is a little off, because {_rounded(fact.start)} was rounded: {counts}"
    else:
        yield f"{value} follows from {_origin(fact.start)}: {counts}"


def _rounded(start: Start) -> str:
    if start.origin is Origin.ROW_BEFORE:
        return "the row before"
    return f"your answer to {_places(start)}"


def _origin(start: Start) -> str:
    places, several = _places(start), len(start.places) > 1
    answers = "answers" if several else "answer"
    if start.origin is Origin.WRONG:
        which = "which are not right themselves" if several else "which is not right itself"
        return f"your own {answers} to {places}, {which}"
    if start.origin is Origin.AS_GIVEN:
        return f"your {answers} to {places} as you gave {'them' if several else 'it'}"
    words = _ORIGIN[start.origin].format(places=places)
    if start.formulas:
        formulas = f"formula{'s' * (len(start.formulas) > 1)}"
        words += f", with your own {formulas} in {_listed(start.formulas)}"
    return words


_ORIGIN: Mapping[Origin, str] = {
    Origin.ROW_BEFORE: "the row before, as you gave it",
    Origin.ROWS_BEFORE: "your own rows of {places}",
    Origin.OWN_FORMULA: "your own formula in {places}",
}


def charged_before(fact: ChargedBefore) -> Iterator[str]:
    where = ", ".join(map(named, fact.places))
    yield f"the same mistake was charged in your answer to {where}: this one counts in full"


def start_trivial(fact: StartTrivial) -> Iterator[str]:
    several = len(fact.start.places) > 1
    was = "answers to {} were" if several else "answer to {} was"
    yield (
        f"your {was.format(_places(fact.start))} not used here: starting from "
        f"{'them' if several else 'it'}, a wrong method would give the same result"
    )
    if fact.same_as is not None:
        other = _WAYS[fact.same_as.way].format(name=fact.same_as.name)
        yield f"from the student's own start the right method gives {other}"


def start_unused(fact: StartUnused) -> Iterator[str]:
    if fact.row is None:
        yield f"{named(fact.place)} was not used: {_UNUSABLE[fact.why].format(step=fact.step)}"
    else:
        yield _UNUSABLE_ROW[fact.why].format(row=fact.row + 1, question=fact.place[0])


def given_up(fact: GivenUp) -> Iterator[str]:
    origin = []
    if fact.start is not None:
        origin.append(f"from the student's own answers to {_places(fact.start)}")
    if fact.mistakes:
        plural = "s" * (len(fact.mistakes) > 1)
        origin.append(f"with the mistake{plural} {' + '.join(fact.mistakes)}")
    why = _TOO_LONG.format(lines=fact.lines) if fact.lines else _TOO_SLOW
    computing = f"computing {fact.step} {why}"
    yield f"not tried to the end: {' '.join(origin)}, {computing}"


def not_all_tried(fact: NotAllTried) -> Iterator[str]:
    yield f"not all mistakes were tried together: the search ended after {fact.sets:,} sets of them"


def explained(fact: Explained, mistakes: Mapping[str, Mistake]) -> Iterator[str]:
    """What a student reads about the mistakes that explain an answer."""
    texts = [" And: ".join(mistakes[name].feedback for name in one) for one in fact.mistakes]
    distinct = list(dict.fromkeys(texts))
    if len(distinct) == 1:
        yield distinct[0]
    else:
        either = " Or: ".join(distinct[:_SHOWN_RIVALS])
        yield f"more than one mistake leads to this answer. Either: {either}"


def explained_for_staff(fact: Explained, mistakes: Mapping[str, Mistake]) -> Iterator[str]:
    yield from explained(fact, mistakes)
    named_once = dict.fromkeys(name for one in fact.mistakes[:_SHOWN_RIVALS] for name in one)
    yield from (mistakes[name].for_staff for name in named_once if mistakes[name].for_staff)
    if fact.of_function:
        yield f"explained by {' + '.join(fact.mistakes[0])}"


def hint(fact: Hint) -> Iterator[str]:
    if fact.place is not None:
        yield f"this is the same as your answer to {named(fact.place)}"
    else:
        yield _HINTS[fact.slip]


def diverges(fact: Diverges) -> Iterator[str]:
    yield f"the rows before {row_label(fact.row)} are in order: look for the slip in that one"


def exchanged(fact: Exchanged) -> Iterator[str]:
    if fact.arguments:
        one, other = fact.arguments
        yield (
            f"this is right with {one} and {other} exchanged: "
            "look at the order in which the arguments are given"
        )
    else:
        yield "the values are right, but stand in another order: look at what you return first"


def shifted(fact: Shifted) -> Iterator[str]:
    yield _SHIFTED[fact.steps]


def tried(fact: Tried) -> Iterator[str]:
    """What was tried, where that is more than the key, and what counts."""
    ways = ["the key"]
    if fact.start is not None:
        ways.append(f"the student's own answers to {_places(fact.start)}")
    if fact.mistakes:
        ways.append(f"the mistake{'s' * (len(fact.mistakes) > 1)} {_few(fact.mistakes)}")
    if len(ways) == 1:
        return
    used = "the key"
    if fact.used_start is not None:
        used = f"the student's own answers to {_places(fact.used_start)}"
    if fact.used_mistakes is not None:
        used = f"{' + '.join(fact.used_mistakes)}, from {used}"
    yield f"tried: {'; '.join(ways)}. Used: {used}"


def _few(names: Sequence[str]) -> str:
    more = f" … ({len(names)})" if len(names) > _SHOWN_MISTAKES else ""
    return ", ".join(names[:_SHOWN_MISTAKES]) + more
