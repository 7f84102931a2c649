"""Can the inputs of hidden random cases be guessed?"""

from __future__ import annotations

import math
import re
from collections import Counter

from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.diagnostic import Diagnostic
from grader.spec.load import Loaded

__all__ = ["check_seed", "why_guessable"]

_SHORTEST = 16
_LEAST_BITS = 48.0  #: by how often each character comes; 16 random letters have more
_MOST_WORDS = 5  #: a few words can be tried; six that were drawn cannot
_LONGEST_WORD = 12
_LONGEST_NUMBER = 8  #: of digits between words: a year, a date
_BETWEEN = re.compile(r"[\W_]+")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_VOWELS = frozenset("aeiouyäöü")
_HELP = (
    'write `seed:` and what `python -c "import secrets; print(secrets.token_hex(16))"` prints, in '
    "quotes; where students can read the spec, no seed is secret"
)


def check_seed(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """S219, as a warning, where hidden random cases come from a seed that can be guessed."""
    assignment = loaded.assignment
    hidden = [question.id for question in assignment.questions if _draws_hidden(question)]
    if not hidden:
        return ()
    given = isinstance(loaded.document.data, dict) and "seed" in loaded.document.data
    why = why_guessable(assignment) if given else "there is no `seed`"
    if not why:
        return ()
    message = f"the inputs of hidden cases ({hidden[0]}) can be computed: {why}"
    place = loaded.document.place(("seed",) if given else ())
    return (Diagnostic(code="S219", place=place, message=message, help=_HELP, stops=False),)


def _draws_hidden(question: object) -> bool:
    return isinstance(question, FunctionQuestion) and any(
        case.hidden and case.random for case in question.cases
    )


def why_guessable(assignment: Assignment) -> str:
    """Why somebody could guess the seed, in words; "" if nobody can."""
    text = str(assignment.seed).strip().casefold()
    if isinstance(assignment.seed, int) or text.isdecimal():
        return "the seed is a number, and numbers can be tried"
    for known in (assignment.slug, assignment.title):
        text = text.replace(known.casefold(), "")
    if len(text) < _SHORTEST:
        return f"the seed has fewer than {_SHORTEST} characters of its own"
    if _bits(text) < _LEAST_BITS:
        return "the seed repeats itself"
    return "the seed is made of a few words" if _is_few_words(text) else ""


def _bits(text: str) -> float:
    """Length times the entropy of the characters (Shannon), as often as each comes in the text."""
    counts = Counter(text).values()
    return -sum(count * math.log2(count / len(text)) for count in counts)


def _is_few_words(text: str) -> bool:
    """Whether it looks like words and numbers that somebody thought of, and there are few."""
    pieces = [piece for chunk in _BETWEEN.split(text) for piece in _PIECE.findall(chunk)]
    return len(pieces) <= _MOST_WORDS and all(map(_is_word, pieces))


def _is_word(piece: str) -> bool:
    if piece.isdecimal():
        return len(piece) <= _LONGEST_NUMBER
    return len(piece) <= _LONGEST_WORD and (len(piece) < 4 or bool(_VOWELS & set(piece)))
