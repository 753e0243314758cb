/// A value of a TOML file.
enum TOMLValue: Sendable, Hashable {
  case text(String)
  case number(Double)
  case truth(Bool)
  /// A date or a time, as it is written.
  case date(String)
  case list([TOMLValue])
  case table([String: TOMLValue])

  /// What the value is, for complaints.
  var kind: String {
    switch self {
    case .text: "a string"
    case .number: "a number"
    case .truth: "true or false"
    case .date: "a date"
    case .list: "an array"
    case .table: "a table"
    }
  }
}

extension [String: TOMLValue] {
  /// Puts a value under a dotted path. Tables on the way are made; of an array of tables, the last one is meant.
  ///
  /// - Returns: whether the place was free and every name on the way is a table.
  mutating func put(_ value: TOMLValue, at path: ArraySlice<String>) -> Bool {
    guard let first = path.first else { return false }
    let rest = path.dropFirst()
    guard !rest.isEmpty else {
      guard self[first] == nil else { return false }
      self[first] = value
      return true
    }
    return changeTable(first) { $0.put(value, at: rest) }
  }

  /// Makes the table of a header, or another table at the end of an array of tables.
  mutating func open(_ path: ArraySlice<String>, asElement: Bool) -> Bool {
    guard let first = path.first else { return true }
    let rest = path.dropFirst()
    if rest.isEmpty, !asElement, case .list? = self[first] { return false }
    guard rest.isEmpty, asElement else { return changeTable(first) { $0.open(rest, asElement: asElement) } }
    guard case .list(let earlier) = self[first] ?? .list([]) else { return false }
    self[first] = .list(earlier + [.table([:])])
    return true
  }

  private mutating func changeTable(_ name: String, _ change: (inout [String: TOMLValue]) -> Bool) -> Bool {
    switch self[name] ?? .table([:]) {
    case .table(var table):
      guard change(&table) else { return false }
      self[name] = .table(table)
    case .list(var list):
      guard case .table(var table)? = list.popLast(), change(&table) else { return false }
      self[name] = .list(list + [.table(table)])
    default: return false
    }
    return true
  }
}
