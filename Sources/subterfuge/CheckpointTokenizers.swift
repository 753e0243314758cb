import Experiments
import Foundation
import LanguageModels
import Synchronization
import Tokenization

/// The tokenizers of runs' checkpoints, each read once.
final class CheckpointTokenizers: Sendable {
  private let known = Mutex<[String: (any Tokenizer)?]>([:])

  /// Writes tokens of a checkpoint as text; `nil` where its file cannot be read.
  func spelling(_ file: URL) -> (@Sendable ([Int32]) -> [String])? {
    let path = file.path
    let tokenizer = known.withLock { known -> (any Tokenizer)? in
      if let tokenizer = known[path] { return tokenizer }
      let read = try? ModelCatalogue().checkpoint(named: path).tokenizer
      known[path] = .some(read)
      return read
    }
    guard let tokenizer else { return nil }
    return { tokens in Self.texts(of: tokens, tokenizer) }
  }

  /// The text of each token.
  private static func texts(of tokens: [Int32], _ tokenizer: any Tokenizer) -> [String] {
    tokens.indices.map { index in
      let previous = index > 0 ? tokens[index - 1] : nil
      return String(decoding: tokenizer.decode(bytes: [tokens[index]], after: previous), as: UTF8.self)
    }
  }
}
