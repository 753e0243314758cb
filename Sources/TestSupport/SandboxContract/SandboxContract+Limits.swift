import Sandboxing

extension SandboxContract {
  /// What a command cannot use up. After each, the next command must work.
  static let limits: [SandboxContract] = [
    SandboxContract("a fork bomb is held") { box in
      _ = try await box.run(":(){ :|:& };:; while true; do :; done")
      try await box.expectAlive()
      let result = try await box.runScript(
        """
        import os
        count = 0
        try:
            while True:
                if os.fork() == 0: os.execlp("sleep", "sleep", "9")
                count += 1
        except OSError as error: print(count, error.errno)
        """
      ).result
      try expect(["21 11\n", "22 11\n"].contains(result.output), result.summary)
    },
    SandboxContract("a huge file is cut") { box in
      let big = try await box.run("head -c 1000000000 /dev/zero > big; echo $?; wc -c < big")
      try expectEqual(big.result.output, "153\n8388608\n")
      let full = try await box.run("for i in 1 2 3 4; do head -c 8000000 /dev/urandom > f$i; done; ls | wc -l")
      try expect(full.result.errorOutput.contains("No space left"), full.result.summary)
      try expect(full.tree.entries.count <= 4, "\(full.tree.entries.count) entries")
      let next = try await box.backend.run("cat f1 | wc -c", in: full.tree, directory: "/")
      try expectEqual(next.result.output, "8000000\n")
      try expectEqual(next.tree, full.tree)
    },
    SandboxContract("files of holes do not break the state") { box in
      let first = try await box.run("for i in 1 2 3 4 5 6 7 8; do truncate -s 8000000 h$i; done")
      let next = try await box.backend.run("cat h1 h8 | wc -c; echo x > y", in: first.tree, directory: "/")
      try expectEqual(next.result.output, "16000000\n")
      try expectEqual(next.tree.entries.count, 9)
    },
    SandboxContract("endless output is cut") { box in
      for command in ["cat /dev/zero", "while echo y; do :; done", "cat /dev/zero >&2"] {
        let result = try await box.run(command).result
        try expect(result.outputTruncated && result.killed && !result.timedOut, result.summary)
        try expectEqual(result.standardOutput.count + result.standardError.count, 64 << 10, "bytes of \(command)")
      }
      try await box.expectAlive()
    },
    SandboxContract("an endless loop is ended, whatever it traps") { box in
      let result = try await box.run("echo before; trap '' TERM INT XCPU HUP; while true; do :; done").result
      try expect(result.timedOut && result.killed, result.summary)
      try expectEqual(result.status, 137)
      try expectEqual(result.output, "before\n")
      try await box.expectAlive()
    },
    SandboxContract("a stopped command does not stop the box") { box in
      _ = try await box.run("kill -STOP $$; kill -TSTP 0; sleep 20 & kill -STOP $!; wait")
      try await box.expectAlive()
    },
    SandboxContract("nothing survives its command") { box in
      let result = try await box.run("(setsid sh -c 'sleep 0.4; echo late > /late; echo late' &) ; echo now").result
      try expectEqual(result.output, "now\n")
      let later = try await box.run("sleep 0.6; cat /proc/[0-9]*/cmdline | tr '\\0' ' '").result
      try expect(!later.output.contains("late"), later.summary)
    },
    SandboxContract("memory is bounded") { box in
      let result = try await box.runScript(
        "try: x = bytearray(1 << 30); print('got it')\nexcept MemoryError: print('refused')"
      ).result
      try expectEqual(result.output, "refused\n")
      _ = try await box.run(
        "for i in 1 2 3 4; do python3 -c 'x = [bytearray(1 << 20) for i in range(9999)]' & done; wait")
      try await box.expectAlive()
    },
    SandboxContract("many files do not break the state") { box in
      let many = try await box.runScript("for i in range(9999): open(f'f{i}', 'w')")
      try expect(many.result.errorOutput.contains("No space left"), many.result.summary)
      try expect((3000...4200).contains(many.tree.entries.count), "\(many.tree.entries.count) files")
      let next = try await box.backend.run("ls | wc -l", in: many.tree, directory: "/")
      try expectEqual(next.tree, many.tree)
    },
    SandboxContract("files that do not fit are refused with an error") { box in
      let file = String(repeating: "x", count: 10 << 20)
      do {
        _ = try await box.run("true", ["a": file, "b": file])
        throw ContractViolation(description: "20 MiB fitted into 16")
      } catch SandboxError.invalidTree {}
      try await box.expectAlive()
    },
  ]
}
