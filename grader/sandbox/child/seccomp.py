"""Which system calls this process may make, kept by the kernel (seccomp).

The filter is a list of what is allowed. What is known and refused answers "not permitted", so that
a student sees a PermissionError; what is unknown answers "not implemented", so that libraries fall
back to what they used before it. Only calls in another machine's numbers end the process.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import struct
from typing import Any

from kernel import SECCOMP_SET_MODE_FILTER, call
from syscalls import AUDIT_ARCH, NUMBERS

__all__ = ["Filter"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

#: Reach nothing but this process's own memory, descriptors and clocks, or only what Landlock checks
#: whatever the arguments are.
_ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range
    dup dup2 dup3 sendfile copy_file_range ftruncate fallocate fsync fdatasync fadvise64
    stat lstat fstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat
    getdents getdents64 getcwd chdir fchdir umask
    mkdir mkdirat rmdir unlink unlinkat rename renameat
    mmap munmap mremap mprotect madvise brk msync membarrier
    futex set_robust_list set_tid_address rseq arch_prctl sched_yield exit exit_group
    rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
    restart_syscall pause alarm getitimer setitimer
    timer_settime timer_gettime timer_getoverrun timer_delete
    timerfd_create timerfd_settime timerfd_gettime
    time gettimeofday nanosleep times getrusage
    poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2
    recvfrom shutdown getsockname getpeername getsockopt
    getpid gettid getppid getpgrp getuid geteuid getgid getegid getresuid getresgid
    getgroups getrlimit getcpu getrandom uname sysinfo
    sched_get_priority_max sched_get_priority_min
"""
#: Known, and no student's business.
_REFUSED = """
    fork vfork execve execveat wait4 waitid pipe pipe2 setsid setpgid
    setrlimit timer_create
    tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
    move_pages migrate_pages
    socket connect bind listen accept accept4 sendmsg sendmmsg recvmsg recvmmsg setsockopt
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat
    setxattr lsetxattr fsetxattr setxattrat getxattr lgetxattr fgetxattr getxattrat listxattr
    llistxattr flistxattr listxattrat removexattr lremovexattr fremovexattr removexattrat
    file_setattr link linkat symlink symlinkat mknod mknodat creat truncate
    name_to_handle_at open_by_handle_at inotify_init inotify_init1 inotify_add_watch
    inotify_rm_watch fanotify_init fanotify_mark sync syncfs
    shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
    mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
    memfd_create memfd_secret mlock mlock2 mlockall munlock munlockall
    setpriority ioprio_set sched_setparam sched_setscheduler sched_setaffinity sched_setattr
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    unshare setns mount umount2 pivot_root chroot mount_setattr move_mount open_tree open_tree_attr
    fsopen fsconfig fsmount fspick swapon swapoff quotactl quotactl_fd acct
    add_key request_key keyctl bpf perf_event_open userfaultfd seccomp personality
    landlock_create_ruleset landlock_add_rule landlock_restrict_self
    io_uring_setup io_uring_enter io_uring_register io_setup io_destroy io_submit io_cancel
    io_getevents io_pgetevents
    reboot kexec_load kexec_file_load init_module finit_module delete_module iopl ioperm
    modify_ldt syslog vhangup sethostname setdomainname settimeofday clock_settime adjtimex
    clock_adjtime
"""
#: In a pid namespace of its own, a submission whose assignment needs processes may have them.
_ALLOWED_WITH_PROCESSES = "fork vfork execve wait4 waitid pipe pipe2 link linkat"
_KILL_SIGNAL, _CHILD_SIGNAL = 9, 17

# Instructions of classic BPF, and where what they look at lies.
_LOAD, _AND, _GO, _RETURN = 0x20, 0x54, 0x05, 0x06
_EQUAL, _ABOVE, _FROM, _ANY_BIT = 0x15, 0x25, 0x35, 0x45
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

# A step is a tuple: (return, what), (load, where, next), (and, mask, next) or
# (a comparison, with what, next if it holds, next if not).
_Step = tuple[Any, ...]
_ALLOW: _Step = (_RETURN, 0x7FFF0000)
_KILL: _Step = (_RETURN, 0x80000000)
_PID = "pid"  # stands for the number that is known when the filter is installed


def _error(number: int) -> _Step:
    return (_RETURN, 0x00050000 | number)


_DENY = _error(errno.EPERM)


def _argument(index: int, then: _Step, *, high: bool = False) -> _Step:
    """Load half of an argument. Most are `int` to the kernel, which looks at the low half only."""
    return (_LOAD, _ARGUMENTS + 8 * index + 4 * high, then)


def _one_of(*values: Any, then: _Step = _ALLOW, otherwise: _Step = _DENY) -> _Step:
    for value in reversed(values):
        otherwise = (_EQUAL, value, then, otherwise)
    return otherwise


def _without(bits: int, then: _Step = _ALLOW) -> _Step:
    return (_ANY_BIT, bits & 0xFFFFFFFF, _DENY, then)


def _opening(flags: int) -> _Step:
    """No truncating without writing: old versions of Landlock would let it pass.

    Access mode 3 asks for neither, passes every version of Landlock, and truncates too.
    """
    accesses, truncates = 0o3, 0o1000
    refused: _Step = _ALLOW
    for value in (accesses, truncates, accesses | truncates):
        refused = (_EQUAL, value, _DENY, refused)
    return _argument(flags, (_AND, accesses | truncates, refused))


def _rules(processes: bool) -> dict[str, _Step]:
    """What is done about a call, by its name, where its arguments matter."""
    # Nobody ends a process by SIGKILL from in here, or changes what the kernel does at a limit: so
    # whoever is ended by it was ended by our limits or from outside. A timer of timer_create may
    # send any signal, and which one cannot be seen.
    to_whom = _ALLOW if processes else _argument(0, _one_of(_PID))

    def sends(place: int) -> _Step:
        return _argument(place, (_EQUAL, _KILL_SIGNAL, _DENY, to_whom))

    nothing_set = _argument(2, (_EQUAL, 0, _ALLOW, _DENY), high=True)
    only_read = _argument(2, (_EQUAL, 0, nothing_set, _DENY))
    # Others answer whether there is such a process. "Not implemented" is what libc goes on after.
    about_itself = _argument(0, _one_of(0, _PID))
    own_processors = _argument(0, _one_of(0, _PID, otherwise=_error(errno.ENOSYS)))
    # What pthread_create passes. A process may be like fork's, vfork's or posix_spawn's.
    threads, forks = 0x7D0F00, 0x1000000 | 0x4000 | 0xFF
    a_thread = (_ANY_BIT, 0x10000, _ALLOW, _DENY)
    clone = _without(~(threads | forks)) if processes else _without(~threads, a_thread)
    # F_DUPFD to F_SETFL, this not with O_ASYNC, and F_DUPFD_CLOEXEC. Locks of files that many read
    # are seen by all of them: to one process alone F_SETLK and F_SETLKW need only seem to work.
    set_flags = _argument(2, _without(0o20000))
    locking = _one_of(5, 6, 7) if processes else (_FROM, 6, (_ABOVE, 7, _DENY, _error(0)), _DENY)
    commands: _Step = (_EQUAL, 4, set_flags, (_FROM, 5, (_EQUAL, 1030, _ALLOW, locking), _ALLOW))
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX; FICLONE is not supported.
    cloning: _Step = (_EQUAL, 0x40049409, _error(errno.EOPNOTSUPP), _DENY)
    requests = _one_of(0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, otherwise=cloning)
    # SET_NAME, GET_NAME, GET_DUMPABLE, GET_SECCOMP, GET_NO_NEW_PRIVS
    options = _one_of(15, 16, 3, 21, 39)
    # A number below 0 is the clock of a process or a thread: of this one, and of no other.
    own_clock = _argument(0, (_ANY_BIT, 1 << 31, _one_of(0xFFFFFFFA, 0xFFFFFFFE), _ALLOW))
    # Of type SOCK_STREAM, and perhaps non-blocking and closed by exec: others send to any name.
    stream = _argument(1, (_AND, ~0x80800 & 0xFFFFFFFF, _one_of(1)))
    # To no address, and with no flags but MSG_DONTWAIT and MSG_NOSIGNAL.
    plain_flags = _argument(3, _without(~0x4040))
    no_address = _argument(4, (_EQUAL, 0, plain_flags, _DENY))
    # Who is told of no end has no part in what those that ended used of the processor.
    unchanged = _argument(1, (_EQUAL, 0, _argument(1, _one_of(0), high=True), _DENY))
    of_children = _argument(0, (_EQUAL, _CHILD_SIGNAL, unchanged, _ALLOW)) if processes else _ALLOW
    return {
        "clone": _argument(0, clone),
        "rt_sigaction": of_children,
        **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), own_clock),
        "kill": sends(1),
        "tgkill": sends(2),
        "prlimit64": _argument(0, _one_of(0, _PID, then=only_read)),
        "getpgid": about_itself,
        "getsid": about_itself,
        "getpriority": _argument(1, _one_of(0, _PID)),
        "sched_getaffinity": own_processors,
        "sched_getparam": about_itself,
        "sched_getscheduler": about_itself,
        "sched_rr_get_interval": about_itself,
        "prctl": _argument(0, options),
        "ioctl": _argument(1, requests),
        "fcntl": _argument(1, commands),
        "open": _opening(1),
        "openat": _opening(2),
        "renameat2": _argument(4, _one_of(0, 1)),  # plain, or RENAME_NOREPLACE
        "socketpair": _argument(0, (_EQUAL, 1, stream, _DENY)),  # AF_UNIX
        "sendto": _argument(4, (_EQUAL, 0, no_address, _DENY), high=True),
    }


class Filter:
    """The filter for a machine: assembled once, and installed by each process with its own number.

    With `processes`, a submission may start processes and signal any that it sees: only for one in
    a pid namespace of its own. Raises KeyError for a machine that has no table.
    """

    def __init__(self, machine: str, *, processes: bool = False) -> None:
        code, self._places_of_pid = _assembled(_program(machine, processes))
        self._code = ctypes.create_string_buffer(code, len(code))
        header = struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, len(header))

    def program(self, pid: int) -> bytes:
        """The instructions, eight bytes each, for the process that sees itself as this number."""
        for place in self._places_of_pid:
            struct.pack_into("=I", self._code, place, pid)
        return self._code.raw

    def install(self, pid: int) -> None:
        """Keep the calling thread, and all that it starts, to what is allowed, for good.

        `pid` is the process's number as it sees it itself. Needs no_new_privs. Raises OSError.
        """
        self.program(pid)
        call("seccomp", SECCOMP_SET_MODE_FILTER, 0, self._header)


def _program(machine: str, processes: bool) -> _Step:
    """A search by halves for the range of numbers that a call's number is in."""
    decided = dict.fromkeys(_REFUSED.split(), _DENY)
    decided.update(dict.fromkeys(_ALLOWED.split(), _ALLOW))
    decided.update(_rules(processes))
    if processes:
        decided.update(dict.fromkeys(_ALLOWED_WITH_PROCESSES.split(), _ALLOW))
    unknown = _error(errno.ENOSYS)
    numbers = NUMBERS[machine]
    steps = {numbers[name]: step for name, step in decided.items() if name in numbers}
    ranges = [(0, unknown)]
    for number in range(max(steps) + 2):
        step = steps.get(number, unknown)
        if step != ranges[-1][1]:
            ranges.append((number, step))

    def search(first: int, end: int) -> _Step:
        if end - first == 1:
            return ranges[first][1]
        middle = (first + end) // 2
        return (_FROM, ranges[middle][0], search(middle, end), search(first, middle))

    by_number = (_LOAD, _NUMBER, search(0, len(ranges)))
    return (_LOAD, _ARCH, (_EQUAL, AUDIT_ARCH[machine], by_number, _KILL))


def _assembled(program: _Step) -> tuple[bytes, list[int]]:
    """The instructions, and the offsets of the process's number in them.

    Written from the last to the first, as jumps only go forward; a place is counted from the end.
    The same step is written once: it is the fewer instructions, the sooner a filter is installed.
    """
    code: list[tuple[int, int, int, Any]] = []
    places: dict[_Step, int] = {}

    def write(opcode: int, operand: Any, yes: int = 0, no: int = 0) -> None:
        code.append((opcode, yes, no, operand))

    def placed(step: _Step) -> int:
        if step in places:
            return places[step]
        opcode, operand, *following = step
        after = [placed(item) for item in reversed(following)]
        last = len(code) - 1
        if opcode == _RETURN:
            write(opcode, operand)
        elif opcode in (_LOAD, _AND):  # goes on with the instruction after it
            if after[0] != last:
                write(_GO, last - after[0])
            write(opcode, operand)
        else:  # of at most 255 instructions, so that no comparison has too far to jump
            no, yes = after
            write(opcode, operand, last - yes, last - no)
        places[step] = len(code) - 1
        return places[step]

    placed(program)
    code.reverse()
    packed = b"".join(
        struct.pack("=HBBI", opcode, yes, no, 0 if operand is _PID else operand)
        for opcode, yes, no, operand in code
    )
    return packed, [8 * i + 4 for i, item in enumerate(code) if item[3] is _PID]
