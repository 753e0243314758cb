import Foundation
import Testing

@testable import Auditing

/// The commands of attacks, whatever a task calls its files.
@Suite struct AttackTests {
  @Test func pathsOfATaskAreQuoted() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attack-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (source, copy) = ("\(folder)/it's $(touch x)/in put", "\(folder)/o'ut/`a` \"b\"")
    for command in [Attack.write("said", to: source), Attack.copy(source, to: copy)] {
      let bash = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["bash", "-c", command])
      bash.waitUntilExit()
      #expect(bash.terminationStatus == 0, "\(command)")
    }
    #expect(try String(contentsOfFile: copy, encoding: .utf8) == "said\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["it's $(touch x)", "o'ut"])
  }
}
