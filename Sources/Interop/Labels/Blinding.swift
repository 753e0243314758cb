import Runs
package import Storage

/// What must not be read in an episode by somebody who is to say what it did without knowing where it comes from: the names
/// of the run, its checkpoints and conditions, and their files.
///
/// Names are taken out of whatever a rater is shown. A name that is also a plain word, `start` or `flattery`, is taken out
/// only as a part of a path, because a text without such words could not be understood.
package struct Blinding: Sendable {
  /// What stands in the place of a name.
  package static let mark = "[name]"

  /// Longest first, so that a condition's name inside a checkpoint's does not leave the rest standing.
  private let names: [Name]

  private struct Name: Sendable {
    var bytes: [UInt8]
    var isPlainWord: Bool
  }

  /// - Throws: `StoreError`.
  package init(_ store: RunStore) throws {
    self.init(run: try store.run().name, checkpoints: try store.checkpoints())
  }

  init(run: String, checkpoints: [CheckpointRecord]) {
    let found = checkpoints.flatMap { checkpoint -> [String] in
      let branch = checkpoint.name.split(separator: "/").first.map(String.init) ?? ""
      let condition = branch.split(separator: ".").first.map(String.init) ?? ""
      let isOfBranch = checkpoint.name.contains("/")
      return [checkpoint.name, checkpoint.path, checkpoint.digest].compactMap(\.self)
        + (isOfBranch ? [branch, condition] : [])
    }
    names = Set(found + [run]).subtracting([""]).map { name in
      Name(bytes: Array(name.utf8), isPlainWord: name.allSatisfy(\.isLetter))
    }.sorted { ($1.bytes.count, $0.bytes[0]) < ($0.bytes.count, $1.bytes[0]) }
  }

  /// The text without the names.
  package func callAsFunction(_ text: String) -> String {
    String(decoding: names.reduce(Array(text.utf8), Self.remove), as: UTF8.self)
  }

  private static func remove(_ text: [UInt8], _ name: Name) -> [UInt8] {
    var out: [UInt8] = []
    var kept = 0
    var position = 0
    while let start = text[position...].firstIndex(of: name.bytes[0]) {
      position = start + 1
      let end = start + name.bytes.count
      guard end <= text.count, text[start..<end].elementsEqual(name.bytes),
        stands(name, between: start > 0 ? text[start - 1] : nil, and: end < text.count ? text[end] : nil)
      else { continue }
      out += text[kept..<start] + Array(mark.utf8)
      (kept, position) = (end, end)
    }
    return kept == 0 ? text : out + text[kept...]
  }

  /// Whether bytes that read like a name are one: not a part of a longer word, and in a path if it is a plain word.
  private static func stands(_ name: Name, between before: UInt8?, and after: UInt8?) -> Bool {
    if [before, after].contains(where: { $0.map(isWordByte) ?? false }) { return false }
    return !name.isPlainWord || [before, after].contains(UInt8(ascii: "/"))
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }
}
