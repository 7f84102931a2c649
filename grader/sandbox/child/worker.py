"""Runs one student's code: takes requests from one pipe, answers with plain data on another.

Started as `python -s -S worker.py <reply descriptor>` in an environment made for it; requests come
on standard input. No key, no tolerance and no path of the course's is ever sent here.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import io
import linecache
import os
import random
import resource
import sys
import types
from typing import Any

import wire  # the file beside this one, whose folder Python puts first on the path

# What is handed in may have these names, and is not to find these files.
del sys.path[0], sys.modules["wire"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MIB = 1 << 20
_MESSAGE_LENGTH = 10_000


class Modules:
    """The files handed in, run once each; they may import each other by name."""

    def __init__(self, files: list[Any], provided: str) -> None:
        self._sources = {name: source for name, source in files if name.endswith(".py")}
        self._provided = provided
        self._loaded: dict[str, types.ModuleType] = {}
        self.failures: dict[str, dict[str, Any]] = {}

    def load_all(self) -> None:
        sys.meta_path.append(self)  # last: no file shadows the library
        for name in self._sources:
            if name not in self._loaded and name not in self.failures:
                try:
                    self._load(name)
                except BaseException as error:
                    self.failures[name] = describe(error, self._sources)

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        """Lets one handed-in file import another."""
        name = fullname + ".py"
        if name not in self._sources:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> types.ModuleType:
        return self._loaded.setdefault(spec.name + ".py", types.ModuleType(spec.name))

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__ + ".py"
        try:
            self._run(name, module)
        except BaseException:
            self._loaded.pop(name, None)  # half a module answers nothing
            raise

    def _load(self, name: str) -> None:
        stem = name[: -len(".py")]
        module = self._loaded[name] = types.ModuleType(stem)
        if self._is_ours(stem):
            sys.modules[stem] = module  # where dataclasses look for it
        try:
            self._run(name, module)
        except BaseException:
            del self._loaded[name]
            if sys.modules.get(stem) is module:
                del sys.modules[stem]
            raise

    def _is_ours(self, stem: str) -> bool:
        """Whether `import stem` means the file handed in, and no module of the library's."""
        if not stem.isidentifier():
            return stem not in sys.modules
        try:
            spec = importlib.util.find_spec(stem)
        except ValueError:  # loaded without a spec, as __main__ is
            return False
        return spec is not None and spec.loader is self  # type: ignore[comparison-overlap]

    def _run(self, name: str, module: types.ModuleType) -> None:
        source = self._sources[name]
        text = importlib.util.decode_source(source)
        linecache.cache[name] = (len(source), None, text.splitlines(True), name)
        # Not this file's own, which exec() would pass on.
        vars(module).update(__file__=name, __builtins__=vars(builtins))
        if self._provided:
            exec(compile(self._provided, "<provided>", "exec", dont_inherit=True), vars(module))
        exec(compile(source, name, "exec", dont_inherit=True), vars(module))

    @property
    def names(self) -> list[str]:
        return list(self._sources)

    def find(self, entry: str) -> Any:
        """The first module that defines `entry`, or None."""
        for name in self._sources:
            module = self._loaded.get(name)
            if module is not None and entry in vars(module):
                return module
        return None


def describe(error: BaseException, names: Any) -> dict[str, Any]:
    """An exception as plain data: what a student may be told of it."""
    failure: dict[str, Any] = {
        "verdict": "raised",
        "reason": "exception",
        "exception": type.__dict__["__name__"].__get__(type(error)),
    }
    if isinstance(error, MemoryError):
        failure.update(verdict="memory_exceeded", reason="memory_limit")
    elif isinstance(error, SystemExit):
        failure.update(reason="system_exit")
    try:  # whatever an exception of the student's own making does when it is looked at
        if isinstance(error, SyntaxError) and error.filename in names:
            place = {"file": str(error.filename), "line": error.lineno or 0}
            return {**failure, "reason": "syntax_error", "message": str(error.msg), **place}
        failure.update(_place(error, names))
        failure["message"] = str(error)[:_MESSAGE_LENGTH]
    except BaseException:
        return failure
    return failure


def _place(error: BaseException, names: Any) -> dict[str, Any]:
    """The innermost line of a file handed in."""
    place: dict[str, Any] = {}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in names:
            place = {"file": trace.tb_frame.f_code.co_filename, "line": trace.tb_lineno}
        trace = trace.tb_next
    return place


class Namespace:
    """All handed-in modules seen as one, for drivers."""

    def __init__(self, modules: Modules) -> None:
        object.__setattr__(self, "_modules", modules)

    def __getattr__(self, name: str) -> Any:
        module = self._modules.find(name)
        if module is None:
            raise AttributeError("the files handed in do not define {!r}".format(name))
        return getattr(module, name)


def answer(modules: Modules, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out one call and say what came of it."""
    entry = request["entry"]
    module = modules.find(entry)
    if module is None:
        for failure in modules.failures.values():
            return {"failure": failure}
        return {"failure": {"verdict": "missing", "reason": "name_not_defined"}}
    try:
        for name, value in request["globals"].items():
            setattr(module, name, value)
        seed(request["seed"])
        target = getattr(module, entry)
        arguments = request["arguments"]
        if request["mode"] == "drive":
            scope: dict[str, Any] = {"__name__": "driver", "__builtins__": vars(builtins)}
            file, source = request["driver"]
            exec(compile(source, file, "exec", dont_inherit=True), scope)
            value = scope["drive"](Namespace(modules), arguments[0])
        elif request["mode"] == "value":
            value = target() if callable(target) else target
        elif not callable(target):
            return {"failure": {"verdict": "invalid", "reason": "not_callable"}}
        else:
            value = target(*arguments)
    except BaseException as error:
        return {"failure": describe(error, modules.names)}
    return {"value": value, "arguments": arguments if request["look_again"] else None}


def seed(number: int) -> None:
    """The same random numbers for the same call, whoever handed it in."""
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number % 2**32)


def limit_resources(limits: dict[str, int]) -> None:
    """Bounds that the kernel keeps. Address space counts from what the interpreter already has."""
    with open("/proc/self/statm", encoding="ascii") as stream:
        used = int(stream.read().split()[0]) * resource.getpagesize()
    space = used + limits["memory_mib"] * _MIB
    size = limits["file_mib"] * _MIB
    cpu = limits["cpu_seconds"]
    _limit(resource.RLIMIT_AS, space, space)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    _limit(resource.RLIMIT_FSIZE, size, size)
    _limit(resource.RLIMIT_CORE, 0, 0)


def _limit(which: int, soft: int, hard: int) -> None:
    """Never above what the machine's owner allows."""
    allowed = resource.getrlimit(which)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(which, (soft, hard))


def die_with_the_grader() -> None:
    """Have the kernel end this process when the one that started it is killed."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    except Exception:  # noqa: S110 - not on this system
        pass


class Pipe:
    """Requests and replies. What it calls is kept from before a student's code can replace it."""

    def __init__(self, reply_descriptor: int) -> None:
        self._requests = os.fdopen(os.dup(0), "rb")
        self._replies = os.fdopen(reply_descriptor, "wb", buffering=0)
        self._exit = os._exit

    def receive(self) -> Any:
        header = self._requests.read(4)
        if len(header) < 4:
            self._exit(0)
        return wire.decode(self._requests.read(int.from_bytes(header, "big")))

    def send(self, nonce: bytes, reply: dict[str, Any], limit: int = 1 << 16) -> None:
        try:
            payload = wire.encode({**reply, "nonce": nonce}, limit)
        except wire.Unsendable:
            payload = _failed(nonce, "output_exceeded", "output_limit")
        except MemoryError:
            payload = _failed(nonce, "memory_exceeded", "memory_limit")
        except BaseException:  # the value does not let itself be read
            mark = wire.OpaqueMark(type(reply.get("value")).__name__, "")
            payload = wire.encode({"value": mark, "nonce": nonce}, 1 << 16)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # noqa: S110 - closed, or replaced by something else
                pass
        message = wire.frame(payload)
        while message:
            message = message[self._replies.write(message) :]


def _failed(nonce: bytes, verdict: str, reason: str) -> bytes:
    failure = {"verdict": verdict, "reason": reason}
    payload: bytes = wire.encode({"failure": failure, "nonce": nonce}, 1 << 16)
    return payload


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

    hello = pipe.receive()
    sys.path += hello["site"]
    wire.numpy_names()  # imported before the address space is bounded
    limit_resources(hello["limits"])
    pipe.send(hello["nonce"], {"ready": True})

    start = pipe.receive()
    modules = Modules(start["files"], start["provided"])
    seed(start["seed"])
    modules.load_all()
    pipe.send(start["nonce"], {"loaded": True})
    while True:
        request = pipe.receive()
        pipe.send(request["nonce"], answer(modules, request), start["reply_bytes"])


if __name__ == "__main__":
    main()
