import Episodes
import Foundation

/// The slots of an environment and the lists that they are filled from.
///
/// Variant 0 takes the first entries. Every other variant is drawn by name, so that it is the same in every process; a
/// drawing that an earlier variant already had is drawn again, so that all variants differ. Slots that share a list get
/// different entries of it.
package struct SlotLists: Sendable, Hashable {
  /// A slot and the name of the slot whose list it draws from: its own name, or another's.
  struct Slot: Sendable, Hashable {
    var name: String
    var list: String
  }

  private(set) var slots: [Slot] = []
  private(set) var lists: [String: [SlotEntry]] = [:]
  /// Whether every slot could be read.
  private(set) var isWhole = true

  init() {}

  /// Reads the slots; each that cannot be read is a problem.
  ///
  /// - Parameter places: the folders that files of entries are looked for in, in this order.
  init(_ value: YAMLValue?, places: [URL] = [], _ problems: ProblemList) {
    let pairs = value.flatMap { value in problems.attempt { try value.pairs() } } ?? []
    for (name, value) in pairs {
      let added: Void? = problems.attempt {
        try add(name, value, places: places, problems) { list in
          pairs.contains { $0.key == list && !$0.value.isText }
        }
      }
      if added == nil { isWhole = false }
    }
    for (name, value) in pairs where sharers(of: name) > (lists[name]?.count ?? .max) {
      problems.add(value.error("\(sharers(of: name)) slots draw from this list, which has too few entries"))
    }
  }

  private mutating func add(
    _ name: String, _ value: YAMLValue, places: [URL], _ problems: ProblemList, isList: (String) -> Bool
  ) throws {
    guard value.isText else {
      slots.append(Slot(name: name, list: name))
      lists[name] = try Self.entries(value, places: places, problems)
      return
    }
    let list = try value.text()
    guard isList(list) else {
      throw value.error("unknown slot `\(list)`; a slot is a list, or the name of a slot that has one")
    }
    slots.append(Slot(name: name, list: list))
  }

  /// Reads a slot's entries. A duplicate is a problem and is left out.
  ///
  /// - Throws: `EnvironmentError` when the list is empty.
  private static func entries(
    _ value: YAMLValue, places: [URL], _ problems: ProblemList
  ) throws -> [SlotEntry] {
    let entries = try value.isMapping ? SlotFile.entries(of: value, places: places) : items(value)
    guard !entries.isEmpty else { throw value.error("the list is empty") }
    var seen: Set<SlotEntry> = []
    let unique = entries.filter { seen.insert($0).inserted }
    if unique.count < entries.count { problems.add(value.error("the list contains a duplicate")) }
    return unique
  }

  private static func items(_ value: YAMLValue) throws -> [SlotEntry] {
    try value.items().map { item -> SlotEntry in
      guard item.isMapping else { return .text(try item.text()) }
      return .fields(Dictionary(try item.pairs().map { ($0.key, try $0.value.text()) }, uniquingKeysWith: { $1 }))
    }
  }

  private func sharers(of list: String) -> Int { slots.count { $0.list == list } }

  /// Every slot's possible entries, by slot.
  var entries: [String: [SlotEntry]] {
    Dictionary(uniqueKeysWithValues: slots.map { ($0.name, lists[$0.list] ?? []) })
  }

  /// How many different drawings there are, at most `Int.max`.
  var capacity: Int {
    lists.reduce(1) { total, list in
      (0..<sharers(of: list.key)).reduce(total) {
        let (product, overflow) = $0.multipliedReportingOverflow(by: list.value.count - $1)
        return overflow ? .max : product
      }
    }
  }

  /// These lists with those of `other` put in their place or added.
  func overlaid(with other: SlotLists) -> SlotLists {
    var result = self
    for slot in other.slots {
      result.slots.removeAll { $0.name == slot.name }
      result.slots.append(slot)
    }
    result.lists.merge(other.lists) { $1 }
    return result
  }

  /// These lists with one of them replaced.
  func replacing(_ list: String, with entries: [SlotEntry]) -> SlotLists {
    var result = self
    result.lists[list] = entries
    return result
  }

  /// The entries of `count` variants, all different. `count` is at most `capacity`.
  func variants(_ count: Int, seed: Seed) -> [[String: SlotEntry]] {
    var seen: Set<[String: SlotEntry]> = []
    return (0..<count).map { variant in
      var attempt = 0
      while true {
        let choices = variant == 0 ? first : draw(seed[variant][attempt])
        if seen.insert(choices).inserted { return choices }
        attempt += 1
      }
    }
  }

  /// The entries of `count` variants of an arm: all different where the lists are long enough for that.
  func armVariants(_ count: Int, seed: Seed) -> [[String: SlotEntry]] {
    var seen: Set<[String: SlotEntry]> = []
    return (0..<count).map { variant in
      var choices = variant == 0 ? first : draw(seed[variant])
      var attempt = 0
      while !seen.insert(choices).inserted, count <= capacity {
        choices = draw(seed[variant][attempt])
        attempt += 1
      }
      return choices
    }
  }

  private var first: [String: SlotEntry] { pick { _, _ in 0 } }

  private func draw(_ seed: Seed) -> [String: SlotEntry] {
    pick { slot, count in
      var generator = SeededGenerator(seed[slot.name])
      return Int.random(in: 0..<count, using: &generator)
    }
  }

  /// Fills every slot with what `index` picks of the entries that are left in its list.
  private func pick(_ index: (Slot, Int) -> Int) -> [String: SlotEntry] {
    var left = lists
    var choices: [String: SlotEntry] = [:]
    for slot in slots {
      guard let count = left[slot.list]?.count else { continue }
      choices[slot.name] = left[slot.list]?.remove(at: index(slot, count))
    }
    return choices
  }
}
