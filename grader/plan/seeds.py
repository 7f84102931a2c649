"""Seeds that are derived from the assignment's, and do not give it away."""

from __future__ import annotations

import hashlib

from grader.model.assignment import Assignment
from grader.plan.canonical import canonical

__all__ = ["derived_seed"]


def derived_seed(assignment: Assignment, *names: str | int | bytes) -> int:
    """A whole number below 2**62 for what the names say, the same on every machine.

    It depends on the assignment's seed and slug and on the names, and on nothing else. A student's
    process may be sent it: the assignment's seed, which all other seeds and the inputs of hidden
    cases come from, is the key of a keyed hash and cannot be computed back, only guessed. Of n
    seeds two are the same with a chance of n²/2**63.
    """
    key = str(assignment.seed).encode()
    if len(key) > hashlib.blake2b.MAX_KEY_SIZE:
        key = hashlib.blake2b(key).digest()
    whole = canonical([assignment.slug, *names])
    return int.from_bytes(hashlib.blake2b(whole, key=key, digest_size=8).digest(), "big") >> 2
