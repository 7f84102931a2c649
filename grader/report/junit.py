"""JUnit XML for CI: a suite a submission, a case a question, in words that a student may read.

There is no official schema; this is the dialect that GitLab, Jenkins and GitHub's report actions
share: the message both as attribute and as text, unique names, points as properties.
"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

from grader.model.assignment import Mistake
from grader.model.graded import Graded
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Audience, Verdict
from grader.report.words import VERDICT_WORDS, feedback_lines, points

__all__ = ["junit_xml"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Turn the text around that stands beside them, and are seen by nobody.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ATTACHMENT = re.compile(r"\[(?=\[ATTACHMENT\|)")
_PASSED = (Verdict.CORRECT, Verdict.FOLLOWS)
_SKIPPED = (Verdict.PENDING, Verdict.SKIPPED)
_ERRORS = (
    Verdict.RAISED,
    Verdict.TIMED_OUT,
    Verdict.MEMORY_EXCEEDED,
    Verdict.OUTPUT_EXCEEDED,
    Verdict.CRASHED,
    Verdict.BLOCKED,
    Verdict.GRADER_ERROR,
)


def junit_xml(graded: Graded) -> str:
    """The whole class as one document."""
    root = ET.Element("testsuites", name=_clean(graded.assignment.slug))
    total: Counter[str] = Counter()
    taken: set[str] = set()
    for submission in graded.submissions:
        name = _unique(_clean(f"{graded.assignment.slug}.{submission.submission}"), taken)
        mistakes = graded.assignment.mistakes
        total += _add_suite(root, name, submission, tier=graded.tier, mistakes=mistakes)
    _set_counts(root, total)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _clean(text: str) -> str:
    """Without what XML 1.0 forbids, marks of direction, and GitLab's attachment links."""
    plain = _DIRECTION.sub("\N{REPLACEMENT CHARACTER}", text)
    return _ATTACHMENT.sub("[ ", _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", plain))


def _set_counts(element: ET.Element, counts: Counter[str]) -> None:
    for name in ("tests", "failures", "errors", "skipped"):
        element.set(name, str(counts[name]))


def _unique(name: str, taken: set[str]) -> str:
    """Readers of JUnit drop a second case of the same name, and names may agree once cleaned."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    unique = next(n for n in itertools.chain([name], numbered) if n not in taken)
    taken.add(unique)
    return unique


def _add_suite(
    root: ET.Element,
    name: str,
    submission: SubmissionOutcome,
    *,
    tier: str,
    mistakes: Sequence[Mistake],
) -> Counter[str]:
    suite = ET.SubElement(root, "testsuite", name=name)
    counts: Counter[str] = Counter()
    sandbox = {"sandbox": tier} if tier else {}
    _add_properties(
        suite, score=points(submission.score), max_score=points(submission.max_score), **sandbox
    )
    for outcome in submission.outcomes:
        counts["tests"] += 1
        counts[_add_case(suite, name, outcome, mistakes)] += 1
    _set_counts(suite, counts)
    return counts


def _add_properties(element: ET.Element, **values: str) -> None:
    properties = ET.SubElement(element, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))


def _add_case(
    suite: ET.Element, classname: str, outcome: Outcome, mistakes: Sequence[Mistake]
) -> str:
    case = ET.SubElement(suite, "testcase", classname=classname, name=_clean(outcome.question))
    score = "" if outcome.score is None else points(outcome.score)
    bonus = {"bonus": "true"} if outcome.bonus else {}
    _add_properties(
        case,
        score=score,
        max_score=points(outcome.max_score),
        verdict=outcome.verdict.value,
        **bonus,
    )
    if outcome.left_out:
        ET.SubElement(case, "skipped", message="bonus")
        return "skipped"
    lines = feedback_lines(outcome, Audience.STUDENT, mistakes)
    if outcome.verdict in _PASSED and outcome.score == outcome.max_score:
        if lines:
            ET.SubElement(case, "system-out").text = _clean("\n".join(lines))
        return "passed"
    text = _clean("\n".join(lines) or VERDICT_WORDS[outcome.verdict])
    message = f"{VERDICT_WORDS[outcome.verdict]}: {lines[0]}" if lines else text
    if outcome.verdict in _SKIPPED and not outcome.unreadable:  # which must not pass a pipeline
        ET.SubElement(case, "skipped", message=_clean(message)).text = text
        return "skipped"
    tag = "error" if outcome.verdict in _ERRORS else "failure"
    element = ET.SubElement(case, tag, message=_clean(message), type=outcome.verdict.value)
    element.text = text
    return f"{tag}s"
