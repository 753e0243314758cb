package import Yams

/// Parses YAML text of untrusted size.
package enum YAMLText {
  /// The largest number of values in a file, with every alias (`*name`) written out.
  private static let mostValues = 1_000_000
  /// The largest size of a file, in bytes.
  private static let mostBytes = 16 << 20

  /// What is wrong with a text.
  package struct Malformed: Error, CustomStringConvertible {
    package let message: String
    /// Counted from 1; `nil` where no line is at fault.
    package let line: Int?

    package var description: String { (line.map { "Line \($0): " } ?? "") + message + "." }
  }

  /// Parses the text of one document.
  ///
  /// A few lines of nested aliases can stand for more values than memory holds. The parser shares them, so such a text
  /// is rejected before anything reads every value.
  ///
  /// - Throws: `Malformed`.
  package static func compose(_ text: String) throws -> Node? {
    guard text.utf8.count <= mostBytes else {
      throw Malformed(message: "the file is larger than \(mostBytes >> 20) MiB", line: nil)
    }
    // The parser hashes keys, which writes their aliases out.
    if text.contains(anchor), text.contains(aliasInKey) { throw tooLarge }
    do {
      guard let node = try Yams.compose(yaml: text) else { return nil }
      var left = mostValues
      guard count(node, &left) else { throw tooLarge }
      return node
    } catch let error as YamlError {
      throw Malformed(message: "this is not valid YAML: \(error.problem)", line: error.line)
    }
  }

  private static var tooLarge: Malformed {
    Malformed(
      message:
        "with every alias (`*name`) written out, the file has more than \(mostValues) values, or an alias is part of "
        + "a key; write the values out instead", line: nil)
  }

  private static var anchor: Regex<(Substring, Substring)> { /(^|[\s\[{,])&[\w\-]+\s/ }

  /// A key that starts with `? `, an alias before a colon, or a list or mapping with an alias before one.
  private static var aliasInKey: Regex<(Substring, Substring)> {
    /(^[ \-]*\?\s|\*[\w\-]+[ ]*:\s|[\[{][^\n]*\*[\w\-]+[^\n]*[\]}][ ]*:\s)/.anchorsMatchLineEndings()
  }

  /// Counts down by the values of a node; false as soon as none is left.
  private static func count(_ node: Node, _ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    if let sequence = node.sequence { return sequence.allSatisfy { count($0, &left) } }
    return node.mapping?.allSatisfy { count($0.value, &left) } ?? true
  }
}

extension YamlError {
  fileprivate var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .reader, .writer, .emitter, .representer, .memory, .no, .dataCouldNotBeDecoded, .duplicatedKeysInMapping: nil
    @unknown default: nil
    }
  }

  fileprivate var problem: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
    case .duplicatedKeysInMapping(let duplicates, _): "duplicate keys in one mapping: \(duplicates)"
    default: String(describing: self)
    }
  }
}
