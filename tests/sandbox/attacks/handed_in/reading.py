"""A student's code that reads what is not its own. Each function gives back what it got."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import time
from typing import Any

from rawcall import call, libc, pipe

_LENGTH = 38  # of the decoys' secret
_PTRACE_PEEK, _PTRACE_ATTACH, _PTRACE_DETACH = 1, 16, 17


def _content(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(8192)


def read_etc_passwd(told: dict[str, Any]) -> Any:
    return _content("/etc/passwd")


def read_answers_0644(told: dict[str, Any]) -> Any:
    return _content(told["answers"])


def read_key_0600(told: dict[str, Any]) -> Any:
    return _content(told["key"])


def read_through_link(told: dict[str, Any]) -> Any:
    """By a link of its own, from the folder it works in or from one open to all."""
    found = []
    for folder in (".", told["world"]):
        for make in (os.symlink, os.link):
            link = os.path.join(folder, "road-{}".format(make.__name__))
            try:
                make(told["answers"], link)
                found.append(_content(link))
            except OSError:
                pass
    return found


def read_through_proc(told: dict[str, Any]) -> Any:
    """The same file by the roots and working folders that /proc shows."""
    for pid in ("self", "1", str(os.getppid()), str(told.get("victim", 1))):
        for entry in ("root", "cwd/" + "../" * 30):
            try:
                return _content("/proc/{}/{}/{}".format(pid, entry, told["answers"]))
            except OSError:
                pass
    return None


def open_by_handle(told: dict[str, Any]) -> Any:
    """The way out of a container that keeps its right to search: a file by number, not by name."""

    class Handle(ctypes.Structure):
        _fields_ = [
            ("size", ctypes.c_uint32),
            ("kind", ctypes.c_int),
            ("data", ctypes.c_ubyte * 128),
        ]

    handle, mount = Handle(128), ctypes.c_int()
    path = os.fsencode(told["answers"])
    call("name_to_handle_at", -100, path, ctypes.byref(handle), ctypes.byref(mount), 0)
    for folder in (".", told["course"]):  # any folder of the same file system
        try:
            there = os.open(folder, os.O_RDONLY)
            file = call("open_by_handle_at", there, ctypes.byref(handle), os.O_RDONLY)
            return os.read(file, 8192)
        except OSError:
            pass
    return None


def open_path_only(told: dict[str, Any]) -> Any:
    """Opened for nothing but to be named, and then opened again by that name."""
    file = os.open(told["answers"], os.O_PATH)
    found: list[Any] = [os.fstat(file).st_size]
    for name in ("/proc/self/fd/{}".format(file), "/dev/fd/{}".format(file)):
        try:
            found.append(_content(name))
        except OSError:
            pass
    return found


def list_dir(told: dict[str, Any]) -> Any:
    return os.listdir(told["course"])


def stat_answers(told: dict[str, Any]) -> Any:
    return os.stat(told["answers"]).st_size


def readlink_meta(told: dict[str, Any]) -> Any:
    return os.readlink(told["link"])


def process_probe(told: dict[str, Any]) -> Any:
    """Whether a process is there, by calls on processes; `stat_answers` stands for its folder."""
    pid = told["victim"]
    found = []
    for ask in (
        lambda: os.getsid(pid),
        lambda: os.getpgid(pid),
        lambda: os.getpriority(os.PRIO_PROCESS, pid),
        lambda: os.sched_getaffinity(pid),
        lambda: os.sched_getscheduler(pid),
    ):
        try:
            found.append(ask())
        except OSError:
            pass
    return "there is one" if found else None


def proc_cmdline_list(told: dict[str, Any]) -> Any:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                found.append(_content("/proc/{}/cmdline".format(name))[-200:])
            except OSError:
                pass
    return found


def proc_environ(told: dict[str, Any]) -> Any:
    return _content("/proc/{}/environ".format(told["victim"]))


def readlink_proc_cwd(told: dict[str, Any]) -> Any:
    return os.readlink("/proc/{}/cwd".format(told["victim"]))


def proc_mem(told: dict[str, Any]) -> Any:
    memory = os.open("/proc/{}/mem".format(told["victim"]), os.O_RDONLY)
    return os.pread(memory, _LENGTH, told["address"])


def process_vm_readv(told: dict[str, Any]) -> Any:
    class Area(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    buffer = ctypes.create_string_buffer(_LENGTH)
    here, there = Area(ctypes.addressof(buffer), _LENGTH), Area(told["address"], _LENGTH)
    call("process_vm_readv", told["victim"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    return buffer.raw


def ptrace_attach(told: dict[str, Any]) -> Any:
    pid = told["victim"]
    call("ptrace", _PTRACE_ATTACH, pid, 0, 0)
    try:
        os.waitpid(pid, 0x40000000)
    except OSError:
        time.sleep(0.1)  # it has stopped by then, too
    words = b""
    for offset in range(0, 40, 8):
        word = ctypes.c_long()
        place = ctypes.c_void_p(told["address"] + offset)
        call("ptrace", _PTRACE_PEEK, pid, place, ctypes.byref(word))
        words += ctypes.string_at(ctypes.addressof(word), 8)
    call("ptrace", _PTRACE_DETACH, pid, 0, 0)
    return words


def pidfd_getfd(told: dict[str, Any]) -> Any:
    """Takes an open descriptor out of another process."""
    process = call("pidfd_open", told["victim"], 0)
    return os.pread(call("pidfd_getfd", process, told["victim_file"], 0), _LENGTH, 0)


def secret_in_memory(told: dict[str, Any]) -> Any:
    """Looks through this process's own memory, page by page, for what was never meant for it.

    A pipe tells which pages there are: the kernel refuses to write from where nothing is.
    """
    reading, writing = pipe()
    address = ctypes.c_void_p()
    pattern = re.compile(b"-".join([b"DECOY", b"[0-9a-f]{32}"]))
    seen: set[int] = set()
    found: set[bytes] = set()
    samples = [id(x) for x in (object(), "", sys, os, re, told, {}, b"", 1.5, _content, Exception)]
    samples.append(ctypes.addressof(ctypes.create_string_buffer(1)))
    for sample in samples:
        for step in (4096, -4096):
            page, last = (sample & ~4095) - min(step, 0), b""
            while page + step not in seen and len(seen) < 40_000:
                page += step
                address.value = page
                if libc.write(writing, address, 4096) != 4096:
                    break
                seen.add(page)
                data = os.read(reading, 4096)
                joined = last + data if step > 0 else data + last
                found.update(pattern.findall(joined))
                last = data[-64:] if step > 0 else data[:64]
    for held in _texts_held():
        found.update(pattern.findall(held))
    return sorted(found)


def _texts_held() -> list[bytes]:
    """All texts that this interpreter's containers hold, and those of the modules' sources."""
    import gc

    texts = []
    for holder in gc.get_objects():
        for held in gc.get_referents(holder)[:1000]:
            if type(held) is str:
                texts.append(held.encode("utf-8", "replace"))
            elif type(held) in (bytes, bytearray):
                texts.append(bytes(held))
    return texts


def environ(told: dict[str, Any]) -> Any:
    found: list[Any] = [dict(os.environ)]
    try:
        found.append(_content("/proc/self/environ"))
    except OSError:
        pass
    first = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    for n in range(200):
        if first[n] is None:
            break
        found.append(first[n])
    return repr(found)


def inherited_fds(told: dict[str, Any]) -> Any:
    found = []
    for descriptor in range(256):
        try:
            found.append(os.pread(descriptor, 4096, 0))
        except OSError:
            pass
    return found


def argv_leak(told: dict[str, Any]) -> Any:
    found: list[Any] = [sys.argv, getattr(sys, "orig_argv", [])]
    try:
        found.append(_content("/proc/self/cmdline"))
    except OSError:
        pass
    return repr(found)
