"""Know a call by what it asks, never by a running number."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

from grader.model.call import Call
from grader.model.value import Value
from grader.plan.canonical import canonical

__all__ = ["Fingerprints", "asked_by", "digest", "fingerprint"]

_BYTES = 16


def digest(what: str, value: Value) -> str:
    """A name for a value: what it is a value of, a colon, and a hash of its canonical bytes."""
    person = f"grader {what} 1".encode()  # at most 16 bytes
    hashed = hashlib.blake2b(canonical(value), digest_size=_BYTES, person=person)
    return f"{what}:{hashed.hexdigest()}"


def fingerprint(call: Call, occurrence: int = 0) -> str:
    """A name for what a call asks: equal for calls that ask the same, different for all others.

    `occurrence` counts the calls before it that ask the same. The call's own id is not part of it.
    It holds a colon, which the id of a question never does.
    """
    return digest("call", [*asked_by(call), occurrence])


def asked_by(call: Call) -> list[Value]:
    """All that a call asks, as plain values."""
    return [
        call.entry,
        call.mode,
        list(call.arguments),
        sorted(call.globals.items()),
        None if call.driver is None else call.driver.source,
        call.seed,
        [call.hidden, call.look_again, call.look_back, call.repeat, call.digits],
        call.group,
    ]


class Fingerprints:
    """Gives calls their ids, one after another: those that ask the same are counted."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def named(self, call: Call) -> Call:
        """The call with its fingerprint as id."""
        first = fingerprint(call)
        self._seen[first] += 1
        before = self._seen[first] - 1
        return replace(call, id=fingerprint(call, before) if before else first)
