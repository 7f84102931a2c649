"""Know a call by what it asks, never by a running number."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

from grader.model.call import Call
from grader.plan.canonical import canonical

__all__ = ["Fingerprints", "fingerprint"]

_PREFIX = "call:"  # an id of a question holds no colon
_BYTES = 16


def fingerprint(call: Call, occurrence: int = 0) -> str:
    """A name for what a call asks: equal for calls that ask the same, different for all others.

    `occurrence` counts the calls before it that ask the same. The call's own id is no part of it.
    """
    asked = canonical(
        [
            call.entry,
            call.mode,
            list(call.arguments),
            sorted(call.globals.items()),
            None if call.driver is None else call.driver.source,
            call.seed,
            [call.hidden, call.look_again, call.look_back, call.repeat, call.digits],
            call.group,
            occurrence,
        ]
    )
    digest = hashlib.blake2b(asked, digest_size=_BYTES, person=b"grader call 1")
    return _PREFIX + digest.hexdigest()


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
