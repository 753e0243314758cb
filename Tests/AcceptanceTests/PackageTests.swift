import Foundation
import Testing

/// The packages bring what the program needs. Building one takes minutes; this reads what would be left out.
@Suite struct PackageTests {
  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Scripts/package")

  /// A library that the program is linked with is staged, is on every system, or is Swift's own, which packages link
  /// statically.
  @Test func everyLibraryIsBrought() throws {
    let reader = Process()
    reader.executableURL = URL(filePath: "/usr/bin/readelf")
    reader.arguments = ["-d", Program.executable.path]
    let output = Pipe()
    reader.standardOutput = output
    try reader.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    reader.waitUntilExit()
    let needed = text.matches(of: /\(NEEDED\).*\[(.*)\]/).map { String($0.output.1) }
    #expect(needed.contains("libmlx.so"))
    let staged = try ["stage.sh", "check.py"].map {
      try String(contentsOf: Self.scripts.appending(path: $0), encoding: .utf8)
    }.joined()
    let own = ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime", "libTesting"]
    for name in needed where !own.contains(where: name.hasPrefix) {
      #expect(staged.contains(name), "\(name) is in no package: add it to Scripts/package/stage.sh")
    }
  }
}
