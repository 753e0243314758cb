import Foundation
import Sandboxing

/// One sandbox for all tests of this target.
enum Shared {
  static let sandbox = Task { try await Sandbox() }
}

/// A file of the test target.
func fixture(_ name: String) -> URL { Bundle.module.bundleURL.appending(path: "Fixtures/" + name) }

/// A task folder that is removed when the value goes away.
final class TaskFolder {
  let url: URL

  /// - Parameter files: put over those of a small task: make `/app/answer.txt` with the text `7`.
  init(_ files: [String: String?] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "task-" + UUID().uuidString)
    let usual: [String: String?] = [
      "task.toml": "schema_version = \"1.4\"\n[task]\nname = \"tests/seven\"\n",
      "instruction.md": "Write 7 to /app/answer.txt.\n",
      "environment/Dockerfile": "FROM debian:12\nWORKDIR /app\n",
      "tests/test.sh":
        "#!/bin/bash\n[ \"$(cat /app/answer.txt)\" = 7 ] && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt\n",
      "solution/solve.sh": "echo 7 > /app/answer.txt\n",
    ]
    for case (let name, let text?) in usual.merging(files, uniquingKeysWith: { $1 }) {
      let file = url.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
