package import Yams

/// Parses YAML text of untrusted size.
package enum YAMLText {
  /// The largest number of values in a file, with every alias (`*name`) written out.
  private static let mostValues = 1_000_000

  /// A file whose aliases stand for more values than a file may hold.
  package struct TooLarge: Error, CustomStringConvertible {
    package var description: String {
      """
      with every alias (`*name`) written out, the file has more than \(mostValues) values, or an alias is part of a key; \
      write the values out instead
      """
    }
  }

  /// Parses the text of one document.
  ///
  /// A few lines of nested aliases can stand for more values than memory holds. The parser shares them, so such a text
  /// is rejected before anything reads every value.
  ///
  /// - Throws: `TooLarge`; `YamlError` when the text is not YAML.
  package static func compose(_ text: String) throws -> Node? {
    // The parser hashes keys, which writes their aliases out.
    if text.contains(anchor), text.contains(aliasInKey) { throw TooLarge() }
    guard let node = try Yams.compose(yaml: text) else { return nil }
    var left = mostValues
    guard count(node, &left) else { throw TooLarge() }
    return node
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
