import Foundation
import Glibc

/// What a test does to boxes from the host's side, which nothing in a box can do.
package enum HostProcess {
  /// Processes of the host whose command line contains a text.
  package static func all(with text: String) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter {
      let line = try? Data(contentsOf: URL(filePath: "/proc/\($0)/cmdline"))
      return line.map { String(decoding: $0, as: UTF8.self).contains(text) } ?? false
    }
  }

  /// Waits up to 30 seconds; a starved machine is slow.
  package static func waitUntil(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<1_000 {
      if try condition() { return true }
      try await Task.sleep(for: .milliseconds(30))
    }
    return false
  }

  /// Runs `work`, which starts `sleep SECONDS` in a box; once that sleeps, does `harm` to PID 1 of its box, and ends the
  /// sleep.
  package static func interrupt<Value: Sendable>(
    _ seconds: String, by harm: (Int32) throws -> Void, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    async let result = work()
    var sleeper: Int32 = 0
    _ = try await waitUntil {
      sleeper = try all(with: seconds).first { try name(of: $0) == "sleep" } ?? 0
      return sleeper != 0
    }
    try harm(try firstInNamespace(sleeper))
    kill(sleeper, SIGKILL)
    return try await result
  }

  /// Takes the right to open files from a process.
  package static func forbidFiles(_ process: Int32) throws {
    let program = Process()
    // As the account that the box belongs to: root may lack the capability for other accounts in a container.
    let account = try owner(of: process)
    program.executableURL = URL(filePath: geteuid() == 0 ? "/usr/bin/setpriv" : "/usr/bin/env")
    program.arguments = geteuid() == 0 ? ["--reuid=\(account)", "--regid=\(account)", "--clear-groups"] : []
    program.arguments? += ["/usr/bin/prlimit", "--pid", "\(process)", "--nofile=0:0"]
    try program.run()
    program.waitUntilExit()
  }

  private static func owner(of process: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
    let fields = status.first { $0.hasPrefix("Uid:") }?.split(whereSeparator: \.isWhitespace) ?? []
    return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
  }

  private static func name(of process: Int32) throws -> String? {
    try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8).trimmingCharacters(in: .newlines)
  }

  /// Goes up from a process to the one that its own namespace calls 1.
  private static func firstInNamespace(_ process: Int32) throws -> Int32 {
    var process = process
    while true {
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
      let field = { (name: String) in status.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace) ?? [] }
      if field("NSpid:").last == "1" { return process }
      guard let parent = field("PPid:").last.flatMap({ Int32($0) }), parent > 1 else { return process }
      process = parent
    }
  }
}
