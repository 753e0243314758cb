import Sandboxing

extension SandboxContract {
  /// What is kept across commands, and what is reported.
  static let state: [SandboxContract] = [
    SandboxContract("output, errors and status are told apart") { box in
      let result = try await box.run("echo out; echo err >&2; exit 3").result
      try expectEqual(result.output, "out\n")
      try expectEqual(result.errorOutput, "err\n")
      try expectEqual(result.status, 3)
      try expect(!result.killed && !result.timedOut && !result.outputTruncated, result.summary)
    },
    SandboxContract("relative and absolute paths name the same files") { box in
      let files = ["rl_environment/compute_reward.py": "reward"]
      try expectEqual(try await box.run("cat rl_environment/compute_reward.py", files).result.output, "reward")
      try expectEqual(
        try await box.run("cat /rl_environment/compute_reward.py", files, in: "/tmp").result.output, "reward")
    },
    SandboxContract("the working directory is kept") { box in
      let first = try await box.run("cd rl_environment && mkdir inner && cd inner", ["rl_environment/a": "1"])
      try expectEqual(first.directory, "/rl_environment/inner")
      let second = try await box.backend.run("pwd; cat ../a", in: first.tree, directory: first.directory)
      try expectEqual(second.result.output, "/rl_environment/inner\n1")
    },
    SandboxContract("a trap, an exec and a function do not change which directory is kept") { box in
      for command in ["trap 'cd /tmp' EXIT; cd /a", "cd /tmp; exec true", "pwd() { echo /a; }; PWD=/a; cd /tmp"] {
        try expectEqual(try await box.run(command, ["a/file": ""]).directory, "/tmp", "directory after \(command)")
      }
    },
    SandboxContract("a directory that is gone is replaced by the nearest one above it") { box in
      try expectEqual(try await box.run("cd a/b/c; rm -r /a/b", ["a/b/c/file": ""]).directory, "/a")
      try expectEqual(try await box.run("pwd", ["a/file": ""], in: "/a/b/c").result.output, "/a\n")
    },
    SandboxContract("files, modes and links are kept") { box in
      let first = try await box.run("echo x > f; chmod 700 f; mkdir -m 700 d; ln -s ../f d/l; rm old", ["old": "gone"])
      let second = try await box.backend.run("cat d/l; stat -c '%A %n' f d d/l; ls", in: first.tree, directory: "/")
      try expect(
        second.result.output.hasPrefix("x\n-rwx------ f\ndrwx------ d\nlrwxrwxrwx d/l\n"), second.result.summary)
      try expectEqual(first.tree["f"], .file(Array("x\n".utf8), mode: 0o700))
      try expectEqual(first.tree["d/l"], .link(target: Array("../f".utf8)))
      try expectEqual(first.tree["old"], nil)
      try expectEqual(second.tree, first.tree)
    },
    SandboxContract("everyday tools work in silence") { box in
      let command = """
        sed -i 's/1/2/' f; cp -p f g; cp -a d e; mv f d/; sort -o g g; touch -d 2020-01-01 g; install -m 600 g h; tar cf t d
        diff <(cat g) <(echo 2); find d e -name '*.py' -exec cat {} +; (sleep 0.01; echo later) & wait; cat <<< here
        python3 -c "import shutil, subprocess, threading, asyncio; shutil.copy2('g', 'i'); subprocess.run(['cat', 'i'], check=True)"
        """
      let result = try await box.run(command, ["f": "1\n", "d/x.py": "pass\n"], in: "/").result
      try expectEqual(result.output, "pass\npass\nlater\nhere\n2\n")
      try expectEqual(result.errorOutput, "")
    },
    SandboxContract("names of any bytes are kept") { box in
      let first = try await box.run(#"touch -- -rf $'a\nb' $'\e[2J' $'\xff\xfe'; ls -1 --show-control-chars | wc -l"#)
      let names = first.tree.entries.keys.map(\.bytes)
      for name in [Array("-rf".utf8), Array("a\nb".utf8), Array("\u{1b}[2J".utf8), [0xff, 0xfe]] {
        try expect(names.contains(name), "\(name) is not among \(names)")
      }
      let second = try await box.backend.run("true", in: first.tree, directory: "/")
      try expectEqual(second.tree, first.tree)
    },
    SandboxContract("output is raw bytes") { box in
      try expectEqual(try await box.run(#"printf 'a\xff\0b'"#).result.standardOutput, [0x61, 0xff, 0, 0x62])
    },
    SandboxContract("the same command on the same files gives the same transition") { box in
      let command =
        "echo new > b; ls -laR /a; find a; cat /proc/self/cmdline; python3 -c 'print({\"x\", \"y\"}, object())'; echo $$"
      let files = ["a/1": "1", "a/2": "2", "a/c/3": "3"]
      let first = try await box.run(command, files)
      for _ in 0..<3 { try expectEqual(try await box.run(command, files), first, "transition") }
    },
    SandboxContract("a command is executed at most once") { box in
      try expectEqual(try await box.run("echo ran >> log; kill -9 $$").tree.text(of: "log"), "ran\n")
      try expectEqual(try await box.run("echo ran >> log; sleep 60").tree.text(of: "log"), "ran\n")
    },
    SandboxContract("a long command is run whole") { box in
      let text = String(repeating: "x", count: 100_000)
      try expectEqual(try await box.run("echo \(text) | wc -c").result.output, "100001\n")
    },
    SandboxContract("a command that the kernel cannot start is refused") { box in
      for command in [String(repeating: "x", count: 200_000), "echo a\0b"] {
        do {
          _ = try await box.run(command)
          throw ContractViolation(description: "it was run")
        } catch SandboxError.invalidCommand {}
      }
    },
  ]
}
