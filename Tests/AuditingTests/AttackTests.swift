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

/// Values that are made up in the form of the expected ones.
@Suite struct MadeUpValuesTests {
  @Test(arguments: [
    // A table: numbers rise, words move by a row.
    ("t.csv", "name,price\na b,9.90\nc,10.05\n", "name,price\nc,10.91\na b,11.06\n"),
    // Words alone, moved alike, are the same rows in another order: letters change instead.
    ("t.csv", "name\na\nb\n", "name\nb\nc\n"),
    // Names of values stay.
    ("s.txt", "errors: 07\nmean=0.99 ms\nzed", "errors: 08\nmean=1.100 nt\nafe"),
    // Records: words go to other records, everything else changes.
    (
      "r.json", #"[{"k":"x","n":1,"ok":true},{"k":"y","n":5,"ok":false}]"#,
      """
      [
        {
          "k" : "y",
          "n" : 2,
          "ok" : false
        },
        {
          "k" : "x",
          "n" : 6,
          "ok" : true
        }
      ]

      """
    ),
    ("one.json", #"{"total":9223372036854775807,"who":null}"#, "{\n  \"total\" : 0,\n  \"who\" : null\n}\n"),
  ])
  func everyValueIsAnother(path: String, expected: String, forged: String) {
    #expect(MadeUpValues(of: path, expected).text == forged)
  }

  @Test func whereNothingCanBeReplacedThereIsNoAttack() {
    #expect(MadeUpValues(of: "a.txt", "---\n").text == nil && MadeUpValues(of: "a.txt", "").text == nil)
  }
}
