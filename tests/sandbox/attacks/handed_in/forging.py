"""A student's code that works on its own mark: replies of its own, liars, traces for the next."""

from __future__ import annotations

import builtins
import json
import os
import random
import struct
import sys
import time
from typing import Any

_MARK = json.dumps({"accepted": True, "value": 1, "next": True}).encode()


def _frames() -> Any:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        yield frame


def _to_all(data: bytes) -> None:
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            pass


def _own_reply(**fields: Any) -> bytes:
    """A reply as the one who called us would send it, whoever that is."""
    nonce = next((f.f_locals["request"]["nonce"] for f in _frames() if "request" in f.f_locals), 0)
    for frame in _frames():
        wire = frame.f_globals.get("wire")
        if wire is not None:
            return bytes(wire.frame(wire.encode({"nonce": nonce, **fields}, 1 << 24)))
    return struct.pack(">I", len(_MARK)) + _MARK


def os_exit_0(told: dict[str, Any]) -> Any:
    os._exit(0)


def override_numpy(told: dict[str, Any]) -> Any:
    import numpy

    for name in ("allclose", "isclose", "array_equal", "testing", "all", "asarray", "array"):
        setattr(numpy, name, lambda *arguments, **options: True)
    return 0.0


class _Liar(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __sub__(self, other: Any) -> Any:
        return 0.0

    def __abs__(self) -> float:
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


def eq_true_array(told: dict[str, Any]) -> Any:
    return _Liar(0)


def patch_codec(told: dict[str, Any]) -> Any:
    json.dumps = lambda *arguments, **options: _MARK.decode()
    for frame in _frames():
        for holder in (frame.f_globals.get("wire"), frame.f_locals.get("self")):
            for name in ("encode", "frame", "_packed", "send"):
                if holder is not None and hasattr(holder, name):
                    setattr(holder, name, lambda *arguments: _MARK)
    return 0.0


def garbage_pipe(told: dict[str, Any]) -> Any:
    _to_all(b"\xff\x00 garbage " * 50)
    return 0.0


def giant_length(told: dict[str, Any]) -> Any:
    _to_all(b"\xff\xff\xff\xff")
    return 0.0


def depth_bomb(told: dict[str, Any]) -> Any:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    return deep


def pre_answer(told: dict[str, Any]) -> Any:
    """Answers before it is asked: what comes first may be taken for the reply to what follows."""
    _to_all(_own_reply(value=b"N", loaded=True) * 3)
    return 0.0


def shape_lie(told: dict[str, Any]) -> Any:
    """An array of which there are fewer bytes than it says."""
    lie = {"accepted": False, "value": [1.0], "shape": [10**6, 10**6], "next": True}
    text = json.dumps(lie).encode()
    packed = b"a" + struct.pack(">I", 3) + b"<f8" + struct.pack(">III", 2, 10**6, 10**6)
    packed += struct.pack(">I", 8) + bytes(8)
    reply = _own_reply(value=packed)
    _to_all(struct.pack(">I", len(text)) + text if _MARK in reply else reply)
    return 0.0


def close_fds(told: dict[str, Any]) -> Any:
    os.closerange(0, 256)
    return 0.0


def slow_drip(told: dict[str, Any]) -> Any:
    """A byte now and then: who waits for each of them waits for ever."""
    _to_all(struct.pack(">I", 1000))
    for _ in range(40):
        time.sleep(0.05)
        _to_all(b"x")
    return 0.0


def next_run_clean(told: dict[str, Any]) -> Any:
    """Leaves traps in the interpreter for whoever is next."""
    builtins.sum = builtins.sorted = lambda *arguments: 7  # type: ignore[assignment]  # that is the attack
    random.random = lambda: 7.0
    sys.path.insert(0, os.getcwd())
    sys.setrecursionlimit(60)
    os.environ["LEFT"] = "behind"
    os.umask(0o777)
    return 0.0


def next_run_clean2(told: dict[str, Any]) -> Any:
    """Leaves files for whoever is next, where they may be found."""
    for folder in (".", os.path.expanduser("~"), told["world"]):
        try:
            with open(os.path.join(folder, "left_behind.py"), "w") as stream:
                stream.write("raise SystemExit")
        except OSError:
            pass
    return 0.0
