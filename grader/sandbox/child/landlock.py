"""What of the file system this process may reach, kept by the kernel (Landlock).

A ruleset denies all that the kernel's version of Landlock knows of, and allows reading below some
paths and writing below others. Older versions know less: they leave truncation (before version 3),
TCP (before 4), signals and abstract sockets (before 6) to the system call filter.
"""

from __future__ import annotations

import builtins
import os
import stat
import struct
from collections.abc import Sequence

from kernel import call

__all__ = ["Ruleset", "abi"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
REFER = 1 << 13
TRUNCATE = 1 << 14

# By version, what it is the first to know: bits of file access, of the network, and of scopes.
_KNOWN = (
    (1, (1 << 13) - 1, 0, 0),  # execute to make_sym
    (2, REFER, 0, 0),
    (3, TRUNCATE, 0, 0),
    (4, 0, 0b11, 0),  # bind and connect TCP
    (5, 1 << 15, 0, 0),  # ioctl on devices
    (6, 0, 0, 0b11),  # abstract unix sockets, signals
    (9, 1 << 16, 0, 0),  # unix sockets that have a path
    (10, 0, 0b1100, 0),  # bind, connect and send UDP
)
_READ = READ_FILE | READ_DIR
_WRITE = _READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
_PATH_BENEATH = 1
_VERSION = 1
_LOG_SAME_EXEC_OFF = 1  # what is denied fills no log


def abi() -> int:
    """The version of the kernel's Landlock; 0 where there is none, or it is switched off."""
    try:
        version: int = call("landlock_create_ruleset", None, 0, _VERSION)
    except OSError:
        return 0
    return version


class Ruleset:
    """What is allowed, as a descriptor of the kernel's: made once, applied by any process with it.

    Files below `readable` may be read, below `writable` written, made and removed too, below
    `runnable` read and executed. A path that does not exist is left out. `most` bounds the version
    that is used. Raises OSError, with the path where one is to blame.
    """

    def __init__(
        self,
        readable: Sequence[str],
        writable: Sequence[str] = (),
        *,
        runnable: Sequence[str] = (),
        most: int = 99,
    ) -> None:
        self.version = min(abi(), most)
        if self.version < 1:
            raise OSError(38, "landlock: not on this machine")  # ENOSYS
        known = [item for item in _KNOWN if item[0] <= self.version]
        self._files, net, scopes = (sum(item[i] for item in known) for i in (1, 2, 3))
        wanted = struct.pack("=QQQ", self._files, net, scopes)
        self.fd = call("landlock_create_ruleset", wanted, len(wanted), 0)  # closed by exec
        try:
            for paths, rights in (
                (readable, _READ),
                (writable, _WRITE),
                (runnable, _READ | EXECUTE),
            ):
                for path in paths:
                    self._allow(path, rights)
        except BaseException:
            self.close()
            raise

    def _allow(self, path: str, rights: int) -> None:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            rights &= self._files
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_FILES
            rule = struct.pack("=Qi", rights, place)
            call("landlock_add_rule", self.fd, _PATH_BENEATH, rule, 0)
        except OSError as error:
            raise OSError(error.errno, str(error.strerror), path) from None
        finally:
            os.close(place)

    def restrict(self) -> None:
        """Keep the calling thread, and all that it starts, to what is allowed, for good.

        Needs no_new_privs. Raises OSError.
        """
        call("landlock_restrict_self", self.fd, _LOG_SAME_EXEC_OFF if self.version >= 7 else 0)

    def close(self) -> None:
        """Give the descriptor back; what it restricted stays so."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
