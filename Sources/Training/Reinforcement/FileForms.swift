// How settings with payloads stand in files: a word where there is no payload, a mapping of the payload where there is one.

extension KLPenalty.Control {
  private enum Key: String, CodingKey, CaseIterable { case target, horizon }

  /// `fixed`, or `{ target: ..., horizon: ... }`.
  package init(from decoder: any Decoder) throws {
    if try decoder.word(orKeys: Key.self, "fixed") != nil {
      self = .fixed
    } else {
      let payload = try decoder.container(keyedBy: Key.self)
      self = .adaptive(
        target: try payload.decode(Double.self, forKey: .target),
        horizon: try payload.decode(Double.self, forKey: .horizon))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .fixed: try encoder.write(word: "fixed")
    case .adaptive(let target, let horizon):
      var payload = encoder.container(keyedBy: Key.self)
      try payload.encode(target, forKey: .target)
      try payload.encode(horizon, forKey: .horizon)
    }
  }
}

extension GRPO.Normalization {
  private enum Key: String, CodingKey, CaseIterable { case length }

  /// `sequence`, `token`, or `{ length: ... }`.
  package init(from decoder: any Decoder) throws {
    switch try decoder.word(orKeys: Key.self, "sequence", "token") {
    case "sequence": self = .sequence
    case "token": self = .token
    default: self = .constant(length: try decoder.container(keyedBy: Key.self).decode(Int.self, forKey: .length))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .sequence: try encoder.write(word: "sequence")
    case .token: try encoder.write(word: "token")
    case .constant(let length):
      var payload = encoder.container(keyedBy: Key.self)
      try payload.encode(length, forKey: .length)
    }
  }
}

/// A setting that may be off: `none` in a file, so that the key is there either way.
@propertyWrapper package struct OrNone<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    wrappedValue = (try? value.decode(String.self)) == "none" ? nil : try value.decode(Value.self)
  }

  package func encode(to encoder: any Encoder) throws {
    if let wrappedValue {
      var value = encoder.singleValueContainer()
      try value.encode(wrappedValue)
    } else {
      try encoder.write(word: "none")
    }
  }
}

extension KeyedDecodingContainer {
  /// A key that is missing, as in a configuration from before it existed, is off.
  package func decode<Value>(_ type: OrNone<Value>.Type, forKey key: Key) throws -> OrNone<Value> {
    try decodeIfPresent(type, forKey: key) ?? OrNone(wrappedValue: nil)
  }
}

extension Decoder {
  /// The word that stands here, which must be one of these; `nil` when a mapping stands here, whose keys must be known.
  fileprivate func word<Key: CodingKey & CaseIterable>(orKeys: Key.Type, _ words: String...) throws -> String? {
    if let keys = try? container(keyedBy: AnyKey.self).allKeys {
      let known = Set(Key.allCases.map(\.stringValue))
      guard let other = keys.first(where: { !known.contains($0.stringValue) }) else { return nil }
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription: "unknown key '\(other.stringValue)'; known here: \(known.sorted().joined(separator: ", "))")
      )
    }
    let word = try singleValueContainer().decode(String.self)
    guard words.contains(word) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "'\(word)' is not one of \(words.joined(separator: ", "))"))
    }
    return word
  }
}

extension Encoder {
  fileprivate func write(word: String) throws {
    var value = singleValueContainer()
    try value.encode(word)
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}
