"""The system call filter: what it answers on every machine, and what it stops on this one.

What is expected is written down here, call by call, and not taken from the filter.
"""

from __future__ import annotations

import errno
import itertools
import re
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.child import kernel, seccomp
from grader.sandbox.child.syscalls import NUMBERS
from tests.sandbox.behind_walls import Walls, needs_filter
from tests.sandbox.bpf import Instruction, SystemCall, answer, instructions

ALLOW = 0x7FFF0000
KILL = 0x80000000
EPERM = 0x00050000 | errno.EPERM
ENOSYS = 0x00050000 | errno.ENOSYS
NOT_SUPPORTED = 0x00050000 | errno.EOPNOTSUPP

ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FOREIGN = {"i386": 0x40000003, "arm": 0x40000028, "riscv64": 0xC00000F3, "none": 0}
MACHINES = tuple(ARCH)
PID = 4242
OTHER = 4243
HIGH = 1 << 32
ALL_ONES = (1 << 64) - 1

#: What programs that compute and look after their own files and threads need.
MAY = """
read write open?  close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction?
rt_sigprocmask rt_sigreturn ioctl? pread64 pwrite64 readv writev access select sched_yield mremap
msync madvise dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile sendto? recvfrom
shutdown getsockname getpeername socketpair? getsockopt clone? exit kill? uname fcntl? fsync
fdatasync ftruncate getdents getcwd chdir fchdir rename mkdir rmdir unlink readlink umask
gettimeofday getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid getpgrp
getgroups getresuid getresgid getpgid? getsid? rt_sigpending rt_sigtimedwait rt_sigsuspend
sigaltstack statfs fstatfs getpriority? sched_getparam? sched_getscheduler? sched_get_priority_max
sched_get_priority_min sched_rr_get_interval? prctl? arch_prctl gettid time futex
sched_getaffinity? getdents64 set_tid_address restart_syscall fadvise64 timer_settime
timer_gettime timer_getoverrun timer_delete clock_gettime? clock_getres? clock_nanosleep? exit_group
epoll_wait epoll_ctl tgkill? openat? mkdirat newfstatat unlinkat renameat readlinkat faccessat
pselect6 ppoll set_robust_list epoll_pwait timerfd_create fallocate timerfd_settime timerfd_gettime
eventfd2 epoll_create1 dup3 preadv pwritev prlimit64? getcpu renameat2? getrandom membarrier
copy_file_range preadv2 pwritev2 statx rseq close_range faccessat2 epoll_pwait2
"""
#: What reaches other processes, other files, the network, or more memory than was given.
MAY_NOT = """
pipe shmget shmat shmctl socket connect accept sendmsg recvmsg bind listen setsockopt fork vfork
execve wait4 semget semop semctl shmdt msgget msgsnd msgrcv msgctl truncate creat link symlink chmod
fchmod chown fchown lchown ptrace syslog setuid setgid setpgid setsid setreuid setregid setgroups
setresuid setresgid setfsuid setfsgid capset rt_sigqueueinfo utime mknod personality setpriority
sched_setparam sched_setscheduler mlock munlock mlockall munlockall vhangup modify_ldt pivot_root
adjtimex chroot sync acct settimeofday mount umount2 swapon swapoff reboot sethostname setdomainname
iopl ioperm init_module delete_module quotactl setxattr lsetxattr fsetxattr getxattr lgetxattr
fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr tkill
sched_setaffinity io_setup io_destroy io_getevents io_submit io_cancel semtimedop clock_settime
utimes mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load waitid
add_key request_key keyctl ioprio_set inotify_init inotify_add_watch inotify_rm_watch migrate_pages
mknodat fchownat futimesat linkat symlinkat fchmodat unshare move_pages utimensat accept4 pipe2
inotify_init1 rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init fanotify_mark
name_to_handle_at open_by_handle_at clock_adjtime syncfs sendmmsg setns process_vm_readv
process_vm_writev kcmp finit_module sched_setattr seccomp memfd_create kexec_file_load bpf execveat
userfaultfd mlock2 io_pgetevents pidfd_send_signal io_uring_setup io_uring_enter io_uring_register
open_tree move_mount fsopen fsconfig fsmount fspick pidfd_open pidfd_getfd process_madvise
mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self
memfd_secret process_mrelease fchmodat2 setxattrat getxattrat listxattrat removexattrat
open_tree_attr file_setattr setrlimit timer_create
"""
#: What only an assignment that needs processes may do.
MAY_WITH_PROCESSES = (
    "fork vfork execve wait4 waitid pipe pipe2"
    " link linkat"  # libc names what processes share so
)

Program = tuple[Instruction, ...]
PROGRAMS: dict[tuple[str, bool], Program] = {
    (machine, processes): instructions(seccomp.Filter(machine, processes=processes).program(PID))
    for machine in MACHINES
    for processes in (False, True)
}


def said(machine: str, name: str, *arguments: int, processes: bool = False) -> int:
    call = SystemCall(number=NUMBERS[machine][name], arch=ARCH[machine], arguments=arguments)
    return answer(PROGRAMS[machine, processes], call)


def by_number(machine: str, processes: bool) -> dict[int, int]:
    """What is expected, by number, of calls whose arguments do not matter."""
    expected = dict.fromkeys(MAY_NOT.split(), EPERM)
    expected.update((name, ALLOW) for name in MAY.split() if not name.endswith("?"))
    if processes:
        expected.update(dict.fromkeys(MAY_WITH_PROCESSES.split(), ALLOW))
    numbers = NUMBERS[machine]
    return {numbers[name]: action for name, action in expected.items() if name in numbers}


def of_arguments(machine: str, processes: bool) -> set[int]:
    names = {name[:-1] for name in MAY.split() if name.endswith("?")}
    if processes:
        names -= set(MAY_WITH_PROCESSES.split())
    return {NUMBERS[machine][name] for name in names if name in NUMBERS[machine]}


@pytest.mark.parametrize("processes", [False, True], ids=["alone", "processes"])
@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_has_its_answer(machine: str, processes: bool) -> None:
    code = PROGRAMS[machine, processes]
    expected = by_number(machine, processes)
    for number in set(range(1201)) - of_arguments(machine, processes):
        for arguments in ((), [ALL_ONES] * 6, [1, PID, HIGH, 2]):
            call = SystemCall(number=number, arch=ARCH[machine], arguments=arguments)
            assert answer(code, call) == expected.get(number, ENOSYS), number


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_of_a_call_are_those_of_the_machine(machine: str) -> None:
    """A few by heart: the tables could be wrong in the filter and here alike."""
    by_heart = {
        "x86_64": {"read": 0, "socket": 41, "fork": 57, "execve": 59, "ptrace": 101, "openat": 257},
        "aarch64": {"read": 63, "socket": 198, "clone": 220, "execve": 221, "ptrace": 117},
    }
    for name, number in by_heart[machine].items():
        assert NUMBERS[machine][name] == number


def test_every_call_that_is_named_here_exists() -> None:
    known = set(NUMBERS["x86_64"]) | set(NUMBERS["aarch64"])
    assert not {name.rstrip("?") for name in (MAY + MAY_NOT).split()} - known


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_of_the_x32_kind_do_not_exist(machine: str) -> None:
    numbers = (*range(601), 0x3FFFFFFF, 0xFFFFFFFF)
    for top, number in itertools.product((0x40000000, 0x80000000, 0xC0000000), numbers):
        call = SystemCall(number=top | number, arch=ARCH[machine])
        assert answer(PROGRAMS[machine, False], call) == ENOSYS
        assert answer(PROGRAMS[machine, True], call) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("foreign", [*FOREIGN, *MACHINES])
def test_numbers_of_another_machine_end_the_process(machine: str, foreign: str) -> None:
    if foreign == machine:
        return
    for number in (*range(601), 0x40000000, 0xFFFFFFFF):
        call = SystemCall(number=number, arch={**FOREIGN, **ARCH}[foreign])
        assert answer(PROGRAMS[machine, False], call) == KILL


# What is allowed of a call, in words of Python, on its arguments as the kernel reads them.
def as_int(argument: int) -> int:
    return argument & 0xFFFFFFFF


THREAD_BITS = (
    (0x100 | 0x200 | 0x400 | 0x800)  # memory, folder, files, signal handlers
    | (0x10000 | 0x40000 | 0x80000)  # thread, semaphores, thread-local storage
    | (0x100000 | 0x200000 | 0x400000)  # parent's and child's thread number, detached
)
FORK_BITS = THREAD_BITS | 0x4000 | 0x1000000 | 0xFF  # vfork, child's number, signal at the end
NOTHING_DONE = 0x00050000  # the call is said to have worked


def seems_to_lock(name: str, arguments: Sequence[int], processes: bool) -> bool:
    """F_SETLK and F_SETLKW of a process alone: others, too, read the files that it might lock."""
    return name == "fcntl" and not processes and as_int(arguments[1]) in (6, 7)


def refusal(name: str) -> int:
    """libc asks for the processors of a thread, and goes on where nobody can tell."""
    return ENOSYS if name == "sched_getaffinity" else EPERM


CLOCKS = ("clock_gettime", "clock_getres", "clock_nanosleep")
Rule = Callable[[Sequence[int]], bool]
#: Of these a process may ask about itself alone.
ABOUT = ("getpgid", "getsid", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval")
ALONE: dict[str, Rule] = {
    "clone": lambda a: bool(a[0] & 0x10000) and not as_int(a[0]) & ~THREAD_BITS,
    **dict.fromkeys(
        CLOCKS, lambda a: as_int(a[0]) < 1 << 31 or as_int(a[0]) in (0xFFFFFFFA, 0xFFFFFFFE)
    ),
    "kill": lambda a: as_int(a[0]) == PID and as_int(a[1]) != 9,
    "tgkill": lambda a: as_int(a[0]) == PID and as_int(a[2]) != 9,
    "prlimit64": lambda a: as_int(a[0]) in (0, PID) and a[2] == 0,
    "rt_sigaction": lambda _: True,
    **dict.fromkeys((*ABOUT, "sched_getaffinity"), lambda a: as_int(a[0]) in (0, PID)),
    "getpriority": lambda a: as_int(a[1]) in (0, PID),
    "prctl": lambda a: as_int(a[0]) in (3, 15, 16, 21, 39),
    "ioctl": lambda a: as_int(a[1]) in (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    "fcntl": lambda a: (
        as_int(a[1]) in (0, 1, 2, 3, 1030) or (as_int(a[1]) == 4 and not a[2] & 0x2000)
    ),
    "open": lambda a: a[1] & 3 != 3 and not (a[1] & 0x200 and not a[1] & 3),
    "openat": lambda a: a[2] & 3 != 3 and not (a[2] & 0x200 and not a[2] & 3),
    "renameat2": lambda a: as_int(a[4]) in (0, 1),
    "socketpair": lambda a: as_int(a[0]) == 1 and as_int(a[1]) in (1, 0x801, 0x80001, 0x80801),
    "sendto": lambda a: a[4] == 0 and not as_int(a[3]) & ~0x4040,
}
WITH_PROCESSES: dict[str, Rule] = {
    **ALONE,
    "clone": lambda a: not as_int(a[0]) & ~FORK_BITS,
    "fcntl": lambda a: as_int(a[1]) in (5, 6, 7) or ALONE["fcntl"](a),
    "kill": lambda a: as_int(a[1]) != 9,
    "tgkill": lambda a: as_int(a[2]) != 9,
    "rt_sigaction": lambda a: as_int(a[0]) != 17 or a[1] == 0,
}
NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
SIGNALS = [0, 9, 15, 19, HIGH | 9, HIGH | 15]
#: Values of each argument that could matter, for each call.
VALUES: dict[str, Sequence[Iterable[int]]] = {
    "clone": [
        [
            0x3D0F00,  # glibc's threads
            0x7D0F00,  # musl's
            *(0x3D0F00 | bit for bit in NEW_NAMESPACES),
            0x1200011,  # glibc's fork
            0x4111,  # posix_spawn
            *(0x1200011 | bit for bit in NEW_NAMESPACES),
            *(1 << bit for bit in range(64)),
            *(0x10000 | 1 << bit for bit in range(64)),
            0,
        ]
    ],
    "kill": [[0, 1, -1, PID, -PID, OTHER, PID | HIGH, OTHER | HIGH, PID << 32], SIGNALS],
    "tgkill": [[0, 1, -1, PID, -PID, OTHER, PID | HIGH, PID << 32], [PID, OTHER], SIGNALS],
    "prlimit64": [[0, 1, -1, PID, OTHER, HIGH, PID | HIGH], [0, 7], [0, 1, HIGH, 0x7FFF00000000]],
    "rt_sigaction": [[1, 9, 16, 17, 18, HIGH | 17], [0, 1, HIGH, 0x7FFF00000000], [0, 1], [8]],
    **{name: [[0, 1, -1, PID, OTHER, HIGH, PID | HIGH]] for name in (*ABOUT, "sched_getaffinity")},
    "getpriority": [[0, 1, 2], [0, 1, -1, PID, OTHER, HIGH, PID | HIGH]],
    "prctl": [[*range(80), 0x53564D41, 0x59616D61, HIGH | 15, HIGH | 4]],
    "ioctl": [[0, 1], [*range(0x5400, 0x5460), 0x8901, 0x8902, 0x5452, 0xC0105401, HIGH | 0x5412]],
    "fcntl": [
        [0],
        [*range(40), *range(1020, 1045), HIGH | 4, HIGH | 8, ALL_ONES],
        [0, 1, 0x800, 0x2000, 0x2800, 0x4000, HIGH | 0x2000, HIGH],
    ],
    "renameat2": [[0], [0], [0], [0], [*range(9), HIGH, HIGH | 2, 0x80000000]],
    "socketpair": [
        [*range(46), HIGH | 1, HIGH | 2],
        [*range(12), *(kind | 0x80800 for kind in range(12)), 0x801, 0x80001, 0x1001, HIGH | 1],
    ],
    "sendto": [
        [3],
        [0],
        [0],
        [0, 1, 2, 0x40, 0x4000, 0x4040, 0x4041, 0x8000, HIGH, ALL_ONES],
        [0, 1, HIGH, 0x7FFF00000000, 0xFFFFFFFF, ALL_ONES],
        [0, 16],
    ],
}
FLAGS = [
    access | high | sum(others)
    for access in range(4)
    for high in (0, HIGH)
    for count in range(4)
    for others in itertools.combinations((0x40, 0x80, 0x200, 0x400, 0x2000, 0x200000), count)
]
VALUES |= {"open": [[0], FLAGS], "openat": [[-100 & ALL_ONES], [0], FLAGS]}
CLOCK_NUMBERS = [
    *range(-40, 20),
    (~PID << 3) | 2,
    (~OTHER << 3) | 2,
    (~OTHER << 3) | 6,
    HIGH,
    ALL_ONES,
]
VALUES |= {name: [CLOCK_NUMBERS] for name in CLOCKS}
NAMES = sorted(ALONE)


@pytest.mark.parametrize("processes", [False, True], ids=["alone", "processes"])
@pytest.mark.parametrize(
    ("machine", "name"),
    [(machine, name) for machine in MACHINES for name in NAMES if name in NUMBERS[machine]],
)
def test_arguments_decide(machine: str, name: str, processes: bool) -> None:
    rule = (WITH_PROCESSES if processes else ALONE)[name]
    for arguments in itertools.product(*VALUES[name]):
        given_ = [*arguments, 0, 0, 0, 0, 0, 0][:6]
        expected = ALLOW if rule([item & ALL_ONES for item in given_]) else refusal(name)
        if seems_to_lock(name, given_, processes):
            expected = NOTHING_DONE
        assert said(machine, name, *given_, processes=processes) == expected, given_


WORDS = st.one_of(
    st.integers(0, 64),
    st.integers(0, 63).map(lambda bit: 1 << bit),
    st.lists(st.integers(0, 33), max_size=6).map(lambda bits: sum(1 << bit for bit in set(bits))),
    st.sampled_from([PID, PID | HIGH, 0x3D0F00, 0x5401, 0x5421, 1030, 0x80801, ALL_ONES]),
    st.integers(0, ALL_ONES),
)


@given(st.sampled_from(NAMES), st.lists(WORDS, min_size=6, max_size=6), st.booleans())
def test_any_arguments_decide(name: str, arguments: list[int], processes: bool) -> None:
    if name == "ioctl" and as_int(arguments[1]) == 0x40049409:
        return
    rule = (WITH_PROCESSES if processes else ALONE)[name]
    expected = ALLOW if rule(arguments) else refusal(name)
    if seems_to_lock(name, arguments, processes):
        expected = NOTHING_DONE
    for machine in MACHINES:
        if name in NUMBERS[machine]:
            assert said(machine, name, *arguments, processes=processes) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_copying_by_reference_is_not_supported_so_that_libraries_copy(machine: str) -> None:
    assert said(machine, "ioctl", 3, 0x40049409, 4) == NOT_SUPPORTED


@pytest.mark.parametrize("machine", MACHINES)
def test_each_process_has_a_filter_for_its_own_number(machine: str) -> None:
    made = seccomp.Filter(machine)
    for pid in (1, PID, OTHER, 1 << 22):
        code = instructions(made.program(pid))
        for target in (1, PID, OTHER, 1 << 22):
            call = SystemCall(
                number=NUMBERS[machine]["kill"], arch=ARCH[machine], arguments=(target, 15)
            )
            assert answer(code, call) == (ALLOW if target == pid else EPERM)


@pytest.mark.parametrize(("machine", "processes"), PROGRAMS, ids=str)
def test_common_calls_are_decided_quickly(machine: str, processes: bool) -> None:
    """Installing costs time for each instruction, and for each step of each number's way."""
    code = PROGRAMS[machine, processes]
    assert len(code) < 256
    steps = [steps_to_answer(code, number, ARCH[machine]) for number in range(470)]
    assert max(steps) < 24
    assert sum(steps) / len(steps) < 13


def steps_to_answer(code: Program, number: int, arch: int) -> int:
    counted = Counted(code)
    answer(counted, SystemCall(number=number, arch=arch))
    return counted.seen


class Counted(Sequence[Instruction]):
    def __init__(self, code: Program) -> None:
        self._code = code
        self.seen = 0

    def __len__(self) -> int:
        return len(self._code)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # of two forms
        self.seen += 1
        return self._code[place]


X86_64_HEADERS = ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h")


@pytest.mark.parametrize(
    ("machine", "headers"), [("x86_64", X86_64_HEADERS), ("aarch64", ("asm-generic/unistd.h",))]
)
def test_numbers_are_those_of_the_kernels_headers(machine: str, headers: Sequence[str]) -> None:
    found = [path for name in headers if (path := Path("/usr/include") / name).is_file()]
    if not found:
        pytest.skip(f"no kernel headers for {machine} on this system")
    text = found[0].read_text(encoding="utf-8")
    defined = {
        name: int(number) for name, number in re.findall(r"#define (__NR\w+)\s+(\d+)\b", text)
    }
    # What 64-bit machines call a number comes first, what 32-bit machines call it after `#else`.
    for name, other in reversed(re.findall(r"#define (__NR_\w+)\s+(__NR3264_\w+)", text)):
        if other in defined:
            defined[name] = defined[other]
    header = {
        name.removeprefix("__NR_"): number
        for name, number in defined.items()
        if name.startswith("__NR_") and name not in ("__NR_syscalls", "__NR_arch_specific_syscall")
    }
    ours = NUMBERS[machine]
    assert {name: header[name] for name in ours if name in header} == {
        name: number for name, number in ours.items() if name in header
    }
    for_32_bits = range(403, 424)
    newest = max(ours.values())
    listed = {number for number in header.values() if number not in for_32_bits}
    assert {number for number in listed if number <= newest} <= set(ours.values())
    assert {name for name, number in ours.items() if number <= max(header.values())} <= set(header)


# What the filter does for real, on this machine.

STOPPED = {
    "sends-a-signal": "os.kill(told['other'], 0)",
    "signals-its-parent": "os.kill(os.getppid(), 0)",
    "signals-everything": "os.kill(-1, 0)",
    "signals-its-process-group": "os.kill(0, 0)",
    "signals-a-thread-of-another": "call('tkill', told['other'], 0)",
    "signals-by-thread-group": "call('tgkill', told['other'], told['other'], 0)",
    "queues-a-signal": "call('rt_sigqueueinfo', told['other'], 0, bytes(128))",
    "opens-a-process": "os.pidfd_open(told['other'])",
    "limits-another-process": "import resource; resource.prlimit(told['other'], 0)",
    "slows-another-process-down": "os.setpriority(os.PRIO_PROCESS, told['other'], 19)",
    "traces-another-process": "call('ptrace', 16, told['other'], None, None)",
    "is-told-of-a-file-by-a-signal": "import fcntl; fcntl.fcntl(0, fcntl.F_SETOWN, told['other'])",
    "chooses-the-signal-for-a-file": "import fcntl; fcntl.fcntl(0, fcntl.F_SETSIG, 9)",
    "makes-a-file-send-signals": "import fcntl; fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)",
    "makes-a-socket-send-signals": (
        "import fcntl, socket, struct\n"
        "fcntl.ioctl(socket.socketpair()[0], 0x8901, struct.pack('i', told['other']))"
    ),
    "leases-a-file": "import fcntl; fcntl.fcntl(0, fcntl.F_SETLEASE, 0)",
    "types-into-a-terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
    "forks": "os._exit(0) if os.fork() == 0 else None",
    "starts-a-process-with-clone": "call('clone', 17, None) or os._exit(0)",
    "starts-a-process-with-vfork": "import subprocess; subprocess.run(['/bin/true'])",
    "becomes-another-program": "os.execv('/bin/true', ['true'])",
    "waits-for-processes": "os.wait()",
    "makes-a-pipe": "os.pipe()",
    "opens-a-socket": "import socket; socket.socket()",
    "opens-a-socket-for-datagrams": (
        "import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
    ),
    "makes-a-pair-that-sends-anywhere": (
        "import socket; socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)"
    ),
    "sends-to-an-address": (
        "import socket\n"
        "one, other = socket.socketpair()\n"
        "call('sendto', one.fileno(), b'x', 1, 0, b'\\1\\0/tmp/x\\0', 9)"
    ),
    "sends-out-of-band": (
        "import socket; a, b = socket.socketpair(); a.send(b'x', socket.MSG_OOB)"
    ),
    "sends-a-descriptor": "import socket; a, b = socket.socketpair(); a.sendmsg([b'x'])",
    "truncates-what-it-may-read": "os.open(told['file'], os.O_RDONLY | os.O_TRUNC)",
    "truncates-without-access": "os.open(told['file'], 3 | os.O_TRUNC)",
    "opens-without-access": "os.open(told['file'], 3)",
    "truncates-by-name": "os.truncate(told['file'], 0)",
    "changes-a-mode": "os.chmod(told['file'], 0o600)",
    "changes-a-time": "os.utime(told['file'])",
    "links-a-file": "os.link(told['file'], told['file'] + '-link')",
    "links-a-name": "os.symlink('/etc/passwd', told['file'] + '-link')",
    "makes-a-fifo": "os.mkfifo(told['file'] + '-fifo')",
    "sets-an-attribute": "os.setxattr(told['file'], 'user.a', b'x')",
    "takes-memory-that-no-limit-sees": "os.memfd_create('x')",
    "shares-memory": "call('shmget', 1, 4096, 0o1600)",
    "watches-a-folder": "call('inotify_init1', 0)",
    "has-namespaces-of-its-own": "call('unshare', 0x10000000)",
    "mounts": "call('mount', 'none', '/mnt', 'no such kind', 0, None)",
    "asks-for-keys": "call('keyctl', 0, -3, 1)",
    "loads-a-program-into-the-kernel": "call('bpf', 0, None, 0)",
    "measures-the-machine": "call('perf_event_open', None, 0, -1, -1, 0)",
    "has-calls-made-for-it": "call('io_uring_setup', 1, bytes(120))",
    "changes-its-execution-domain": "call('personality', 0x40000)",
    "ends-itself-as-from-outside": "os.kill(os.getpid(), 9)",
    "ends-its-thread-as-from-outside": "call('tgkill', os.getpid(), os.getpid(), 9)",
    "lowers-its-own-limits": "call('setrlimit', 0, (ctypes.c_ulong * 2)(19, 20))",
    "lowers-its-own-limits-otherwise": (
        "import resource; resource.prlimit(0, resource.RLIMIT_CPU, (19, 20))"
    ),
    "makes-a-timer-that-sends-any-signal": (
        "call('timer_create', 1, None, ctypes.create_string_buffer(8))"
    ),
    "loosens-what-ends-it-with-its-parent": "call('prctl', 1, 0)",
    "becomes-visible-to-tracing": "call('prctl', 4, 1)",
}
NOT_THERE = {
    "starts-a-process-with-clone3": "call('clone3', bytes(88), 88)",
    "opens-with-flags-in-memory": "call('openat2', -100, b'/etc/passwd', bytes(24), 24)",
    "makes-a-call-that-no-kernel-has": "kernel = ctypes.CDLL(None, use_errno=True)\n"
    "kernel.syscall(599) == -1 and (_ for _ in ()).throw(OSError(ctypes.get_errno(), ''))",
}
WORKS = {
    "linear-algebra": (
        "import numpy\n"
        "one = numpy.random.default_rng(0).normal(size=(200, 200))\n"
        "assert numpy.allclose(one @ numpy.linalg.inv(one), numpy.eye(200))\n"
        "numpy.linalg.svd(one)"
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    assert list(pool.map(abs, range(-20, 0))) == list(range(20, 0, -1))"
    ),
    "a-timer-thread": "import threading; t = threading.Timer(0.01, int); t.start(); t.join()",
    "an-event-loop": (
        "import asyncio\n"
        "async def main():\n"
        "    await asyncio.sleep(0.01)\n"
        "    return await asyncio.to_thread(sum, (1, 2))\n"
        "assert asyncio.run(main()) == 3"
    ),
    "sockets-in-pairs": (
        "import socket\n"
        "one, other = socket.socketpair()\n"
        "one.setblocking(False)\n"
        "one.send(b'x')\n"
        "assert other.recv(4) == b'x'"
    ),
    "files": (
        "path = told['scratch'] + '/text'\n"
        "for mode in ('w', 'a', 'r', 'r+', 'w+'):\n"
        "    with open(path, mode) as stream:\n"
        "        'r' not in mode and stream.write('x')\n"
        "with open(path, 'r+b') as stream:\n"
        "    stream.truncate(0)\n"
        "os.rename(path, path + '2')\n"
        "os.replace(path + '2', path)\n"
        "os.remove(path)"
    ),
    "folders": (
        "import shutil\n"
        "os.makedirs(told['scratch'] + '/a/b')\n"
        "open(told['scratch'] + '/a/b/c', 'x').close()\n"
        "assert os.listdir(told['scratch'] + '/a') == ['b']\n"
        "shutil.copyfile(told['file'], told['scratch'] + '/a/copy')\n"
        "shutil.move(told['scratch'] + '/a/copy', told['scratch'] + '/a/b/copy')\n"
        "shutil.rmtree(told['scratch'] + '/a')"
    ),
    "temporary-files": (
        "import tempfile\n"
        "tempfile.tempdir = told['scratch']\n"
        "with tempfile.TemporaryFile() as a, tempfile.NamedTemporaryFile() as b:\n"
        "    a.write(b'x'), b.write(b'x')\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    open(folder + '/x', 'w').close()"
    ),
    "mapped-memory": (
        "import mmap, numpy\n"
        "mmap.mmap(-1, 1 << 16)[:1] = b'x'\n"
        "numpy.save(told['scratch'] + '/a.npy', numpy.eye(3))\n"
        "mapped = numpy.load(told['scratch'] + '/a.npy', mmap_mode='r+')\n"
        "mapped[0] = 2\n"
        "mapped.flush()"
    ),
    "a-database-in-memory": (
        "import sqlite3; sqlite3.connect(':memory:').execute('create table a (b)')"
    ),
    "a-database-in-a-file": (
        "import sqlite3\n"
        "with sqlite3.connect(told['scratch'] + '/db') as base:\n"
        "    base.execute('create table a (b)')\n"
        "    base.execute('insert into a values (1)')"
    ),
    "time-zones": "import zoneinfo; zoneinfo.available_timezones()",
    "identifiers": "import uuid; uuid.uuid1(), uuid.uuid4()",
    "random-bytes": "os.urandom(16)",
    "clocks": (
        "import time, signal\n"
        "time.sleep(0.001), time.process_time(), time.monotonic(), time.localtime()\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)"
    ),
    "its-own-signals": (
        "import signal\n"
        "seen = []\n"
        "signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "signal.raise_signal(signal.SIGUSR1)\n"
        "assert len(seen) == 2"
    ),
    "its-own-limits": (
        "import resource\n"
        "resource.getrlimit(resource.RLIMIT_CPU)\n"
        "resource.prlimit(0, resource.RLIMIT_CPU)\n"
        "resource.getrusage(resource.RUSAGE_SELF)"
    ),
    "looking-at-a-folder": (
        "os.stat('/usr'), list(os.scandir('/usr')), os.path.realpath('/usr/lib')"
    ),
    "looking-at-the-machine": (
        "import platform; platform.uname(), os.cpu_count(), os.sched_getaffinity(0)"
    ),
    "descriptors": (
        "os.close(os.dup(0)), os.isatty(0), os.set_blocking(1, True), os.closerange(90, 99)"
    ),
    "tracing-memory": "import tracemalloc; tracemalloc.start(); tracemalloc.stop()",
    "decimals-and-fractions": "import decimal, fractions, statistics; decimal.Decimal(2).sqrt()",
    "reading-source": "import inspect, json; inspect.getsource(json)",
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What came of all the attempts above, in one process behind the filter alone."""
    scratch = tmp_path_factory.mktemp("scratch")
    file = scratch / "file"
    file.write_text("data", encoding="utf-8")
    with subprocess.Popen(["/bin/sleep", "300"]) as decoy:
        try:
            yield Walls().outcomes(
                STOPPED | NOT_THERE | WORKS, other=decoy.pid, file=str(file), scratch=str(scratch)
            )
            assert decoy.poll() is None, "the process to attack was ended"
            assert file.read_text(encoding="utf-8") == "data"
        finally:
            decoy.kill()


@needs_filter
@pytest.mark.parametrize("name", STOPPED)
def test_is_not_permitted(real: dict[str, str], name: str) -> None:
    assert real[name] == "EPERM"


@needs_filter
@pytest.mark.parametrize("name", NOT_THERE)
def test_is_not_implemented(real: dict[str, str], name: str) -> None:
    assert real[name] == "ENOSYS"


@needs_filter
@pytest.mark.parametrize("name", WORKS)
def test_works_behind_the_filter(real: dict[str, str], name: str) -> None:
    assert real[name] == "done"


@needs_filter
def test_the_attempts_would_do_something_without_the_filter(tmp_path: Path) -> None:
    """Those that are harmless here; else the kernel may be what stops them above."""
    file = tmp_path / "file"
    for name in ("truncates-what-it-may-read", "truncates-without-access", "truncates-by-name"):
        file.write_text("data", encoding="utf-8")
        walls = Walls(filtered=False)
        assert walls.outcomes({name: STOPPED[name]}, file=str(file)) == {name: "done"}
        assert not file.read_text(encoding="utf-8")
    harmless = (
        *("forks", "makes-a-pipe", "opens-a-socket", "sends-out-of-band", "sends-a-descriptor"),
        *("makes-a-pair-that-sends-anywhere", "takes-memory-that-no-limit-sees", "sends-a-signal"),
        *("changes-a-mode", "changes-a-time", "links-a-name", "chooses-the-signal-for-a-file"),
        *("starts-a-process-with-vfork", "is-told-of-a-file-by-a-signal", "watches-a-folder"),
        *("limits-another-process", "opens-a-process", "opens-without-access"),
    )
    with subprocess.Popen(["/bin/sleep", "300"]) as decoy:
        try:
            done = Walls(filtered=False).outcomes(
                {name: STOPPED[name] for name in harmless}, other=decoy.pid, file=str(file)
            )
        finally:
            decoy.kill()
    assert done == dict.fromkeys(harmless, "done")


@needs_filter
def test_a_file_does_not_kill_another_process() -> None:
    """The kernel sends the signal itself, so a filter on kill() alone would let it pass."""
    attack = """
import fcntl, signal, socket
one, other = socket.socketpair()
for command, argument in (
    (fcntl.F_SETOWN, told["other"]), (fcntl.F_SETSIG, signal.SIGKILL), (fcntl.F_SETFL, os.O_ASYNC)
):
    try:
        fcntl.fcntl(one, command, argument)
    except PermissionError:
        pass
other.send(b"x")
"""
    for walls, ends in ((Walls(), False), (Walls(filtered=False), True)):
        with subprocess.Popen(["/bin/sleep", "300"]) as decoy:
            try:
                assert walls.outcomes({"attack": attack}, other=decoy.pid) == {"attack": "done"}
                try:
                    decoy.wait(timeout=60 if ends else 0.2)
                    ended = True
                except subprocess.TimeoutExpired:
                    ended = False
            finally:
                decoy.kill()
        assert ended is ends


@needs_filter
def test_processes_are_allowed_where_an_assignment_needs_them() -> None:
    attempts = {
        "runs": "import subprocess; assert subprocess.run(['/bin/echo', 'x'], "
        "stdout=subprocess.PIPE).stdout == b'x\\n'",
        "forks": "pid = os.fork()\nif pid == 0: os._exit(7)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7",
        "kills": "import signal, time\npid = os.fork()\nif pid == 0: time.sleep(60); os._exit(0)\n"
        "os.kill(pid, 15)\nos.waitpid(pid, 0)",
        "kills-outright": "pid = os.fork()\nif pid == 0: import time; time.sleep(5); os._exit(0)\n"
        "try:\n    os.kill(pid, 9)\nfinally:\n    os.kill(pid, 15)\n    os.waitpid(pid, 0)",
        "hears-of-no-end": "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        **{name: STOPPED[name] for name in ("opens-a-socket", "has-namespaces-of-its-own")},
    }
    assert Walls(processes=True).outcomes(attempts) == {
        **dict.fromkeys(("runs", "forks", "kills"), "done"),
        **dict.fromkeys(
            (
                *("opens-a-socket", "has-namespaces-of-its-own"),
                *("kills-outright", "hears-of-no-end"),
            ),
            "EPERM",
        ),
    }


@needs_filter
@pytest.mark.skipif(kernel.MACHINE != "x86_64", reason="other numbers are those of i386")
def test_numbers_of_i386_end_the_process() -> None:
    """`int 0x80` with the number of getpid."""
    attack = """
import mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""
    if Walls(filtered=False).signal_after(attack) != 0:
        pytest.skip("this kernel does not run 32-bit code")
    assert Walls().signal_after(attack) == signal.SIGSYS
