"""The template process: has everything imported, and forks a child for each submission.

Started as `python -s -S -B zygote.py <control descriptor>` in an environment made for it. It hears
from the grader only, over a socket, and never reads what a child writes.
"""

from __future__ import annotations

import builtins
import faulthandler
import fcntl
import gc
import importlib
import io
import os
import select
import signal
import socket
import sys
import time
from typing import Any

# The files beside this one, whose folder Python puts first on the path.
import wire
from confinement import Confinement
from failures import walls_are_up
from leftovers import end_children
from worker import REPLIES, Pipe, serve

# What is handed in may have these names, and is not to find these files.
_OURS = os.path.dirname(os.path.abspath(__file__))
del sys.path[0]
for _name, _module in list(sys.modules.items()):
    if _name != "__main__" and os.path.dirname(getattr(_module, "__file__", None) or "") == _OURS:
        del sys.modules[_name]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MESSAGE_BYTES = 1 << 16
_OF_NUMPY = ("numpy.random", "numpy.linalg", "numpy.fft")  # imported when first used, if not here
_OFTEN = ("copy", "csv", "dataclasses", "decimal", "fractions", "json", "statistics", "typing")
_BY_US = ("encodings.utf_8_sig",)  # when files are read
_WHERE = signal.SIGUSR1
_REFUSED = 97  # the exit code of a child whose walls could not be put up


class Template:
    """Forks on demand. One child at a time: the next only after the last one was reaped."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._child = 0
        self._confinement: Any = None

    def run(self) -> None:
        """Answer until the grader has gone."""
        try:
            self._prepare(wire.decode(self._control.recv(_MESSAGE_BYTES)))
        except BaseException as error:
            self._say(failed="{}: {}".format(type(error).__name__, error)[:2000])
            return
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 3)
            if not message:
                self._end_child()
                return
            request = wire.decode(message)
            if request["do"] == "spawn":
                self._spawn(request, descriptors)
            elif request["do"] == "say where":
                self._say_where()
            elif request["do"] == "try tasks":
                self._say(room=self._confinement.has_room_for_tasks(request["limits"]))
            else:
                self._say(**self._end_child(request["within"]))

    def _prepare(self, hello: dict[str, Any]) -> None:
        """Import, freeze, put up the walls that all children share, and say so."""
        self._end_with_grader(True)  # an import may last long, or for ever
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # where ignored, no child is found
        os.umask(0o022)  # whatever the user's is: the private root's folders are for others to read
        sys.path += hello["site"]
        if (numpy := wire.numpy_names()) is not None:
            numpy.masked()
            for name in _OF_NUMPY:
                importlib.import_module(name)
        for name in (*_OFTEN, *_BY_US, *hello["preload"]):
            importlib.import_module(name)
        gc.collect()
        gc.disable()
        gc.freeze()
        sys.stdin = io.TextIOWrapper(io.BytesIO())
        sys.argv = [""]
        sys.orig_argv = [""]  # type: ignore[attr-defined, unused-ignore]  # new in Python 3.10
        vars(builtins).update(exit=sys.exit, quit=sys.exit)  # -S leaves them out
        # Heard even while compiled code goes on; where a child stands is written to its replies.
        faulthandler.register(_WHERE, file=REPLIES, all_threads=False)
        threads = len(os.listdir("/proc/self/task"))
        if threads != 1:
            raise RuntimeError("what is preloaded starts {} threads".format(threads - 1))
        self._end_with_grader(False)  # from here on it is heard of where messages are
        self._confinement = Confinement(hello)
        self._confinement.enclose()
        self._say(landlock=self._confinement.landlock)

    def _end_with_grader(self, now: bool) -> None:
        """Whether the kernel ends this process (SIGIO) as soon as the grader's end is closed."""
        flags = fcntl.fcntl(self._control, fcntl.F_GETFL) & ~os.O_ASYNC
        fcntl.fcntl(self._control, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(self._control, fcntl.F_SETFL, flags | os.O_ASYNC * now)
        if select.select([self._control], (), (), 0)[0]:  # nothing is sent before we answer
            raise OSError("the grader has gone")

    def _spawn(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            pid = self._confinement.fork()
        except OSError as error:
            self._say(failed="fork: {}".format(error))
        else:
            if pid == 0:
                self._become_child(request, descriptors)
            self._child = pid
            pidfd = os.pidfd_open(pid)
            socket.send_fds(self._control, [wire.encode({"pid": pid}, _MESSAGE_BYTES)], [pidfd])
            os.close(pidfd)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _become_child(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Lock this process down, say so, and serve. Never returns."""
        pipe = None
        try:
            self._confinement.keep_only(descriptors)
            pipe = Pipe()
            self._confinement.lock_down(request)
            if self._confinement.tier != "basic":
                walls_are_up()
            pipe.send(request["nonce"], {"ready": True})
            serve(pipe)
        except BaseException as error:
            if pipe is not None:
                pipe.send(request["nonce"], {"refused": str(error)[:500]})
        finally:
            os._exit(_REFUSED)

    def _say_where(self) -> None:
        """Have the child write down where it stands. What it does with the signal is its affair."""
        if self._child:
            os.kill(self._child, _WHERE)
        self._say(asked=bool(self._child))

    def _end_child(self, within: float = 0.0) -> dict[str, Any]:
        """End the child and whatever it left running; what it used, and how it ended.

        It has so many seconds to end by itself. A signal is told if it was not ours.
        """
        if not self._child:
            return {"ended": False}
        pid, self._child = self._child, 0
        alone = _has_ended(pid, within)
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        if self._confinement.tier == "basic":
            end_children()
        return {
            "ended": True,
            "signal": os.WTERMSIG(status) if alone and os.WIFSIGNALED(status) else 0,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "resident_kib": usage.ru_maxrss,
        }

    def _say(self, **message: Any) -> None:
        self._control.send(wire.encode(message, _MESSAGE_BYTES))


def _has_ended(pid: int, within: float) -> bool:
    """Whether a child ends by itself within so many seconds; it can still be waited for."""
    deadline = time.monotonic() + within
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.001)
    return True


if __name__ == "__main__":
    Template(socket.socket(fileno=int(sys.argv[1]))).run()
