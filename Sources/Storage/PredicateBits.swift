import Episodes
import GRDB

/// Which bit stands for which predicate in the columns `applies` and `holds`. Bits are given out as predicates turn up, so
/// they differ between stores; names are what is compared.
struct PredicateBits {
  private var bits: [String: Int] = [:]

  init(_ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT bit, name FROM predicate") { bits[row["name"]] = row["bit"] }
  }

  /// The columns of an outcome; predicates that are new get the next bit.
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

  /// The facts that two columns say.
  func facts(applies: Int64, holds: Int64) -> [Predicate: Bool] {
    let pairs = bits.compactMap { name, bit in
      applies & (1 << bit) == 0 ? nil : (Predicate(rawValue: name), holds & (1 << bit) != 0)
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The mask of some predicates; `nil` when one of them was never seen, so that nothing can match it.
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
