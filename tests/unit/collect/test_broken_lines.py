"""One slip costs one answer: whatever becomes of a line, the answers beside it stay the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.collect.named import by_question
from grader.model.typed import texts_of
from grader.plan import Plan, make_plan
from grader.submissions.lines import key_line
from grader.submissions.sheet import Sheet, read_sheets
from tests.some import some
from tests.unit.collect.test_typed_sheets import REFERENCE, SPEC
from tests.unit.judge.course import Course

#: Whole answers; those of several lines belong together.
ANSWERS = {
    "a": ["a: 0.5", "a: '0.5'", "a: 1/2  # half"],
    "b": ["b: 2", "b: pi/4"],
    "c": ["c: -3e-4", 'c: "3.0"'],
    "pair": ["pair: {mean_x: 1, mean_y: 2}", "pair:\n  mean_x: 1\n  mean_y: 2"],
    "far": ["far:\n    left: 1.50\n    right: 2"],
    "list": ["list: [1, 2, 3]", "list:\n  - 1\n  - 2\n  - 3", "list: [1,\n       2,\n       3]"],
    "pick": ["pick: a", "pick: (b)"],
    "why": ["why: it is flat there", "why: |\n  It is flat\n  there.", "why: >-\n  It\n  is."],
}
NAMES = tuple(ANSWERS)
LABELS = {"pair": {"mean_x", "mean_y"}, "far": {"left", "right"}}
SIGNS = [*"[]{}()'\":,|>&*!%@`#-? \t~.;x\\", "- ", ": ", " #", "x: ", "\x07", "é"]


def slips(line: str, at: int, sign: str) -> list[str]:
    """What may happen to a line while it is typed, at a place and with a sign."""
    return [
        line[:at] + sign + line[at:],
        line[:at] + line[at + 1 :],
        line[:at],
        line[at:],
        line[:at] + sign + line[at + 1 :],
        sign * 3,
        " " + line,
        "\t" + line,
        line.replace(":", "", 1),
        line.replace(": ", ":", 1),
        line.replace("  ", "", 1),
    ]


@dataclass(frozen=True)
class Broken:
    whole: str
    spoilt: str
    free: frozenset[str]  #: the answers that may have become others, by their questions


@st.composite
def broken(draw: st.DrawFn) -> Broken:
    """A sheet, and the same one with a slip in one line."""
    order = draw(st.permutations(NAMES))
    chosen = [(name, draw(st.sampled_from(ANSWERS[name])).split("\n")) for name in order]
    lines = [(name, line) for name, answer in chosen for line in answer]
    number = draw(st.integers(0, len(lines) - 1))
    question, line = lines[number]
    place, sign = draw(st.integers(0, len(line))), draw(st.sampled_from(SIGNS))
    after = [text for _, text in lines]
    after[number] = draw(st.sampled_from(slips(line, place, sign)))
    free = {question}
    begins = number == 0 or lines[number - 1][0] != question
    key = key_line(after[number])
    if number and begins and (key is None or (key.indent and key.name not in NAMES)):
        # Without its name it goes on with the answer above, and no reader could tell otherwise.
        free.add(lines[number - 1][0])
    whole = "".join(f"{text}\n" for _, text in lines)
    return Broken(whole, "".join(f"{text}\n" for text in after), frozenset(free))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    course = Course(tmp_path_factory.mktemp("broken"), SPEC, REFERENCE)
    return make_plan(course.prepared.assignment)


def sheet(plan: Plan, text: str) -> Sheet:
    return by_question(plan, read_sheets({"answers.yaml": text.encode()}, NAMES)).sheet


def answered(sheet: Sheet, name: str) -> Any:
    """What counts of an answer: parts that nobody asked for do not."""
    value = texts_of(sheet.answers.get(name))
    labels = LABELS.get(name)
    if labels is None or not isinstance(value, Mapping):
        return value
    return {label: one for label, one in value.items() if label in labels}


@settings(max_examples=some(150), deadline=None)
@given(slip=broken())
def test_a_broken_line_changes_no_other_answer(plan: Plan, slip: Broken) -> None:
    before, after = sheet(plan, slip.whole), sheet(plan, slip.spoilt)
    assert before.answers.keys() == set(NAMES)
    for name in set(NAMES) - slip.free:
        assert answered(after, name) == answered(before, name), slip.spoilt
