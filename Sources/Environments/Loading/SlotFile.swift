import Foundation

/// The entries of a slot from a file beside `environment.yaml`: `issue: { file: issues.jsonl }`. Each line is a JSON text, or
/// an object whose values are texts.
enum SlotFile {
  /// - Throws: `EnvironmentError` with the file and the line that cannot be read.
  static func entries(of value: YAMLValue, places: [URL]) throws -> [SlotEntry] {
    let field = try value.fields("file").required("file", in: value)
    let name = try field.text()
    guard name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*\.jsonl/) != nil else {
      throw field.error("`\(name)` is not the name of a .jsonl file in the environment's folder")
    }
    let candidates = places.map { $0.appending(path: name) }
    guard let url = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw field.error("the file `\(name)` is missing from the environment's folder")
    }
    let lines = try FolderReader.text(of: url).split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { index, line in
      guard !line.allSatisfy(\.isWhitespace) else { return nil }
      do { return try JSONDecoder().decode(Line.self, from: Data(line.utf8)).entry } catch {
        throw EnvironmentError(
          "a text, or an object with texts, is needed: \(error.jsonComplaint)", file: url.path, line: index + 1)
      }
    }
  }

  private struct Line: Decodable {
    let entry: SlotEntry

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        entry = .text(text)
      } else {
        entry = .fields(try container.decode([String: String].self))
      }
    }
  }
}
