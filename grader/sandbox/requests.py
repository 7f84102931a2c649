"""Requests as they are sent to a child: the same call is packed once for a whole class."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from grader.model.call import Call
from grader.sandbox.child.wire import Unsendable, encode
from grader.sandbox.contract import SandboxFault

__all__ = ["NONCE_BYTES", "packed", "request_of"]

NONCE_BYTES = 16
_MOST_BYTES = 64 << 20
_REMEMBERED_BYTES = 64 << 10  # what is larger takes longer to compute with than to pack

#: Each for as long as its plan is there.
_KNOWN: WeakKeyDictionary[Call, bytes] = WeakKeyDictionary()


def packed(request: dict[str, Any]) -> bytes:
    """All of a message but the nonce that it ends with. Raises SandboxFault if it is too large."""
    try:
        return encode({**request, "nonce": bytes(NONCE_BYTES)}, _MOST_BYTES)[:-NONCE_BYTES]
    except Unsendable:
        msg = "the files or the arguments of a call are larger than 64 MiB"
        raise SandboxFault(msg) from None


def request_of(call: Call) -> bytes:
    """What asks for a call, packed. Raises SandboxFault if it is too large."""
    known = _KNOWN.get(call)
    if known is not None:
        return known
    request = packed(
        {
            "entry": call.entry,
            "mode": call.mode,
            "arguments": list(call.arguments),
            "globals": dict(call.globals),
            "driver": None if call.driver is None else (call.driver.file, call.driver.source),
            "seed": call.seed,
            "id": call.id,
            "group": call.group,
            "look_again": call.look_again,
            "look_back": call.look_back,
            "repeat": call.repeat,
            "digits": call.digits,
        }
    )
    if len(request) <= _REMEMBERED_BYTES:
        _KNOWN[call] = request
    return request
