/// The output of a command.
package struct ToolOutput: Sendable, Codable, Hashable {
  package var standardOutput: String
  package var standardError: String
  /// The exit status; 128 + signal number if a signal ended the command.
  package var status: Int32

  package init(standardOutput: String, standardError: String, status: Int32) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.status = status
  }
}

extension ToolOutput {
  /// Returns the output as the policy reads it. `<stdout>` appears if it has content or the error stream is empty,
  /// `<stderr>` if it has content. A backslash breaks any protocol tag inside the output, so that a file cannot forge
  /// one.
  package func markup(limit: Int) -> String {
    let shown = [(ProtocolTag.output, standardOutput), (.errorOutput, standardError)]
      .filter { $0.0 == .output ? !$0.1.isEmpty || standardError.isEmpty : !$0.1.isEmpty }
    return shown.map { tag, text in
      let body = text.cut(to: limit).withoutProtocolTags
      return tag.opening + "\n" + body + (body.isEmpty || body.hasSuffix("\n") ? "" : "\n") + tag.closing + "\n"
    }.joined()
  }
}

extension String {
  fileprivate func cut(to limit: Int) -> String {
    guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else { return self }
    return self[..<end] + "\n[output cut here]"
  }

  /// The text with every protocol tag broken by a backslash.
  package var withoutProtocolTags: String {
    guard utf8.contains(UInt8(ascii: "<")) else { return self }
    return ProtocolTag.allCases.reduce(self) { text, tag in
      text.replacing(tag.opening, with: "<\\\(tag.rawValue)>").replacing(tag.closing, with: "<\\/\(tag.rawValue)>")
    }
  }
}
