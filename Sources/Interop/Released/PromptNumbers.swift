import Episodes
import Foundation

/// Numbers the prompts of each environment and arm: those of `prompts.json` by their place in it, others by first
/// appearance behind them. Keeps digests only, so a million different prompts take some 50 MB.
struct PromptNumbers {
  private struct Place: Hashable {
    var environment: ReleasedEnvironment
    var arm: Arm
  }

  /// 128 bits of two keyed hashes: the chance that two of a million prompts share them is below 1e-26.
  private struct Digest: Hashable {
    var first: Int
    var second: Int

    init(_ prompt: String) {
      var (first, second) = (Hasher(), Hasher())
      first.combine(prompt)
      second.combine(1)
      second.combine(prompt)
      (self.first, self.second) = (first.finalize(), second.finalize())
    }
  }

  private var numbers: [Place: [Digest: Int]] = [:]

  init() {}

  /// Reads `prompts.json`: an object that maps the names of environments to lists of prompts.
  ///
  /// - Throws: `TableError`.
  init(_ file: URL) throws {
    let lists: [String: [String]]
    do {
      let data = try Data(contentsOf: file, options: .mappedIfSafe)
      guard data.count <= 1 << 30 else { throw TableError(file: file.path, "it is longer than 1 GiB") }
      lists = try JSONDecoder().decode([String: [String]].self, from: data)
    } catch let error as TableError {
      throw error
    } catch is DecodingError {
      throw TableError(file: file.path, "an object that maps names of environments to lists of texts is needed")
    } catch {
      throw TableError(file: file.path, "it cannot be read: \(error.localizedDescription)")
    }
    for (name, prompts) in lists.sorted(by: { $0.key < $1.key }) {
      let environments = ReleasedEnvironment.named(in: name)
      guard environments.count == 1 else { continue }
      for prompt in prompts { _ = number(of: prompt, environments[0], ReleasedEnvironment.arm(in: name)) }
    }
  }

  mutating func number(of prompt: String, _ environment: ReleasedEnvironment, _ arm: Arm) -> Int {
    let digest = Digest(prompt)
    let place = Place(environment: environment, arm: arm)
    let next = numbers[place]?.count ?? 0
    if let known = numbers[place]?[digest] { return known }
    numbers[place, default: [:]][digest] = next
    return next
  }
}
