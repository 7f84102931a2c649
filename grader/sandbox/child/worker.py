"""Serves one submission in a forked child: takes requests from one pipe, answers on another.

No key, no tolerance and no path of the course's is ever sent here.
"""

from __future__ import annotations

import builtins
import gc
import os
import sys
from typing import Any

import wire
from calls import Calls, failed, seed
from handed_in import Modules

__all__ = ["MOST_TOLD", "REPLIES", "REQUESTS", "Pipe", "serve"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

REQUESTS = 3  #: the descriptor that requests come from
REPLIES = 4
PRINTED = 1
MOST_TOLD = 10  #: cells that failed
_REPLY_BYTES = 1 << 31  # the values in it were bounded when they were packed


class Pipe:
    """Requests and replies. What it calls is kept from before a student's code can replace it."""

    def __init__(self) -> None:
        self._requests = os.fdopen(REQUESTS, "rb")
        self._replies = os.fdopen(REPLIES, "wb", buffering=0)
        self._exit = os._exit
        self._write = os.write

    def receive(self) -> bytes:
        header = self._requests.read(4)
        if len(header) < 4:
            self._exit(0)
        return self._requests.read(int.from_bytes(header, "big"))

    def send(self, nonce: bytes, reply: dict[str, Any]) -> None:
        try:
            payload = wire.encode({**reply, "nonce": nonce}, _REPLY_BYTES)
        except MemoryError:
            reply = failed("memory_exceeded", "memory_limit")
            payload = wire.encode({**reply, "nonce": nonce}, _REPLY_BYTES)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # noqa: S110 - closed, or replaced by something else
                pass
        try:
            self._write(PRINTED, nonce)  # what was printed until now belongs to this reply
        except OSError:
            pass  # they closed it
        message = wire.frame(payload)
        while message:
            message = message[self._replies.write(message) :]


def serve(pipe: Pipe) -> None:
    """Load the files that come first, then make the calls that are asked for. Never returns."""
    start = wire.decode(pipe.receive())
    modules = Modules(
        start["files"],
        start["provided"],
        start["at_start"],
        start["packages"],
        start["seconds"],
        start["entries"],
        start["course"],
        start["part"],
    )
    gc.freeze()  # what is ours is never garbage, and to look through it costs time each time
    gc.enable()
    seed(start["seed"])
    modules.load_all()
    cells = modules.failed_cells[:MOST_TOLD]
    loaded = {"loaded": True, "failed": modules.not_loaded, "failed_cells": cells}
    pipe.send(start["nonce"], loaded)
    calls = Calls(modules, start["reply_bytes"])
    while True:
        payload = pipe.receive()
        request = wire.decode(payload)
        pipe.send(request["nonce"], calls.answer(request, payload))
