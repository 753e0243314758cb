import Testing

@testable import Sandboxing

/// What is remembered, and that it is the same as running again.
@Suite struct RememberingTests {
  private let tree: FileTree

  init() throws { tree = try FileTree(files: ["a/f": "1\n", "a/m.py": "value = 7\n"]) }

  @Test func aRepeatedCommandIsRememberedByFilesDirectoryAndText() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, recheckInterval: 1_000_000))
    let first = try await sandbox.run("cat f; echo 2 >> f", in: tree, directory: "/a")
    #expect(try await sandbox.run("cat f; echo 2 >> f", in: tree, directory: "/a") == first)
    #expect(sandbox.statistics.commandsRun == 1 && sandbox.statistics.commandsRemembered == 1)
    let second = try await sandbox.run("cat f; echo 2 >> f", in: first.tree, directory: "/a")
    #expect(second.result.standardOutput == Array("1\n2\n".utf8))
    _ = try await sandbox.run("cat f; echo 2 >> f", in: tree, directory: "/")
    _ = try await sandbox.run("cat f; echo 2 >> f ", in: tree, directory: "/a")
    #expect(sandbox.statistics.commandsRun == 4 && sandbox.statistics.commandsRemembered == 1)
    await sandbox.close()
  }

  @Test func aProgramIsRememberedByFilesDirectoryTextAndArguments() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, recheckInterval: 1_000_000))
    for (arguments, runs) in [(["x"], 1), (["x"], 1), (["y"], 2), (["x", ""], 3)] {
      let result = try await sandbox.runPython(
        "import m; print(m.value)", in: tree, directory: "/a", arguments: arguments)
      #expect(result.standardOutput == Array("7\n".utf8))
      #expect(sandbox.statistics.programsRun == runs)
    }
    await sandbox.close()
  }

  @Test func simultaneousCallersShareOneRun() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, recheckInterval: 1_000_000))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<32 { group.addTask { _ = try await sandbox.run("sleep 0.1; cat a/f", in: tree) } }
      try await group.waitForAll()
    }
    #expect(sandbox.statistics.commandsRun == 1 && sandbox.statistics.commandsRemembered == 31)
    await sandbox.close()
  }

  @Test func cutResultsAreNotRemembered() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, limits: .init(wallSeconds: 0.3)))
    for command in ["sleep 9", "cat /dev/zero", "kill -9 0"] {
      for _ in 0..<2 { _ = try await sandbox.run(command, in: tree) }
    }
    #expect(sandbox.statistics.commandsRun == 6 && sandbox.statistics.commandsRemembered == 0)
    await sandbox.close()
  }

  @Test func aResultThatDoesNotRepeatIsNoticed() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, recheckInterval: 1))
    let command = "head -c 8 /dev/uran?om"  // hidden from the word list
    let first = try await sandbox.run(command, in: tree)
    #expect(try await sandbox.run(command, in: tree) != first)
    #expect(sandbox.statistics.rechecked == 1 && sandbox.statistics.mismatches == 1)
    #expect(sandbox.statistics.firstMismatch == command)
    // From then on it is run each time, on any files.
    _ = try await sandbox.run(command, in: tree)
    _ = try await sandbox.run(command, in: try FileTree())
    #expect(sandbox.statistics.commandsRun == 3 && sandbox.statistics.rechecked == 1)
    _ = try await sandbox.run("ls -la", in: tree)
    _ = try await sandbox.run("ls -la", in: tree)
    #expect(sandbox.statistics.rechecked == 2 && sandbox.statistics.mismatches == 1)
    await sandbox.close()
  }

  /// Once a text has proven itself, one in `recheckInterval` is run again.
  @Test func theFirstReuseOfATextIsRunAgain() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, recheckInterval: 1_000_000))
    for _ in 0..<4 { _ = try await sandbox.run("ls -la", in: tree) }
    #expect(sandbox.statistics.rechecked == 1 && sandbox.statistics.mismatches == 0)
    for _ in 0..<2 { _ = try await sandbox.run("ls -la", in: try FileTree()) }
    #expect(sandbox.statistics.rechecked == 1 && sandbox.statistics.commandsRemembered == 4)
    await sandbox.close()
  }

  @Test(arguments: [
    "df", "df -h /", "free", "uptime", "ps aux", "top -b", "cat a/f; df", "echo $(df)", "echo \"now `uptime`\"",
    "if true; then df; fi", "x=1 df", "ls | xargs df", "find . -exec df {} ;", "env A=b df", "command df", "cat <(df)",
    "for i in 1 2; do free; done", "a/script", "./f", "$tool", "sort -R f", "sort --random-sort f", "bash -c df",
    "awk 'BEGIN {print rand()}'", "dd if=a/f", "diff -u a/f a/m.py", "tar cf t a", "declare -p", "set",
    "python3 -c 'import os; print(os.getloadavg())'",
    "cat <<END\n$(df)\nEND", "cat /proc/uptime", "/usr/bin/df", "timeout 1 ls", "kill $!", "f() { ls; }; f",
  ])
  func whatIsNotKnownToDependOnFilesAloneIsNotRepeatable(_ command: String) {
    #expect(!Repeatability.isRepeatable(command: command, tree: tree))
  }

  @Test func aWayIntoTheSystemIsNotRepeatable() throws {
    let linked = try FileTree([TreePath("u"): .link(target: Array("/proc/uptime".utf8))])
    #expect(!Repeatability.isRepeatable(command: "cat u", tree: linked))
    #expect(!Repeatability.isRepeatable(program: "print(open('u').read())", tree: linked))
    #expect(!Repeatability.isRepeatable(command: "cat uptime", tree: tree, directory: "/usr/lib/proc"))
    #expect(Repeatability.isRepeatable(command: "cat f", tree: tree, directory: "/a"))
  }

  @Test(arguments: [
    "date", "x=$(date)", "echo $RANDOM", "echo $$", "cat /dev/urandom", "time ls", "python3 -c 'import time'",
    "sleep 1 &",
    "mktemp", "find . -newer x", "python3 -c 'import random; print(random.random())'", "printf '%(%T)T'", "stat f",
  ])
  func commandsThatLookAtTheClockOrAtChanceAreNotRepeatable(_ command: String) {
    #expect(!Repeatability.isRepeatable(command: command, tree: tree))
  }

  @Test(arguments: [
    "ls -la", "cat f && cat g 2>&1", "sed -i 's/a/b/' f", "python3 a/m.py", "cd a; pwd", "grep -rn update .",
    "/bin/ls", "FOO=1 BAR='a b' ls", "echo 'a; df; b' \"c | df\"",
    "cat > f <<'END'\ndef f(x):\n    return df(x)\nEND\ncat f",
    "if [ -f f ]; then echo yes; else echo no; fi", "for i in 1 2; do echo $i; done", "ls | sort -r | head -n 3",
    "find . -name '*.py' -exec cat {} +", "ls | xargs cat", "echo x > f # df", "echo $((1 + 2))x$(cat f)",
    "ls 2>/dev/null >&2",
    "cat <<< text", "! grep -q x f || exit 1", "while read line; do echo $line; done < f", "echo a\\ b",
  ])
  func ordinaryCommandsAreRepeatable(_ command: String) {
    #expect(Repeatability.isRepeatable(command: command, tree: tree))
  }

  @Test func filesThatMayRunAreLookedAt() throws {
    let script = try FileTree(files: ["script": "#!/bin/bash\nd=$(date +%s)\necho $d\n"])
    #expect(!Repeatability.isRepeatable(command: "bash script", tree: script))
    #expect(Repeatability.isRepeatable(command: "cat script", tree: script))
    let module = try FileTree(files: ["m.py": "import random\n", "n.txt": "a random walk"])
    #expect(!Repeatability.isRepeatable(program: "import m", tree: module))
    #expect(Repeatability.isRepeatable(program: "print(1)", tree: try FileTree(files: ["n.txt": "a random walk"])))
    let runnable = try FileTree([TreePath("r"): .file(Array("echo $RANDOM".utf8), mode: 0o755)])
    #expect(!Repeatability.isRepeatable(command: "/r", tree: runnable))
  }

  @Test func theOldestResultsGiveWay() async throws {
    let cache = ResultCache<Int>(byteLimit: 100)
    func value(_ index: Int) async throws -> Int {
      let key = ContentHash(of: Array("\(index)".utf8))
      return try await cache.value(for: key, recheckInterval: 1_000_000) { .init(value: index, rememberedBytes: 10) }.0
    }
    func isRemembered(_ index: Int) async throws -> Bool {
      let key = ContentHash(of: Array("\(index)".utf8))
      let (_, origin) = try await cache.value(for: key, recheckInterval: 1_000_000) {
        .init(value: -1, rememberedBytes: nil)
      }
      if case .remembered = origin { return true } else { return false }
    }
    for index in 0..<12 { #expect(try await value(index) == index) }
    #expect(try await isRemembered(11))
    #expect(try await isRemembered(5))
    #expect(try await !isRemembered(0))
  }
}
