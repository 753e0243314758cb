/// Stored settings as a tree, so that the form of an earlier version can be changed before it is decoded.
package enum SettingsTree: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Above the largest `Int64`: a seed.
  case unsigned(UInt64)
  case number(Double)
  case text(String)
  case list([SettingsTree])
  case keys([String: SettingsTree])

  /// The tree of a value.
  package init(_ value: some Encodable) throws {
    self = try StoredJSON.value(StoredJSON.text(value))
  }

  /// A setting by its key; `nil` where there is none. Setting `nil` removes the key.
  package subscript(key key: String) -> SettingsTree? {
    get {
      guard case .keys(let keys) = self else { return nil }
      return keys[key]
    }
    set {
      guard case .keys(var keys) = self else { return }
      keys[key] = newValue
      self = .keys(keys)
    }
  }

  /// The tree with every key of `defaults` that it lacks. Lists are left as they are.
  package func filled(from defaults: SettingsTree) -> SettingsTree {
    guard case .keys(let own) = self, case .keys(let others) = defaults else { return self }
    return .keys(others.merging(own) { $1.filled(from: $0) })
  }
}

extension SettingsTree: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([SettingsTree].self) {
      self = .list(value)
    } else {
      self = .keys(try container.decode([String: SettingsTree].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .keys(let value): try container.encode(value)
    }
  }
}
