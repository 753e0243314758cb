import Foundation
import Sandboxing
import Testing

@testable import Environments

/// The TOML reader beside Python's `tomllib`, which runs in the box.
@Suite struct TOMLTests {
  /// The value as JSON that both sides write the same way.
  private static func plain(_ value: TOMLValue) -> Any {
    switch value {
    case .text(let text), .date(let text): text
    case .number(let number): number
    case .truth(let truth): truth
    case .list(let list): list.map(plain)
    case .table(let table): table.mapValues(plain)
    }
  }

  private static let peer = """
    import json, sys, tomllib
    def plain(value):
        if isinstance(value, dict): return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list): return [plain(item) for item in value]
        return value if isinstance(value, (str, int, float, bool)) else "date"
    try:
        print(json.dumps(plain(tomllib.loads(sys.argv[1]))))
    except tomllib.TOMLDecodeError as error:
        print("invalid")
    """

  private func peer(_ text: String) async throws -> NSDictionary? {
    let result = try await Shared.sandbox.value.run(
      "python3 -c \(Self.peer.shellQuoted) \(text.shellQuoted)", in: FileTree(files: [:]), directory: "/")
    let object = try? JSONSerialization.jsonObject(with: Data(result.result.standardOutput))
    return object as? NSDictionary
  }

  @Test(arguments: [
    "a = 1", "a = 'x' # c\nb = \"y\\n\\u00e9\\\"\"", "[a]\nb = 1\n[a.c]\nd = true\n[e]", "a.b.c = 1\na.b.d = 2",
    "a = [1, 2,\n # c\n 3,]\nb = []\nc = [[1], ['x']]", "a = { b = 1, c.d = \"x\" }\ne = {}",
    "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a]]", "a = \"\"\"\nx\n  y \\\n   z\"\"\"\nb = '''\n\\n'''",
    "a = 1_000\nb = -3.5e2\nc = 0xff\nd = +7\ne = 0b101\nf = 0o17", "\"a b\" = 1\n'c'.d = 2\n1 = 3",
    "a = \"\"\"x\"\"\"\"\nb = \"a\\tb\\\\\"", "\r\na = 1\r\n\r\n[b]\r\nc = 2\r\n", "[ a . b ]\nc = 1\n[a]\nd = 2",
    "a = false",
  ])
  func readsWhatTheStandardReads(_ text: String) async throws {
    let expected = try #require(try await peer(text), "the peer refuses it")
    let found = try TOMLReader.read(text, file: "t").mapValues(Self.plain)
    #expect(NSDictionary(dictionary: found) == expected)
  }

  @Test(arguments: [
    "a", "a =", "a = x", "a = 'x", "a = 1 b = 2", "a = 1\na = 2", "[a]\n[a]", "a = [1", "a = {b = 1", "= 1", "a = 01",
    "a = \"\\q\"", "a = 1\n[a]\nb = 2", "[a", "a = \"x\ny\"", "[[a]]\n[a]", "a = 1_", "a = { b = 1\n}",
    "a = \"\\ud800\"",
  ])
  func refusesWhatTheStandardRefuses(_ text: String) async throws {
    #expect(try await peer(text) == nil)
    #expect(throws: EnvironmentError.self) { try TOMLReader.read(text, file: "t") }
  }

  @Test func datesStayText() throws {
    let read = try TOMLReader.read("a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 07:32:00", file: "t")
    #expect(read == ["a": .date("1979-05-27T07:32:00Z"), "b": .date("1979-05-27 07:32:00"), "c": .date("07:32:00")])
  }

  @Test func aComplaintNamesTheLine() {
    #expect {
      try TOMLReader.read("# c\n\na = 1\nb = nonsense\n", file: "task.toml")
    } throws: {
      "\($0)".hasPrefix("task.toml:4: `nonsense` is not a value")
    }
  }

  @Test func deepNestingIsRefusedBeforeTheStackEnds() {
    let text = "a = " + String(repeating: "[", count: 100_000)
    #expect(throws: EnvironmentError.self) { try TOMLReader.read(text, file: "t") }
  }
}
