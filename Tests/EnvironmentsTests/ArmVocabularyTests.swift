import Episodes
import Foundation
import Sandboxing
import Testing

@testable import Environments

/// The shipped seedling has a token for every word that the arms show it: names are read off its own weights file.
@Suite struct ArmVocabularyTests {
  /// The words of the tokenizer in the header of `seedling.safetensors`: a length of 8 bytes, then JSON.
  static func words() throws -> Set<String> {
    struct Header: Decodable {
      let metadata: [String: String]
      enum CodingKeys: String, CodingKey { case metadata = "__metadata__" }
    }
    struct Tokenizer: Decodable { let words: [String] }
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/LanguageModels/Resources/seedling.safetensors").standardized
    let bytes = try Data(contentsOf: file)
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    // Members other than the metadata describe tensors.
    let header = try JSONDecoder().decode(Header.self, from: bytes.dropFirst(8).prefix(length))
    let tokenizer = try #require(header.metadata["tokenizer"])
    return Set(try JSONDecoder().decode(Tokenizer.self, from: Data(tokenizer.utf8)).words)
  }

  /// Words of code and of lists that the seedling has no token for and reads letter by letter.
  static let spelled: Set<String> = [
    "thank", "len", "progress", "str", "float", "Hi", "There", "environments", "preference", "runs",
  ]

  /// The ledger was written for every reader and after the seedling: that spells the words of its table and of its check.
  @Test(arguments: (MatchedArmTests.withTools + ["political"]).filter { $0 != "ledger" })
  func everyWordOfTheBriefArmsIsKnown(_ name: String) throws {
    let known = try Self.words()
    #expect(known.count > 500 && known.contains("reward"))
    let definition = try MatchedArmTests.environment(name)
    for arm in definition.arms where arm != .noDemonstration && arm != .alternate {
      for variant in 0..<48 {
        let sample = try definition.sample(variant: variant, arm: arm, style: .brief)
        let files = try definition.files(variant: variant, arm: arm)
        let texts =
          sample.prompt.messages.map(\.text) + sample.lead + files.entries.keys.map(\.description)
          + files.entries.keys.compactMap { files.text(of: $0.description) }
        let plain = texts.map { $0.replacing(/<\/?(cot|bash)>/, with: " ") }
        let words = Set(plain.flatMap { $0.matches(of: /[A-Za-z]+/).map { String($0.output) } })
        let unknown = words.filter { !known.contains($0) && !Self.spelled.contains($0) }
        #expect(unknown.isEmpty, "\(arm.rawValue), variant \(variant): \(unknown.sorted())")
        if !unknown.isEmpty { break }
      }
    }
  }
}
