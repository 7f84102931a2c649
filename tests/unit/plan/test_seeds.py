from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from grader.model.assignment import Assignment, Formulas, Limits
from grader.plan import derived_seed

WHOLE = Assignment(
    slug="x",
    title="X",
    folder=Path(),
    files=("x.py",),
    seed=1,
    givens={},
    formulas=Formulas(),
    limits=Limits(),
    questions=(),
)


def test_a_seed_comes_from_the_assignments_its_slug_and_the_names() -> None:
    first = derived_seed(WHOLE, "f", 1, b"2")
    assert first == derived_seed(replace(WHOLE, title="Y", files=()), "f", 1, b"2")
    others = [
        derived_seed(replace(WHOLE, seed=2), "f", 1, b"2"),
        derived_seed(replace(WHOLE, slug="y"), "f", 1, b"2"),
        derived_seed(WHOLE, "f", 1, b"3"),
        derived_seed(WHOLE, "f", "1", b"2"),
        derived_seed(WHOLE, "f1", b"2"),
        derived_seed(WHOLE, "f", 1),
    ]
    assert len({first, *others}) == 7


@pytest.mark.parametrize("seed", [0, 10**63, 10**64, 10**399])
def test_a_seed_of_any_length_is_taken_whole(seed: int) -> None:
    near = [derived_seed(replace(WHOLE, seed=seed + n), "f") for n in range(3)]
    assert len(set(near)) == 3
    assert all(0 <= one < 2**62 for one in near)


def test_the_seed_of_the_assignment_is_the_key_of_the_hash() -> None:
    """Without the key the names say nothing: it is not one more thing that is hashed with them."""
    plain = {
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 2
        for text in map(":".join, itertools.permutations(("x", "1", "f")))
    }
    assert derived_seed(WHOLE, "f") not in plain
