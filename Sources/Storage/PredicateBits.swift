import Episodes
import GRDB

/// Maps each predicate to its bit in the columns `applies` and `holds`.
///
/// Each new predicate receives the next bit, so bits differ between stores. Comparisons use names.
struct PredicateBits {
  private var bits: [String: Int] = [:]

  init(_ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT bit, name FROM predicate") { bits[row["name"]] = row["bit"] }
  }

  /// Returns the columns of an outcome; new predicates receive the next bit.
  mutating func columns(of facts: [String: Bool], _ db: Database) throws -> (applies: Int64, holds: Int64) {
    for name in facts.keys.filter({ bits[$0] == nil }).sorted() { try assignBit(to: name, db) }
    var (applies, holds): (Int64, Int64) = (0, 0)
    for (name, holdsHere) in facts {
      guard let bit = bits[name] else { continue }
      let mask: Int64 = 1 << bit
      applies |= mask
      if holdsHere { holds |= mask }
    }
    return (applies, holds)
  }

  /// Returns the facts that the two columns encode.
  func facts(applies: Int64, holds: Int64) -> [Predicate: Bool] {
    let pairs = bits.compactMap { name, bit in
      applies & (1 << bit) == 0 ? nil : (Predicate(rawValue: name), holds & (1 << bit) != 0)
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Returns the mask of the predicates, or `nil` if the store has never seen one of them and nothing can match.
  func mask(_ predicates: [Predicate]) -> Int64? {
    predicates.reduce(0) { mask, predicate in
      guard let mask, let bit = bits[predicate.rawValue] else { return nil }
      return mask | (1 << bit)
    }
  }

  private mutating func assignBit(to name: String, _ db: Database) throws {
    let bit = bits.count
    guard bit < Schema.predicateLimit else { throw StoreError.tooManyPredicates(limit: Schema.predicateLimit) }
    try db.execute(sql: "INSERT INTO predicate (bit, name) VALUES (?, ?)", arguments: [bit, name])
    bits[name] = bit
  }
}
