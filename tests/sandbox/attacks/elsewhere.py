"""Starts a command as it would run on another machine.

`python elsewhere.py PLACE FOLDER ARGUMENTS…` starts this interpreter with these arguments; the
folder is for what it writes.

`user`: as an ordinary user. `docker`: as root in a container of Docker's usual making, with its
fourteen capabilities and a filter that refuses what its profile refuses to a root without
CAP_SYS_ADMIN. `root`: as the root of a machine whose Python everybody may read. In all of them
Python and this project can be read by everybody, which they need not be here.

Needs root. Written with the kernel's own numbers and nothing of the project's, which it tests.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

_USER = 54321
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_CLONE_NEWNS = 0x20000
_LAST_CAPABILITY = 40
#: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw,
#: sys_chroot, mknod, audit_write, setfcap
_OF_DOCKER = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
_ROOT = Path(__file__).resolve().parents[3]
_libc = ctypes.CDLL(None, use_errno=True)

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS = {
    # name: its number on x86_64, and on aarch64
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "quotactl": (179, 60),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "syslog": (103, 116),
    "vhangup": (153, 58),
}
_CLONE, _CLONE3, _SOCKET, _SECCOMP = (56, 220), (435, 435), (41, 198), (317, 277)
_NEW_NAMESPACES = 0x7E020000
_VSOCK, _ALG = 40, 38
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026


def _checked(result: int, what: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def _mount(source: str, target: str, flags: int) -> None:
    done = _libc.mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None)
    _checked(done, f"mount {target}")


def _open_the_way(paths: list[Path], folder: Path) -> None:
    """Have every folder above these paths, and themselves, be one that everybody may enter.

    Only in a view of the file system of this process's own: such a folder is covered by a new one,
    which holds what of the old one leads to the paths.
    """
    _checked(_libc.unshare(_CLONE_NEWNS), "unshare")
    _mount("none", "/", _MS_REC | _MS_PRIVATE)
    while closed := next((folder for path in paths for folder in _closed(path)), None):
        inside = {entry.name for entry in closed.iterdir()}
        if closed not in paths:
            inside &= {
                path.relative_to(closed).parts[0] for path in paths if path.is_relative_to(closed)
            }
        cover = Path(tempfile.mkdtemp(dir=folder))
        for name in inside:
            if (closed / name).is_symlink():
                (cover / name).symlink_to((closed / name).readlink())
                continue
            if (closed / name).is_dir():
                (cover / name).mkdir()
            else:
                (cover / name).touch()
            _mount(str(closed / name), str(cover / name), _MS_BIND | _MS_REC)
        cover.chmod(0o755)
        _mount(str(cover), str(closed), _MS_BIND | _MS_REC)


def _closed(path: Path) -> list[Path]:
    """The folders on the way to a path, outer ones first, that not everybody may enter."""
    on_the_way = [*reversed(path.parents), path]
    return [folder for folder in on_the_way if folder.is_dir() and folder.stat().st_mode & 5 != 5]


def _needed() -> list[Path]:
    """What Python and the tests are made of."""
    places = {_ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)}
    return sorted({path for place in places for path in (place, place.resolve())})


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _like_docker() -> None:
    """The filter first: later it could not be installed without giving up more."""
    column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    steps: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCHITECTURE[platform.machine()]),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),
    ]
    for numbers in CALLS.values():
        steps += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN)]
    steps += [(_EQUAL, 0, 4, _CLONE[column]), (_LOAD, 0, 0, 16), (_ANY_BIT, 0, 1, _NEW_NAMESPACES)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_EQUAL, 0, 5, _SOCKET[column]), (_LOAD, 0, 0, 16), (_EQUAL, 1, 0, _VSOCK)]
    steps += [(_EQUAL, 0, 1, _ALG), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_RETURN, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("=HBBI", op, yes, no, value) for op, yes, no, value in steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("=H6xQ", len(steps), ctypes.addressof(held))
    _checked(_libc.syscall(_SECCOMP[column], 1, 0, program), "seccomp")
    for capability in range(_LAST_CAPABILITY + 1):
        if capability not in _OF_DOCKER:
            _checked(_libc.prctl(24, capability, 0, 0, 0), f"drop capability {capability}")


def main(place: str, folder: str, arguments: list[str]) -> NoReturn:
    Path(folder).chmod(0o777)
    _open_the_way(_needed(), Path(folder))
    environment = {
        "GRADER_TEST_TIERS": os.environ.get("GRADER_TEST_TIERS", ""),
        "HOME": folder,
        "HYPOTHESIS_STORAGE_DIRECTORY": folder,
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    os.chdir(_ROOT)
    if place == "docker":
        _like_docker()
    elif place == "user":
        _become(_USER)
    os.execve(sys.executable, [sys.executable, *arguments], environment)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
