import Foundation
import Sandboxing

/// What a verifier said of a tree of files.
package struct HarborVerdict: Sendable, Hashable {
  /// The reward; `nil` where none can be read.
  package var reward: Double?
  /// Why there is none.
  package var problem: String?
  /// The end of what the verifier printed.
  package var output = ""

  /// Reads the reward from the files that the verifier left: `reward.json`, otherwise `reward.txt`, as Harbor does.
  ///
  /// The files are values here. A link is not followed, a folder is no file, and nothing blocks.
  init(reading tree: FileTree) {
    let file = { (name: String) in tree["logs/verifier/" + name] }
    if let entry = file("reward.json") {
      read(json: entry, text: file("reward.txt"))
    } else if let entry = file("reward.txt") {
      read(text: entry)
    } else {
      problem = "the verifier wrote neither /logs/verifier/reward.json nor reward.txt"
    }
    if let log = file("test-stdout.txt")?.content {
      output = String(decoding: log.suffix(1_000), as: UTF8.self).trimmed
    }
  }

  init(problem: String) { self.problem = problem }

  private static let mostBytes = 64 << 10

  private static func content(_ entry: FileTree.Entry, _ name: String) throws(Unreadable) -> [UInt8] {
    guard let bytes = entry.content else { throw Unreadable("\(name) is a link or a folder") }
    guard bytes.count <= mostBytes else { throw Unreadable("\(name) has more than 64 KiB") }
    guard !bytes.isEmpty else { throw Unreadable("\(name) is empty") }
    return bytes
  }

  private struct Unreadable: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private mutating func read(text entry: FileTree.Entry) {
    do throws(Unreadable) {
      let text = String(decoding: try Self.content(entry, "reward.txt"), as: UTF8.self).trimmed
      guard let number = Self.number(text) else {
        throw Unreadable("reward.txt holds no number but `\(text.prefix(40))`")
      }
      set(number)
    } catch { problem = error.reason }
  }

  /// `nan` and everything that Python's `float` refuses is no number.
  private static func number(_ text: String) -> Double? {
    let plain = text.replacing("_", with: "")
    guard plain.wholeMatch(of: /[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity)/.ignoresCase()) != nil
    else { return nil }
    return Double(plain)
  }

  /// The field `reward`; without it, `reward.txt`, or the only number that there is.
  private mutating func read(json entry: FileTree.Entry, text: FileTree.Entry?) {
    do throws(Unreadable) {
      let data = Data(try Self.content(entry, "reward.json"))
      guard let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
        throw Unreadable("reward.json is not a JSON object")
      }
      let numbers = fields.compactMapValues { value -> Double? in
        guard let number = value as? NSNumber, !(value is Bool && "\(type(of: value))".contains("Bool")) else {
          return nil
        }
        return number.doubleValue
      }
      if let reward = numbers["reward"] { return set(reward) }
      if let text { return read(text: text) }
      guard numbers.count == 1, let only = numbers.first else {
        throw Unreadable("reward.json has no number called `reward`")
      }
      set(only.value)
    } catch { problem = error.reason }
  }

  /// An infinite reward becomes the largest number of its sign, so that it can be stored.
  private mutating func set(_ number: Double) {
    guard !number.isNaN else {
      problem = "the reward is not a number"
      return
    }
    reward = min(max(number, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }
}
