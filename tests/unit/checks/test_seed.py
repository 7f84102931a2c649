"""A seed that can be guessed is told, where something hidden hangs on it."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.prepare import Prepared, prepare
from grader.checks.seed import check_seed, why_guessable
from grader.spec.load import load_assignment
from tests.build import assignment_of

ROOT = Path(__file__).resolve().parents[3]
SPEC = """
schema: 1
slug: vanishing-gradients
title: Vanishing gradients
reference: small
submission: {{files: [code.py]}}
{seed}
questions:
  - {{id: twice, kind: function, call: twice(x), cases: [{case}]}}
"""
HIDDEN = "{random: {x: [1, 5]}, hidden: true}"
RANDOM = "4f0f5a3b0f0e4c1dbb9f7b0d4a3e2c11"


def prepared(folder: Path, seed: str, case: str = HIDDEN) -> Prepared:
    own = folder / "assignments" / "vanishing-gradients"
    own.mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "reference" / "small.py").write_text("def twice(x, /): return 2 * x\n", "utf-8")
    (own / "assignment.yaml").write_text(SPEC.format(seed=seed, case=case), "utf-8")
    return prepare(own)


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        ("", "there is no `seed`"),
        ("seed: 0", "is a number"),
        ("seed: 98765432109876543210987654321098765432109876543210", "is a number"),
        ('seed: "20251128093000123456"', "is a number"),
        ('seed: "٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣"', "is a number"),
        ("seed: tiny", "fewer than 16 characters"),
        ("seed: vanishing-gradients", "fewer than 16 characters"),
        ("seed: Vanishing-Gradients-2025", "fewer than 16 characters"),
        ("seed: Vanishing gradients vanishing-gradients", "fewer than 16 characters"),
        ("seed: abababababababababababababab", "repeats itself"),
        ("seed: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats itself"),
        ("seed: homework-2024-final", "a few words"),
        ("seed: correct horse battery staple", "a few words"),
        ("seed: our_secret_seed_2025", "a few words"),
    ],
)
def test_a_seed_that_can_be_guessed_is_told(tmp_path: Path, seed: str, why: str) -> None:
    (warning,) = prepared(tmp_path, seed).warnings
    assert (warning.code, warning.stops) == ("S219", False)
    assert why in warning.message
    assert warning.place.line == (7 if seed else 2)
    assert ": warning[S219]: " in str(warning)


@pytest.mark.parametrize(
    "seed",
    [
        f'seed: "{RANDOM}"',
        "seed: kwjqpzmxnvtrbdlgsfhc",
        f"seed: vanishing-gradients-{RANDOM}",
        "seed: plum orbit canyon velvet tango drift",
    ],
)
def test_a_seed_that_was_drawn_is_not(tmp_path: Path, seed: str) -> None:
    assert prepared(tmp_path, seed).warnings == ()


@pytest.mark.parametrize(
    "case", ["{x: 2}", "{random: {x: [1, 5]}}", "{inputs: {x: 2}, hidden: true}"]
)
def test_where_nothing_hidden_is_drawn_any_seed_will_do(tmp_path: Path, case: str) -> None:
    assert prepared(tmp_path, "seed: 1", case).warnings == ()


@given(st.binary(min_size=16, max_size=32))
def test_random_bytes_are_never_called_guessable_as_words(drawn: bytes) -> None:
    """As `secrets.token_hex` writes them; a text of few different bytes is no random one."""
    text = drawn.hex()
    if len(set(drawn)) > 10:
        assert why_guessable(assignment_of(seed=text)) == ""


def test_what_the_help_says_to_do_is_enough() -> None:
    assert [why_guessable(assignment_of(seed=secrets.token_hex(16))) for _ in range(500)] == [
        ""
    ] * 500


@pytest.mark.parametrize("slug", sorted(path.name for path in (ROOT / "assignments").iterdir()))
def test_our_own_assignments_have_secret_seeds(slug: str) -> None:
    assert check_seed(load_assignment(ROOT / "assignments" / slug)) == ()
