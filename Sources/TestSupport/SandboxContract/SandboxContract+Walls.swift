import Sandboxing

extension SandboxContract {
  /// What a command cannot reach.
  static let walls: [SandboxContract] = [
    SandboxContract("nothing of the host is visible beyond a minimal system") { box in
      let listing = try await box.run("ls -A / /etc /dev; ls -A /usr; ls /home /root /work /var /sys /run").result
      let expected = Set(
        """
        /: /etc: /dev: /usr: bin dev etc lib lib64 proc sbin tmp usr group passwd fd full null random stderr stdin \
        stdout urandom zero
        """.split(separator: " "))
      let extra = Set(listing.output.split { $0 == "\n" || $0 == " " }).subtracting(expected)
      try expect(extra.isSubset(of: ["local"]), "also visible: \(extra.sorted())")
      try expectEqual(listing.errorOutput.split(separator: "\n").count, 6, "places that are not there")
    },
    SandboxContract("links to host files lead nowhere") { box in
      let first = try await box.run(
        "ln -s /etc/shadow s; ln -s /etc/hostname h; cat s h; ln -s /proc/1/environ e; cat e")
      try expectEqual(first.result.output, "")
      try expectEqual(first.tree["s"], .link(target: Array("/etc/shadow".utf8)))
    },
    SandboxContract("the environment holds nothing of the host") { box in
      let names = try await box.run("env | cut -d= -f1 | sort").result.output.split(separator: "\n")
      let known: Set<Substring> = [
        "HOME", "LANG", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUNBUFFERED", "SHLVL",
        "TIME_STYLE", "_",
      ]
      try expect(Set(names).isSubset(of: known), "variables: \(names)")
    },
    SandboxContract("/proc shows only the command's own processes") { box in
      let result = try await box.run(
        "cat /proc/1/environ /proc/1/cmdline /proc/cmdline /proc/kallsyms /proc/mounts /proc/1/mem; ls -d /proc/1; ls /proc/1/root /proc/sys"
      ).result
      try expectEqual(result.output, "", "what /proc says")
    },
    SandboxContract("no descriptors are inherited") { box in
      let open = try await box.runScript(
        "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:3], len(os.listdir('/proc/self/fd')))")
      try expectEqual(open.result.output, "[0, 1, 2] 4\n", "descriptors, one of them the listing's own")
    },
    SandboxContract("there is no network") { box in
      let result = try await box.runScript(
        """
        import socket
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
            try: socket.socket(family, socket.SOCK_STREAM); print("made", family)
            except OSError as error: print(error.errno)
        """
      ).result
      try expectEqual(result.output, "1\n1\n1\n1\n", "what socket() says")
      try expect(try await box.run("exec 3<>/dev/tcp/127.0.0.1/22").result.status != 0, "a connection was made")
    },
    SandboxContract("the system cannot be written") { box in
      let result = try await box.run(
        "for f in /usr/bin/python3 /usr/lib/x /etc/passwd /dev/x /bin/ls /lib/python3*/json/__init__.py; do echo x >> $f && echo wrote $f; done"
      ).result
      try expectEqual(result.output, "")
    },
    SandboxContract("no namespace, mount, trace or privileged call is possible") { box in
      let result = try await box.runScript(systemCalls).result
      try expectEqual(
        result.output,
        "unshare 1\nmount 1\nptrace 1\nclone 1\nbpf 1\nmknod 1\nlink 1\nmemfd 1\nsetns 1\nchroot 1\nuring 1\nkeyctl 1\nclone3 38\n"
      )
      try expectEqual(
        try await box.run("grep -c '^Cap.*:.0*$' /proc/self/status").result.output, "5\n", "empty capability sets")
    },
    SandboxContract("no capability comes back from a set-user-id file") { box in
      let result = try await box.run("cp /usr/bin/id i; chmod 6755 i; ./i -u; grep NoNewPrivs /proc/self/status").result
      try expectEqual(result.output, "1000\nNoNewPrivs:\t1\n")
    },
    SandboxContract("there is no terminal to type into") { box in
      let result = try await box.runScript(
        """
        import fcntl
        for path in ("/dev/tty", "/dev/console", "/dev/stdin"):
            try: fcntl.ioctl(open(path), 0x5412, b"x"); print("injected")
            except OSError: pass
        """
      ).result
      try expectEqual(result.output, "")
    },
    SandboxContract("killing everything harms only the command") { box in
      for target in ["1", "-1", "$PPID", "-$PPID"] {
        _ = try await box.run("kill -9 \(target); kill -TERM \(target)")
        try await box.expectAlive()
      }
    },
    SandboxContract("a box cannot find another one") { box in
      async let victim = box.run("sleep 0.7; cat secret", ["secret": "MARK-7391"])
      let search = try await box.run(
        "for i in 1 2 3 4 5; do grep -r 'MARK-[7]391' / --exclude-dir=proc -l; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c 'MARK-[7]391'; kill -9 -1 3 4 5; sleep 0.05; done"
      ).result
      try expect(search.output == "0\n0\n0\n0\n0\n", search.summary)
      try expectEqual(try await victim.result.output, "MARK-7391", "what the other command sees")
    },
    SandboxContract("removing everything removes the episode's own files") { box in
      let first = try await box.run("rm -rf / --no-preserve-root; echo done", ["a/b": "1"])
      try expectEqual(first.tree.entries, [:])
      try await box.expectAlive()
    },
  ]

  /// Prints the error number of calls that need privileges or make a hole.
  private static let systemCalls = """
    import ctypes, platform
    libc = ctypes.CDLL(None, use_errno=True)
    arm = platform.machine() == "aarch64"
    def call(name, x86, arm64, *arguments):
        libc.syscall(arm64 if arm else x86, *arguments)
        print(name, ctypes.get_errno())
    call("unshare", 272, 97, 0x10000000)
    call("mount", 165, 40, b"none", b"/tmp", b"tmpfs", 0, 0)
    call("ptrace", 101, 117, 0, 0, 0, 0)
    call("clone", 56, 220, 0x10000000 | 17, 0, 0, 0, 0)
    call("bpf", 321, 280, 0, 0, 0)
    call("mknod", 259, 33, -100, b"/tmp/fifo", 0o10644, 0)
    call("link", 265, 37, -100, b"/etc/passwd", -100, b"/tmp/p", 0)
    call("memfd", 319, 279, b"m", 0)
    call("setns", 308, 268, 0, 0)
    call("chroot", 161, 51, b"/tmp")
    call("uring", 425, 425, 1, 0)
    call("keyctl", 250, 219, 0, 0, 0)
    call("clone3", 435, 435, 0, 0)
    """
}
