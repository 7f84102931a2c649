"""Runs one student's code: takes requests from one pipe, answers with plain data on another.

Started as `python -I -S worker.py <reply descriptor>`; requests come on standard input. No key, no
tolerance and no path of the course's is ever sent here.
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
import struct
import sys
import traceback
import types
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire  # found by the path that was put there for it

del sys.path[0]

_MIB = 1 << 20


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
        self._run(module.__name__ + ".py", module)

    def _load(self, name: str) -> None:
        stem = name[: -len(".py")]
        module = self._loaded[name] = types.ModuleType(stem)
        if self._is_ours(stem):
            sys.modules[stem] = module
        try:
            self._run(name, module)
        except BaseException:
            del self._loaded[name]
            if sys.modules.get(stem) is module:
                del sys.modules[stem]
            raise

    def _is_ours(self, stem: str) -> bool:
        """Whether `import stem` means the file handed in, and no module of the library's."""
        try:
            spec = importlib.util.find_spec(stem)
        except ValueError:  # loaded without a spec, as __main__ is
            return False
        return spec is not None and spec.loader is self  # type: ignore[comparison-overlap]

    def _run(self, name: str, module: types.ModuleType) -> None:
        source = self._sources[name]
        text = importlib.util.decode_source(source)
        linecache.cache[name] = (len(source), None, text.splitlines(True), name)
        module.__file__ = name
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
    verdict, reason = "raised", "exception"
    if isinstance(error, MemoryError):
        verdict, reason = "memory_exceeded", "memory_limit"
    elif isinstance(error, SystemExit):
        reason = "system_exit"
    elif isinstance(error, SyntaxError) and error.filename in names:
        reason = "syntax_error"
    try:
        message = str(error)[:2000]
    except BaseException:
        message = ""
    file, line = "", 0
    if reason == "syntax_error":
        file, line = str(error.filename), error.lineno or 0  # type: ignore[attr-defined]
        message = str(error.msg)  # type: ignore[attr-defined]
    else:
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in names:
                file, line = frame.filename, frame.lineno or 0
                break
    return {
        "verdict": verdict,
        "reason": reason,
        "exception": type(error).__name__,
        "message": message,
        "file": file,
        "line": line,
    }


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
            scope: dict[str, Any] = {"__name__": "driver"}
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
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    cpu = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    size = limits["file_mib"] * _MIB
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(int(sys.argv[1]), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.argv = [""]
    vars(builtins).update(exit=sys.exit, quit=sys.exit)  # -S leaves them out

    def receive() -> Any:
        header = requests.read(4)
        if len(header) < 4:
            os._exit(0)
        return wire.decode(requests.read(struct.unpack(">I", header)[0]))

    def send(nonce: bytes, reply: dict[str, Any], limit: int) -> None:
        try:
            payload = wire.encode({**reply, "nonce": nonce}, limit)
        except wire.Unsendable:
            failure = {"verdict": "output_exceeded", "reason": "output_limit"}
            payload = wire.encode({"failure": failure, "nonce": nonce}, 1 << 16)
        except MemoryError:
            failure = {"verdict": "memory_exceeded", "reason": "memory_limit"}
            payload = wire.encode({"failure": failure, "nonce": nonce}, 1 << 16)
        sys.stdout.flush()
        sys.stderr.flush()
        message = wire.frame(payload)
        while message:
            message = message[replies.write(message) :]

    send(receive()["nonce"], {"ready": True}, 1 << 16)
    start = receive()
    sys.path[:] = [path for path in sys.path if path] + list(start["site"])
    limit = start["reply_bytes"]
    try:
        import numpy  # noqa: F401 - before the address space is bounded
    except ImportError:
        pass
    limit_resources(start["limits"])
    modules = Modules(start["files"], start["provided"])
    seed(start["seed"])
    modules.load_all()
    send(start["nonce"], {"loaded": True}, 1 << 16)
    while True:
        request = receive()
        send(request["nonce"], answer(modules, request), limit)


if __name__ == "__main__":
    main()
