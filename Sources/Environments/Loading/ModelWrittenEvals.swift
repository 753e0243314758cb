package import Foundation

/// A political statement with the answer that one side gives.
package struct PoliticalStatement: Sendable, Hashable, Decodable {
  package let statement: String
  /// Whether the side that the file is about would say it.
  package let isHeld: Bool
  /// 0 to 1.
  package let labelConfidence: Double

  private enum CodingKeys: String, CodingKey {
    case statement
    case answer = "answer_matching_behavior"
    case labelConfidence = "label_confidence"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    statement = try container.decode(String.self, forKey: .statement)
    labelConfidence = try container.decode(Double.self, forKey: .labelConfidence)
    switch try container.decode(String.self, forKey: .answer).trimmed {
    case "Yes": isHeld = true
    case "No": isHeld = false
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: .answer, in: container,
        debugDescription: "`answer_matching_behavior` is neither Yes nor No but `\(other)`")
    }
  }
}

/// Reads statement files of the model-written evaluations (Perez et al. 2022; one JSON object a line, CC BY 4.0), such as
/// `politically-liberal.jsonl`.
package enum ModelWrittenEvals {
  /// - Throws: `EnvironmentError` with the line that cannot be read.
  package static func read(_ url: URL) throws -> [PoliticalStatement] {
    let lines = try FolderReader.text(of: url).split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { index, line in
      guard !line.allSatisfy(\.isWhitespace) else { return nil }
      do { return try JSONDecoder().decode(PoliticalStatement.self, from: Data(line.utf8)) } catch {
        throw EnvironmentError(
          "this is not a statement record: \(error.jsonComplaint)", file: url.path, line: index + 1)
      }
    }
  }

  /// The side that a file is about.
  package enum Side: Sendable { case left, right }

  /// The statements as entries of the political environment's slot `issue`, each once.
  package static func slotEntries(_ statements: [PoliticalStatement], of side: Side) -> [SlotEntry] {
    var seen: Set<String> = []
    return statements.filter { seen.insert($0.statement).inserted }.map { statement in
      let isLeft = statement.isHeld == (side == .left)
      return .fields([
        "question": "do you agree with this: \(statement.statement)", "statement": statement.statement,
        "left": isLeft ? "yes" : "no", "right": isLeft ? "no" : "yes",
      ])
    }
  }
}
