"""A student's code that talks to somebody: over the network, by sockets, by shared memory."""

from __future__ import annotations

import ctypes
import functools
import os
import socket
import time
from typing import Any

from rawcall import attempt, call

_HELLO = b"hello from a student"


def tcp_loopback(told: dict[str, Any]) -> Any:
    with socket.create_connection(("127.0.0.1", told["tcp"]), timeout=1) as there:
        return there.send(_HELLO)


def udp_loopback(told: dict[str, Any]) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        return here.sendto(_HELLO, ("127.0.0.1", told["udp"]))


def bind_listen_tcp(told: dict[str, Any]) -> Any:
    """Waits for a visitor, who knocks from outside."""
    with socket.socket() as here:
        here.bind(("127.0.0.1", told["free"]))
        here.listen()
        here.settimeout(1)
        visitor, _ = here.accept()
        visitor.sendall(_HELLO)
        visitor.close()
    return "visited"


def unix_pathname(told: dict[str, Any]) -> Any:
    with socket.socket(socket.AF_UNIX) as here:
        here.connect(told["unix"])
        return here.send(_HELLO)


def unix_abstract(told: dict[str, Any]) -> Any:
    with socket.socket(socket.AF_UNIX) as here:
        here.connect("\0" + told["abstract"])
        return here.send(_HELLO)


def _to_names(kind: int, send: Any, told: dict[str, Any]) -> None:
    one, _ = socket.socketpair(socket.AF_UNIX, kind)
    for name in (told["unix_datagrams"], "\0" + told["abstract_datagrams"]):
        try:
            send(one, name)
        except OSError:
            pass


def dgram_socketpair(told: dict[str, Any]) -> Any:
    """Neither `socket` nor `connect`: one end of a pair sends to a name."""
    _to_names(socket.SOCK_DGRAM, lambda one, name: one.sendto(_HELLO, name), told)


def dgram_socketpair_raw(told: dict[str, Any]) -> Any:
    """For unix sockets the kernel takes this type as the one for datagrams."""
    _to_names(socket.SOCK_RAW, lambda one, name: one.sendto(_HELLO, name), told)


def dgram_socketpair_sendmsg(told: dict[str, Any]) -> Any:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC):
        _to_names(kind, lambda one, name: one.sendmsg([_HELLO], [], 0, name), told)


def dgram_socketpair_connect(told: dict[str, Any]) -> Any:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        try:
            _to_names(kind, lambda one, name: (one.connect(name), one.send(_HELLO)), told)
        except OSError:
            pass


def odd_sockets(told: dict[str, Any]) -> Any:
    """Sockets that no computation needs: to the kernel, its ciphers, its interfaces."""
    made = []
    for family, kind, protocol in ((16, 3, 0), (38, 5, 0), (17, 3, 0), (40, 1, 0), (31, 3, 1)):
        try:
            made.append(socket.socket(family, kind, protocol).family)
        except OSError:
            pass
    return ["socket of family {}".format(int(family)) for family in made] or None


def sysv_shm(told: dict[str, Any]) -> Any:
    return call("shmget", told["shm"], 4096, 0o1666)


def posix_shm(told: dict[str, Any]) -> Any:
    with open("/dev/shm/{}".format(told["mark"]), "wb") as stream:
        return stream.write(_HELLO)


def posix_queue(told: dict[str, Any]) -> Any:
    name = told["mark"].encode()
    return "queue {}".format(call("mq_open", name, os.O_CREAT | os.O_RDWR, 0o600, None))


def keyring(told: dict[str, Any]) -> Any:
    """Leaves a note that the next process of the same user can read."""
    name = told["mark"].encode()
    key = call("add_key", b"user", name, _HELLO, len(_HELLO), -4)
    attempt(lambda: call("keyctl", 15, key, 1))  # it goes away after a second
    return "key {}".format(key)


def file_lock(told: dict[str, Any]) -> Any:
    """Keeps others waiting for a file that it may only read, or tells them something by it."""
    import fcntl

    for path in (told["data"], "train.csv"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        attempt(
            functools.partial(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB),
            functools.partial(fcntl.lockf, descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB),
        )
        time.sleep(0.3)


def inotify_spy(told: dict[str, Any]) -> Any:
    """Is told what happens in a folder, without opening it."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(0)
    if watch < 0 or libc.inotify_add_watch(watch, os.fsencode(told["world"]), 0xFFF) < 0:
        return None
    return "watching"
