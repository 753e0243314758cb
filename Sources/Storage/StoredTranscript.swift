import Episodes
import Foundation
import Runs

/// A transcript as columns. The prompt is separate, because all episodes of a variant share it. The texts are JSON. The
/// numbers of all segments are in one blob per kind.
struct StoredTranscript {
  /// A segment without its numbers, and how many numbers of each kind it takes from the blobs.
  private struct Part: Decodable {
    var source: Segment.Source
    var text: String
    var tokens: Int
    var logProbabilities: Int
    var lastRead: [Int32]?
  }

  var segments: String
  var tokens: Data
  var logProbabilities: Data
  /// The first segment if it is a prompt without log-probabilities, as in every episode that began.
  var prompt: Segment?

  init(_ transcript: Transcript) {
    var rest = transcript.segments[...]
    if let first = rest.first, first.source == .prompt, first.logProbabilities.isEmpty { prompt = rest.removeFirst() }
    segments = SegmentJSON.text(rest)
    tokens = Self.pack(rest.flatMap { $0.tokens.lazy.map { UInt32(bitPattern: $0) } })
    logProbabilities = Self.pack(rest.flatMap { $0.logProbabilities.lazy.map { $0.bitPattern } })
  }

  init(segments: String, tokens: Data, logProbabilities: Data, prompt: Segment?) {
    self.segments = segments
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.prompt = prompt
  }

  /// - Throws: `DecodingError` if the columns are inconsistent.
  func transcript() throws -> Transcript {
    let parts: [Part] = try StoredJSON.value(segments)
    let tokens = Self.unpack(tokens)
    let logs = Self.unpack(logProbabilities)
    guard
      parts.reduce(0, { $0 + $1.tokens }) == tokens.count,
      parts.reduce(0, { $0 + $1.logProbabilities }) == logs.count
    else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "tokens do not match the segments"))
    }
    var (atToken, atLog) = (0, 0)
    let rest = parts.map { part in
      defer { (atToken, atLog) = (atToken + part.tokens, atLog + part.logProbabilities) }
      return Segment(
        part.source, part.text, tokens: tokens[atToken..<(atToken + part.tokens)].map { Int32(bitPattern: $0) },
        logProbabilities: logs[atLog..<(atLog + part.logProbabilities)].map(Float.init(bitPattern:)),
        lastRead: part.lastRead)
    }
    return Transcript((prompt.map { [$0] } ?? []) + rest)
  }

  /// Returns the texts of stored segments, without tokens.
  ///
  /// - Parameter promptEnd: the end of the prompt, which says whether the answer begins inside a chain of thought.
  static func texts(of segments: String, after promptEnd: String?) throws -> Transcript {
    let parts: [Part] = try StoredJSON.value(segments)
    return Transcript((promptEnd.map { [Segment(.prompt, $0)] } ?? []) + parts.map { Segment($0.source, $0.text) })
  }

  static func pack(_ tokens: [Int32]) -> Data { pack(tokens.map { UInt32(bitPattern: $0) }) }

  static func tokens(_ data: Data) -> [Int32] { unpack(data).map { Int32(bitPattern: $0) } }

  private static func pack(_ words: [UInt32]) -> Data {
    words.map { $0.littleEndian }.withUnsafeBytes { Data($0) }
  }

  private static func unpack(_ data: Data) -> [UInt32] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
  }
}
