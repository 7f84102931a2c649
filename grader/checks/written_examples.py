"""Write an expected.yaml from what examples get now, for the author to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from grader.checks.examples import agrees, wanted
from grader.model.assignment import Assignment
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Verdict
from grader.spec.problems import Problems
from grader.spec.yaml_reader import Document, YamlFault, read_yaml

__all__ = ["expected_text"]

_PLACES = 4


def expected_text(path: Path, assignment: Assignment, graded: Sequence[SubmissionOutcome]) -> str:
    """What an expected.yaml at `path` has to say.

    A label that is there already and still gets what it says keeps its lines, with the comments in
    them; any other is written anew, and one that is not an example any more goes. What could not be
    marked stands there as a comment, so that the file is not right before that is mended.
    """
    by_label = {outcome.submission: outcome for outcome in graded}
    before = _blocks(path, assignment, by_label)
    blocks = [
        before[label] if before.get(label) else _block(label, by_label[label])
        for label in [*(label for label in before if label in by_label), *sorted(by_label)]
    ]
    return before.get("", "") + "".join(dict.fromkeys(blocks))


def _blocks(
    path: Path, assignment: Assignment, by_label: Mapping[str, SubmissionOutcome]
) -> dict[str, str]:
    """Label → its lines where they may stay, else "", in the order of the file; "" → what stands
    before the first label."""
    try:
        document = read_yaml(path)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (YamlFault, OSError, UnicodeDecodeError):
        return {}
    if not isinstance(document.data, dict) or not document.data:
        return {}
    first = {label: document.place((label,), of_key=True).line - 1 for label in document.data}
    ends = [*list(first.values())[1:], len(lines)]
    blocks = {"": "".join(lines[: next(iter(first.values()))])}
    for (label, start), end in zip(first.items(), ends, strict=True):
        stays = start < end and _holds(document, label, assignment, by_label.get(label))
        text = "".join(lines[start:end])
        blocks[label] = (text if text.endswith("\n") else f"{text}\n") if stays else ""
    return blocks


def _holds(
    document: Document, label: str, assignment: Assignment, got: SubmissionOutcome | None
) -> bool:
    entries = document.data[label]
    problems = Problems(document)
    if got is None or not isinstance(entries, dict):
        return False
    wants = wanted(problems, label, entries, assignment)
    return not problems and all(agrees(item, wants[item.question]) for item in got.outcomes)


def _block(label: str, got: SubmissionOutcome) -> str:
    words = {outcome.question: _words(outcome) for outcome in got.outcomes}
    counts = Counter(word for word in words.values() if word)
    usual, count = counts.most_common(1)[0] if counts else ("", 0)
    lines = [f"{_key(label)}:"]
    if count > 1:
        lines.append(f"  default: {usual}")
    for outcome in got.outcomes:
        word = words[outcome.question]
        if not word:
            said = outcome.feedback.staff
            why = " ".join(said[-1].split()) if said else "it could not be marked"
            lines.append(f"  # {outcome.question}: could not be marked: {why}")
        elif count < 2 or word != usual:
            lines.append(f"  {outcome.question}: {word}")
    return "\n".join(lines) + "\n"


def _key(label: str) -> str:
    plain = label.replace("-", "").replace("_", "")
    is_word = plain.isascii() and plain.isalnum() and plain[0].isalpha() and label[0] != "-"
    if is_word and label not in ("null", "true", "false", "Null", "True", "False"):
        return label
    return "'" + label.replace("'", "''") + "'"


def _words(outcome: Outcome) -> str:
    if outcome.verdict is Verdict.GRADER_ERROR:
        return ""
    score = outcome.score
    if score is None:
        return f"[{outcome.verdict}, null]"
    if score and score == outcome.max_score:
        return f"[{outcome.verdict}, full]"
    return f"[{outcome.verdict}, {_number(score)}]"


def _number(score: Fraction) -> str:
    """A decimal where it has few places, else a fraction."""
    scaled = score * 10**_PLACES
    if scaled.denominator == 1:
        return f"{float(score):.{_PLACES}f}".rstrip("0").rstrip(".")
    return f"{score.numerator}/{score.denominator}"
