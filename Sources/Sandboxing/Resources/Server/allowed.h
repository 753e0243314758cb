// The system calls that shells, core utilities and Python need on ordinary files. Everything else is refused.
//
// Left out on purpose, beside what needs privileges: socket (no network, no sockets in files), ptrace and memory of
// other processes, namespaces and mounts, mknod (no FIFOs or devices), link (a snapshot knows no hard links),
// memfd_create and System V shared memory (memory outside the limits), sync, io_uring, bpf, keys, inotify. Calls that are
// allowed with some arguments only (prlimit64, setpriority, sched_setaffinity, clone, ioctl) stand in lockdown.c.
static const int allowed_calls[] = {
    SYS_read, SYS_write, SYS_close, SYS_fstat, SYS_lseek, SYS_mmap, SYS_mprotect, SYS_munmap, SYS_brk,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait, SYS_pread64, SYS_pwrite64, SYS_readv, SYS_writev, SYS_preadv, SYS_pwritev, SYS_sched_yield,
    SYS_mremap, SYS_msync, SYS_mincore, SYS_madvise, SYS_dup, SYS_dup3, SYS_nanosleep, SYS_clock_nanosleep,
    SYS_getitimer, SYS_setitimer, SYS_getpid, SYS_getppid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid,
    SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getpgid, SYS_setpgid, SYS_getsid, SYS_setsid,
    SYS_execve, SYS_execveat, SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid, SYS_kill, SYS_tkill, SYS_tgkill,
    SYS_uname, SYS_fcntl, SYS_flock, SYS_fsync, SYS_fdatasync, SYS_truncate, SYS_ftruncate, SYS_fallocate,
    SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_openat, SYS_openat2, SYS_mkdirat, SYS_unlinkat, SYS_renameat,
    SYS_renameat2, SYS_symlinkat, SYS_readlinkat, SYS_fchmod, SYS_fchmodat, SYS_fchownat, SYS_fchown, SYS_faccessat,
    SYS_faccessat2, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_utimensat, SYS_getdents64, SYS_umask,
    SYS_getrlimit, SYS_setrlimit, SYS_getrusage, SYS_sysinfo, SYS_times, SYS_gettimeofday,
    SYS_clock_gettime, SYS_clock_getres, SYS_getpriority, SYS_sched_getaffinity, SYS_sched_getscheduler, SYS_sched_getparam, SYS_sched_get_priority_max,
    SYS_sched_get_priority_min, SYS_prctl, SYS_capget, SYS_sigaltstack, SYS_futex, SYS_set_robust_list,
    SYS_get_robust_list, SYS_set_tid_address, SYS_rseq, SYS_membarrier, SYS_getrandom, SYS_getcpu, SYS_pipe2,
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd2,
    SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_timer_create, SYS_timer_settime,
    SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete, SYS_restart_syscall, SYS_socketpair, SYS_sendto,
    SYS_recvfrom, SYS_sendmsg, SYS_recvmsg, SYS_shutdown, SYS_getsockname, SYS_getpeername, SYS_getsockopt,
    SYS_setsockopt, SYS_sendfile, SYS_splice, SYS_tee, SYS_copy_file_range, SYS_fadvise64, SYS_readahead,
    SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr, SYS_llistxattr, SYS_flistxattr, SYS_pidfd_open,
    SYS_pidfd_send_signal, SYS_close_range,
#if defined(__x86_64__)
    SYS_open, SYS_stat, SYS_lstat, SYS_poll, SYS_access, SYS_pipe, SYS_select, SYS_dup2, SYS_pause, SYS_alarm,
    SYS_fork, SYS_vfork, SYS_getdents, SYS_rename, SYS_mkdir, SYS_rmdir, SYS_creat, SYS_unlink, SYS_symlink,
    SYS_readlink, SYS_chmod, SYS_chown, SYS_lchown, SYS_getpgrp, SYS_utime, SYS_utimes, SYS_futimesat, SYS_time,
    SYS_arch_prctl, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd,
#endif
};
