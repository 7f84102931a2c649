"""Choices and words are carried forward like numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.model.verdict import Audience, Verdict
from tests.unit.judge.course import Course

# A number, a word that depends on it, and numbers and words that depend on the word.
REFERENCE = """
def total(x): return 2.0 * x
def size(total): return 'small' if total < 3.5 else 'medium' if total < 4.5 else 'large'
def price(size, x): return {'small': 1.5, 'medium': 2.5, 'large': 4.5}[size] * x
def label(size): return {'small': 'S', 'medium': 'M', 'large': 'L'}[size]
def over(total): return total > 4.5
def fee(over, x): return 10 * x if over else 3 * x
def layers(total): return 2 if total > 4.5 else 3 if total > 3.5 else 4
def weights(layers): return 7 * layers + 1.5

def total_other(x): return 3.0 * x
def size_other(total): return 'large' if total < 3.5 else 'medium'
def price_other(size, x): return {'small': 2.0, 'medium': 3.5, 'large': 5.5}[size] * x
"""
SPEC = """
givens: {x: 3.1}
questions:
  - {id: total, kind: number}
  - {id: size, kind: choice, options: {small: Up to 3.5, medium: Between, large: From 4.5}}
  - {id: price, kind: number}
  - {id: label, kind: choice, options: {S: the small one, M: the medium one, L: the large one}}
  - {id: over, kind: choice, options: {"True": it is, "False": it is not}}
  - {id: fee, kind: number}
  - {id: layers, kind: choice, options: {"2": two, "3": three, "4": four}}
  - {id: weights, kind: number}
mistakes:
  - {id: thrice, replaces: total, with: total_other, feedback: Look at the total.}
  - {id: sized, replaces: size, with: size_other, feedback: Look at the size.}
  - {id: priced, replaces: price, with: price_other, feedback: Look at the price.}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("choices"), SPEC, REFERENCE)


@pytest.mark.parametrize(
    ("answers", "verdicts"),
    [
        # words after numbers
        ({"total": "4.01", "size": "small"}, ["incorrect", "incorrect"]),
        ({"total": "4.01", "size": "medium"}, ["incorrect", "follows"]),
        ({"total": "4.01", "size": "Between"}, ["incorrect", "follows"]),
        ({"total": "3.2", "size": "small"}, ["incorrect", "follows"]),
        ({"total": "5.01", "size": "large"}, ["incorrect", "correct"]),
        ({"total": "4.01", "size": "huge"}, ["incorrect", "invalid"]),
        ({"total": "4.01", "over": False}, ["incorrect", "follows"]),
        ({"total": "4.01", "layers": 3}, ["incorrect", "follows"]),
        ({"total": "4.01", "layers": "4"}, ["incorrect", "incorrect"]),
        ({"total": "1000000", "size": "small"}, ["incorrect", "incorrect"]),
        # numbers after words
        ({"size": "small", "price": "4.65"}, ["incorrect", "follows"]),
        ({"size": "medium", "price": "7.75"}, ["incorrect", "follows"]),
        ({"size": "medium", "price": "4.65"}, ["incorrect", "incorrect"]),
        ({"size": "huge", "price": "4.65"}, ["invalid", "incorrect"]),
        ({"over": False, "fee": "9.3"}, ["incorrect", "follows"]),
        ({"over": "it is not", "fee": "9.3"}, ["incorrect", "follows"]),
        ({"over": "true", "fee": "9.3"}, ["correct", "incorrect"]),
        ({"layers": 4, "weights": "29.5"}, ["incorrect", "follows"]),
        ({"layers": "three", "weights": "22.5"}, ["incorrect", "follows"]),
        ({"layers": "three", "weights": "29.5"}, ["incorrect", "incorrect"]),
        # words after words, and all of them after one number
        ({"size": "small", "label": "S"}, ["incorrect", "follows"]),
        ({"size": "small", "label": "M"}, ["incorrect", "incorrect"]),
        ({"total": "4.01", "size": "small", "label": "S"}, ["incorrect", "incorrect", "follows"]),
        ({"total": "4.01", "label": "M"}, ["incorrect", "follows"]),
        ({"total": "4.01", "size": "medium", "price": "7.75"}, ["incorrect", "follows", "follows"]),
    ],
    ids=str,
)
def test_choices_follow_and_are_followed(
    course: Course, answers: dict[str, Any], verdicts: list[str]
) -> None:
    marked = course.verdicts(answers)
    assert [marked[name] for name in answers] == verdicts


@pytest.mark.lengthy
def test_nothing_is_held_for_a_word(course: Course) -> None:
    options = {"size": ("small", "medium"), "label": ("S", "M"), "over": (True, False)}
    for total in ("4.01", "-6.2", "0", "62", "12.4"):
        for size in options["size"]:
            for label in options["label"]:
                for over in options["over"]:
                    answers = {"total": total, "size": size, "label": label, "over": over}
                    marked = course.mark({**answers, "price": "1", "fee": "1", "layers": 2})
                    verdicts = {one.verdict for one in marked.values()}
                    assert Verdict.GRADER_ERROR not in verdicts


def test_a_start_may_have_been_rounded_over_a_threshold(course: Course) -> None:
    """4.4998 was written down as 4.5: the student went on with what they had."""
    assert course.verdicts({"total": "4.50", "size": "medium"})["size"] == "follows"
    assert course.verdicts({"total": "4.51", "size": "medium"})["size"] == "incorrect"


def test_a_mistake_that_gives_the_same_option_blocks_no_choice(tmp_path: Path) -> None:
    reference = "def g(x): return 2.0 * x\ndef way(g): return 'up' if g > 3 else 'down'\n"
    reference += "def way_other(g): return 'down'\n"
    text = "givens: {x: 3.1}\nquestions:\n  - {id: g, kind: number}\n"
    text += "  - {id: way, kind: choice, options: {up: It rises, down: It falls}}\n"
    text += "mistakes:\n  - {id: m, replaces: way, with: way_other, feedback: Look again.}\n"
    verdicts = Course(tmp_path, text, reference).verdicts({"g": "2.5", "way": "down"})
    assert verdicts == {"g": "incorrect", "way": "follows"}


def test_a_number_after_a_choice_is_guarded_like_others(course: Course) -> None:
    """With the smallest size the slip in the price does not show; with the right one it would."""
    reference = REFERENCE.replace("'small': 2.0", "'small': 1.5")
    assert reference != REFERENCE
    other = Course(course.prepared.assignment.folder.parent / "guarded", SPEC, reference)
    outcome = other.mark({"size": "small", "price": "4.65"})["price"]
    assert outcome.score == 0
    assert any("the mistake priced" in line for line in outcome.feedback.read_by(Audience.STAFF))
