"""Runs one student's code: takes requests from one pipe, answers with plain data on another.

Started as `python -s -S worker.py <reply descriptor>` in an environment made for it; requests come
on standard input. No key, no tolerance and no path of the course's is ever sent here.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from typing import Any

# The files beside this one, whose folder Python puts first on the path.
import wire
from calls import Calls, failed, seed
from confinement import die_with_the_grader, limit_resources
from handed_in import Modules

# What is handed in may have these names, and is not to find these files.
del sys.path[0]
for _name in ("calls", "confinement", "handed_in", "literals", "wire"):
    del sys.modules[_name]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_REPLY_BYTES = 1 << 31  # the values in it were bounded when they were packed


class Pipe:
    """Requests and replies. What it calls is kept from before a student's code can replace it."""

    def __init__(self, reply_descriptor: int) -> None:
        self._requests = os.fdopen(os.dup(0), "rb")
        self._replies = os.fdopen(reply_descriptor, "wb", buffering=0)
        self._exit = os._exit

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
        message = wire.frame(payload)
        while message:
            message = message[self._replies.write(message) :]


def main() -> None:
    pipe = Pipe(int(sys.argv[1]))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.argv = [""]
    sys.orig_argv = [""]  # type: ignore[attr-defined, unused-ignore]
    vars(builtins).update(exit=sys.exit, quit=sys.exit)  # -S leaves them out

    die_with_the_grader()

    hello = wire.decode(pipe.receive())
    sys.path += hello["site"]
    wire.numpy_names()  # imported before the address space is bounded
    limit_resources(hello["limits"])
    pipe.send(hello["nonce"], {"ready": True})

    start = wire.decode(pipe.receive())
    modules = Modules(start["files"], start["provided"])
    seed(start["seed"])
    modules.load_all()
    pipe.send(start["nonce"], {"loaded": True})
    calls = Calls(modules, start["reply_bytes"])
    while True:
        payload = pipe.receive()
        request = wire.decode(payload)
        pipe.send(request["nonce"], calls.answer(request, payload))


if __name__ == "__main__":
    main()
