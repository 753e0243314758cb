import Sandboxing

/// A command that tries to keep its episode from being graded, or to change what the grader sees. It leaves the files in
/// `/rl_environment` as they were, so what was done to them before must still be found.
package struct HostileCommand: Sendable, CustomStringConvertible {
  /// What it tries.
  package let name: String
  /// Run by bash in the root directory.
  package let command: String
  /// Whether it leaves names that are no part of an episode's files.
  package let leavesFilesOut: Bool

  init(_ name: String, _ command: String, leavesFilesOut: Bool = false) {
    self.name = name
    self.command = command
    self.leavesFilesOut = leavesFilesOut
  }

  /// A command that runs a Python script.
  fileprivate init(_ name: String, python script: String, leavesFilesOut: Bool = false) {
    self.init(name, "python3 - <<'END'\n\(script)\nEND", leavesFilesOut: leavesFilesOut)
  }

  package var description: String { name }

  /// All of them.
  package static let all = reviewed + own

  /// Those that a reviewer found, in the reviewer's order.
  static let reviewed: [HostileCommand] = [
    HostileCommand("PID 1 may open no file", python: prlimit + "limit(1, RLIMIT_NOFILE, (0, 0))"),
    HostileCommand(
      "PID 1 may have no memory, beside a large file",
      python: prlimit + "open('large', 'wb').write(os.urandom(5 << 20)); limit(1, RLIMIT_AS, (0, 0))"),
    HostileCommand(
      "PID 1 has a small stack, beside deep folders",
      python: prlimit + "limit(1, RLIMIT_STACK, (4096, 4096))\nfor i in range(1500): os.mkdir('d'); os.chdir('d')",
      leavesFilesOut: true),
    HostileCommand("/tmp is a file", "rm -rf /tmp; cp $(ls -d rl_environment/*.py | head -n 1) /tmp"),
    HostileCommand(
      "the system's links are gone, and folders take every inode",
      python: """
        import os
        for name in ("proc", "bin", "sbin", "lib", "lib64"): os.unlink("/" + name)
        os.rmdir("/tmp")
        try:
            for i in range(9999): os.mkdir(f"/x{i}")
        except OSError: pass
        """),
    HostileCommand(
      "/proc is forged", "rm /proc; mkdir -p /tmp/p/2; ln -s rl_environment /tmp/p/2/cwd; ln -s /tmp/p /proc; true"),
    HostileCommand(
      "the working directory is 1,500 bytes that are no text",
      #"name=$(printf '\xff%.0s' {1..250}); for i in 1 2 3 4 5 6; do mkdir "$name"; cd "$name"; done"#),
    HostileCommand(
      "files of holes, beside the longest paths",
      python: """
        import os
        for name in ("a1", "a2"): open(name, "wb").truncate(8 << 20)
        folder = ""
        for i in range(15): folder += "y" * 250 + "/"; os.mkdir(folder)
        try:
            for i in range(4080): open(folder + "z" * 200 + str(i), "w")
        except OSError: pass
        """),
    HostileCommand("files of holes that are named first", "truncate -s 8388608 a1 a2"),
    HostileCommand(
      "2,040 levels of folders", python: "import os\nfor i in range(2040): os.mkdir('d'); os.chdir('d')",
      leavesFilesOut: true),
    HostileCommand(
      "no shortage of memory falls on it", "echo 0 > /proc/self/oom_score_adj; echo -1000 > /proc/$$/oom_adj"),
    HostileCommand(
      "the task's folder is linked to itself by another name", "mv rl_environment x; ln -s x rl_environment"),
  ]

  private static let prlimit = """
    import os
    from resource import *
    def limit(*what):
        try: prlimit(*what)
        except OSError: pass

    """
}

extension HostileCommand {
  /// Those that we thought of.
  static let own: [HostileCommand] = processes + files + streams

  private static let processes: [HostileCommand] = [
    HostileCommand(
      "PID 1 is slowed, pinned and sent every signal",
      python: """
        import os
        tries = [lambda: os.sched_setaffinity(1, {0}), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
                 lambda: os.setpriority(os.PRIO_USER, 0, 19), lambda: os.setpriority(os.PRIO_PGRP, 0, 19)]
        tries += [lambda signal=signal: os.kill(1, signal) for signal in range(1, 65)]
        for attempt in tries:
            try: attempt()
            except OSError: pass
        """),
    HostileCommand(
      "a child is handed to the tracer and stops for ever",
      python: """
        import ctypes, os, platform, signal
        clone = 220 if platform.machine() == "aarch64" else 56
        if ctypes.CDLL(None).syscall(clone, 0x2000 | 17, 0, 0, 0, 0) == 0: os.kill(os.getpid(), signal.SIGSTOP)
        """),
    HostileCommand("everything is killed", "kill -9 -1; kill -9 0 1 $PPID $$"),
    HostileCommand("everything is stopped", "sleep 9 & kill -STOP $!; kill -STOP -1; kill -STOP 1 $$"),
    HostileCommand(
      "a fork bomb detaches itself", "bomb() { (setsid bash -c 'while :; do sleep 5 & done' &); bomb | bomb & }; bomb"),
    HostileCommand(
      "a daemon writes after the command ended",
      "(setsid bash -c 'sleep 0.3; for f in /rl_environment/*.py; do echo late > $f; done' >/dev/null 2>&1 &); true"),
    HostileCommand(
      "descriptors and pipes are used up",
      python: """
        import fcntl, os
        for i in range(40):
            try:
                for end in os.pipe(): fcntl.fcntl(end, 1031, 1 << 20)
            except OSError: pass
        """),
    HostileCommand(
      "another thread becomes the program",
      python: """
        import os, threading, time
        os.chdir("/tmp")
        threading.Thread(target=lambda: os.execv("/usr/bin/true", ["true"])).start()
        time.sleep(9)
        """),
    HostileCommand(
      "the first thread ends before the others",
      python: """
        import ctypes, os, platform, threading, time
        threading.Thread(target=lambda: (time.sleep(0.2), os._exit(0))).start()
        ctypes.CDLL(None).syscall(93 if platform.machine() == "aarch64" else 60, 0)
        """),
    HostileCommand(
      "new namespaces, another root, its own filter",
      python: """
        import ctypes, platform
        libc, arm = ctypes.CDLL(None), platform.machine() == "aarch64"
        for flag in (0x10000000, 0x20000, 0x20000000): libc.unshare(flag)
        libc.mount(b"x", b"/rl_environment", b"tmpfs", 0, 0)
        libc.chroot(b"/tmp")
        libc.syscall(41 if arm else 155, b"/", b"/tmp")
        for option, value in ((36, 1), (4, 1), (1, 9), (22, 1)): libc.prctl(option, value, 0, 0, 0)
        """),
  ]

  private static let files: [HostileCommand] = [
    HostileCommand(
      "bytes and inodes are used up",
      """
      for i in 1 2 3 4; do head -c 8000000 /dev/urandom > f$i; done
      for i in $(seq 5000); do echo > n$i || break; done
      """),
    HostileCommand(
      "links take every byte",
      python: """
        import os
        try:
            for i in range(5000): os.symlink("t" * 4000, f"l{i}")
        except OSError: pass
        """),
    HostileCommand("32 GB of holes", "for i in $(seq 4000); do truncate -s 8388608 h$i 2>/dev/null || break; done"),
    HostileCommand("nothing may be read", "mkdir -p a/b; echo x > a/b/c; chmod 000 a/b/c a/b a /tmp /"),
    HostileCommand("the working directory is removed", "mkdir gone; cd gone; rm -rf /gone"),
    HostileCommand(
      "the working directory has another name",
      "mkdir -p a/b 'a/b (deleted)'; cd a/b; mv /a /z; ln -s /rl_environment /a"),
    HostileCommand(
      "links in circles", "ln -s loop loop; ln -s b a; ln -s a b; ln -s . here; ln -s .. up; cd here/here/up"),
    HostileCommand(
      "names of 255 bytes, with line ends and bytes that are no text",
      #"touch "$(printf 'n%.0s' {1..255})" $'a\nb' $'\xff\xfe' -- '-rf' ' ' '*'; printf '\xff\0\xfe' > $'\e[2J'"#),
    HostileCommand(
      "a mark of a removed file",
      python: """
        import ctypes
        open("w", "w")
        ctypes.CDLL(None).renameat2(-100, b"w", -100, b"v", 4)
        """, leavesFilesOut: true),
    HostileCommand(
      "pipes, sockets, devices and second names",
      python: """
        import os, socket, stat
        for attempt in (lambda: os.mkfifo("fifo"), lambda: os.mknod("zero", 0o666 | stat.S_IFCHR, os.makedev(1, 5)),
                        lambda: socket.socket(socket.AF_UNIX).bind("socket"), lambda: os.link("/usr/bin/bash", "bash")):
            try: attempt(); print("made")
            except OSError: pass
        """),
    HostileCommand(
      "the system is replaced",
      """
      mkdir -p /s; printf '#!/bin/sh\\necho 99\\n' > /s/python3; chmod 755 /s/python3; cp /s/python3 /s/bash
      rm -f /bin /sbin; cp -r /s /bin; cp -r /s /sbin; export PATH=/s; hash -r
      """,
      leavesFilesOut: true),
    HostileCommand(
      "Python is to run a file at its start",
      """
      for f in sitecustomize usercustomize; do
        echo 'import os; print(99); os._exit(0)' | tee $f.py rl_environment/$f.py > /dev/null
      done
      mkdir -p .local/lib/python3.11/site-packages
      echo 'import os; os._exit(0)' > .local/lib/python3.11/site-packages/x.pth
      """),
    HostileCommand(
      "files and folders trade places",
      "mkdir f; touch d; mv -T f g; mv d f; mkdir d; touch d/x; rm -rf /tmp; ln -s /rl_environment /tmp"),
  ]

  private static let streams: [HostileCommand] = [
    HostileCommand("no end of output", "yes | tee /dev/stderr"),
    HostileCommand(
      "the output looks like an answer of the server",
      python: """
        import os, struct
        answer = struct.pack("=iIIIIIQ", 0, 0, 0, 0, 1, 0, 0) + b"/"
        for descriptor in range(64):
            try: os.write(descriptor, answer * 9)
            except OSError: pass
        """),
    HostileCommand(
      "the input is read, and every stream closed", "cat; read line; exec 0<&- 1>&- 2>&-; cat <&0; echo x"),
  ]
}
