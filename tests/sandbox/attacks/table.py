"""Every attack: what it needs, how its success is seen from outside, and where it succeeds."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.sandbox.attacks.seen import (
    Seen,
    accepted,
    at_least,
    came_back,
    claimed,
    disk_filled,
    file_changed,
    harmed,
    in_world,
    left_running,
    let_in,
    lock_held,
    many_files,
    many_processes,
    much_printed,
    much_returned,
    parent_dead,
    read_passwd,
    shell_spoke,
    sibling_harmed,
    size_known,
    threads,
    told_of_the_course,
    victim_changed,
    victim_dead,
    visited,
)
from tests.sandbox.attacks.watching import has_right

__all__ = ["ATTACKS", "Attack", "harmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One function of `handed_in/<file>.py`, which is called with what the scene tells it."""

    name: str
    file: str
    seen: Seen  #: whether it succeeded
    needs: tuple[str, ...] = ()  #: the decoys besides the files, in order of their making
    #: The tiers in which it succeeds. `basic` promises little, and says so. `container-as-root`
    #: is that tier where no other user could read the interpreter.
    succeeds_in: frozenset[str] = frozenset()
    #: Why it may fail without walls, on some machines.
    unless: str = ""
    endless: bool = False  #: whether it ends only when it is ended


def several(
    file: str,
    seen: Seen,
    *names: str,
    needs: str = "",
    open_in: str = "basic",
    unless: str = "",
    endless: bool = False,
) -> tuple[Attack, ...]:
    return tuple(
        Attack(
            name=name,
            file=file,
            seen=seen,
            needs=tuple(needs.split()),
            succeeds_in=frozenset(open_in.split()),
            unless=unless,
            endless=endless,
        )
        for name in names
    )


_CAP_SYS_RESOURCE = 24
_ROOT_ONLY = "only root may"
_NOT_HERE = "the kernel of this machine does not offer it"
#: `basic` keeps an ordinary user from what only root may do, and root from nothing.
_TO_ROOT = "basic" if os.geteuid() == 0 else ""
#: Root may be without this right, in a container for example.
_TO_THE_MIGHTY = "basic" if has_right(_CAP_SYS_RESOURCE) else ""
_KNOWN_TO_ALL = "basic container"  #: what may be asked of a path without opening anything
#: The kernel bounds the number of nobody's tasks who is root, whatever root may do otherwise.
_TO_MANY_THREADS = "basic container-as-root"
_TO_NOBODY = ""

_READING = (
    *several("reading", read_passwd, "read_etc_passwd"),
    *several("reading", came_back, "read_answers_0644", "read_key_0600", "read_through_link"),
    *several("reading", came_back, "list_dir"),
    *several("reading", came_back, "read_through_proc", needs="victim"),
    *several("reading", came_back, "open_by_handle", open_in=_TO_ROOT, unless=_ROOT_ONLY),
    *several("reading", size_known, "stat_answers", open_in=_KNOWN_TO_ALL),
    *several("reading", came_back, "readlink_meta", open_in=_KNOWN_TO_ALL),
    *several("reading", claimed, "process_probe", needs="victim"),
    *several("reading", came_back, "open_path_only"),
    *several("reading", came_back, "proc_cmdline_list", "proc_environ", needs="victim"),
    *several("reading", came_back, "readlink_proc_cwd", "proc_mem", needs="victim"),
    *several("reading", came_back, "process_vm_readv", "ptrace_attach", needs="victim"),
    *several("reading", came_back, "pidfd_getfd", needs="victim"),
    *several("reading", came_back, "secret_in_memory", needs="earlier", open_in=_TO_NOBODY),
    *several("reading", came_back, "environ", "inherited_fds", open_in=_TO_NOBODY),
    *several("reading", told_of_the_course, "argv_leak", open_in=_TO_NOBODY),
)
_WRITING = (
    *several("writing", disk_filled, "fill_disk"),
    *several("writing", many_files, "inode_bomb"),
    *several("writing", in_world, "write_world_dir", "symlink_plant"),
    *several("writing", file_changed, "chmod_own_file", "utime_own_file", "setxattr_own_file"),
    *several("writing", file_changed, "truncate_own_file", "truncate_by_open"),
    *several("writing", file_changed, "truncate_data_file", "write_data_file"),
    *several("writing", file_changed, "rename_own_file", "remove_own_file"),
)
_REACHING = (
    *several("reaching", visited, "tcp_loopback", needs="tcp"),
    *several("reaching", visited, "udp_loopback", needs="udp"),
    *several("reaching", let_in, "bind_listen_tcp", needs="tcp watch"),
    *several("reaching", visited, "unix_pathname", needs="unix"),
    *several("reaching", visited, "unix_abstract", needs="abstract"),
    *several("reaching", visited, "dgram_socketpair", needs="unix abstract"),
    *several("reaching", visited, "dgram_socketpair_raw", needs="unix abstract"),
    *several("reaching", visited, "dgram_socketpair_sendmsg", needs="unix abstract"),
    *several("reaching", visited, "dgram_socketpair_connect", needs="unix abstract"),
    *several("reaching", claimed, "odd_sockets", "inotify_spy"),
    *several("reaching", claimed, "keyring", unless=_NOT_HERE),
    *several("reaching", lambda scene, _: scene.has_segment(), "sysv_shm", needs="memory"),
    *several("reaching", lambda scene, _: scene.has_shared_file(), "posix_shm", needs="shared"),
    *several("reaching", claimed, "posix_queue", needs="shared"),
    *several("reaching", lock_held, "file_lock", needs="watch"),
)
_OTHERS = (
    *several("others", claimed, "kill_parent_probe"),
    *several("others", parent_dead, "kill_parent", needs="victim"),
    *several("others", victim_dead, "kill_decoy", "kill_by_other_calls", needs="victim"),
    *several("others", victim_dead, "fcntl_setown_kill", "fcntl_setown_ex_kill", needs="victim"),
    *several("others", victim_dead, "ioctl_setown_kill", needs="victim"),
    # In `basic` too: what is killed from outside is run again, alone.
    *several("others", sibling_harmed, "kill_sibling", needs="sibling", open_in=_TO_NOBODY),
    *several("others", victim_changed, "setpriority_user", "prlimit_other", needs="victim"),
    *several("others", victim_changed, "sched_other", needs="victim"),
    *several("others", shell_spoke, "exec_sh", "spawn_sh", "exec_memory"),
    *several("others", left_running, "daemon_survivor", needs="watch", open_in=_TO_NOBODY),
    *several("others", left_running, "leftover_processes", needs="watch", open_in=_TO_NOBODY),
    *several("others", left_running, "forked_child_goes_on", needs="watch", open_in=_TO_NOBODY),
)
_MACHINE = (
    *several("machine", claimed, "unshare_userns", "clone3_userns", "io_uring", unless=_NOT_HERE),
    *several("machine", claimed, "bpf", "userfaultfd", unless=_NOT_HERE),
    *several("machine", claimed, "perf_event", needs="victim", unless=_NOT_HERE),
    *several("machine", claimed, "x32_abi", "foreign_abi", unless=_NOT_HERE),
    *several("machine", claimed, "chroot_escape", open_in=_TO_ROOT, unless=_ROOT_ONLY),
    *several("machine", claimed, "become_root", open_in=_TO_ROOT, unless=_ROOT_ONLY),
    *several("machine", claimed, "raise_limits", open_in=_TO_THE_MIGHTY),
)
_ENDLESS = ("infinite_loop", "sleep_forever", "sigstop_self", "ignore_signals")
_USING_UP = (
    *several("using_up", many_processes, "fork_bomb", needs="watch"),
    *several("using_up", threads(150), "thread_bomb", needs="watch", open_in=_TO_NOBODY),
    *several(
        "using_up", threads(350), "thread_bomb_small", needs="watch", open_in=_TO_MANY_THREADS
    ),
    *several("using_up", at_least(1000), "mem_bomb", open_in=_TO_NOBODY),
    *several("using_up", at_least(100), "memfd_bomb"),
    *several("using_up", at_least(8), "shared_memory_bomb"),
    *several("using_up", at_least(32), "pipe_bomb"),
    *several("using_up", at_least(100), "socket_bomb", open_in=_TO_NOBODY),
    *several("using_up", at_least(5000), "timer_bomb", open_in=_TO_NOBODY),
    *several("using_up", harmed, *_ENDLESS, open_in=_TO_NOBODY, endless=True),
    *several("using_up", harmed, "segfault", open_in=_TO_NOBODY),
    *several(
        "using_up",
        harmed,
        "stack_overflow",
        open_in=_TO_NOBODY,
        unless="this Python keeps a bound on recursion in C",
    ),
    *several("using_up", much_printed, "huge_stdout", open_in=_TO_NOBODY),
    *several("using_up", much_returned, "huge_result", open_in=_TO_NOBODY),
)
_FORGING = (
    *several("leaving", accepted, "sys_exit_import", open_in=_TO_NOBODY),
    *several("forging", accepted, "os_exit_0", "override_numpy", open_in=_TO_NOBODY),
    *several("forging", accepted, "eq_true_array", "patch_codec", open_in=_TO_NOBODY),
    *several("forging", accepted, "pre_answer", open_in=_TO_NOBODY),
    *several("forging", harmed, "garbage_pipe", "giant_length", open_in=_TO_NOBODY),
    *several("forging", harmed, "depth_bomb", "shape_lie", "close_fds", open_in=_TO_NOBODY),
    *several("forging", harmed, "slow_drip", open_in=_TO_NOBODY, endless=True),
    *several("forging", harmed, "next_run_clean", "next_run_clean2", open_in=_TO_NOBODY),
)

ATTACKS = (
    *_READING,
    *_WRITING,
    *_REACHING,
    *_OTHERS,
    *_MACHINE,
    *_USING_UP,
    *_FORGING,
)
