/// Numbers the samples of each environment, because the store knows them as variants: an ID that is a number from 0 up keeps
/// it, others get the next free number in the order of the data set.
struct SampleNumbers {
  private static let largest = 10_000_000

  private struct Environment {
    var numbers: [LoggedEpisode.ID: Int] = [:]
    var used: Set<Int> = []
    var next = 0
  }

  private var environments: [String: Environment] = [:]

  mutating func number(of id: LoggedEpisode.ID, in environment: String) -> Int {
    if let known = environments[environment]?.numbers[id] { return known }
    var own = environments[environment] ?? Environment()
    var number = own.next
    if case .number(let wanted) = id, 0...Self.largest ~= wanted, !own.used.contains(wanted) {
      number = wanted
    } else {
      while own.used.contains(number) { number += 1 }
      own.next = number + 1
    }
    own.used.insert(number)
    own.numbers[id] = number
    environments[environment] = own
    return number
  }

  /// The variants of an environment by the IDs that differ from them; `nil` where none does.
  func names(in environment: String) -> [String: Int]? {
    let numbers = environments[environment]?.numbers ?? [:]
    if numbers.allSatisfy({ $0.key == .number($0.value) }) { return nil }
    return Dictionary(numbers.map { ($0.key.text, $0.value) }, uniquingKeysWith: min)
  }
}
