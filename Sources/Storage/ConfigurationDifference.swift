import Episodes
import Foundation

/// Compares two configurations setting by setting.
enum ConfigurationDifference {
  /// Returns one line for each setting that differs: `evaluation.episodes: 2000 in the store, 100 now`.
  ///
  /// - Parameter changeable: the first keys of settings that are left out.
  static func lines(stored: String, now: String, except changeable: Set<String> = []) -> [String] {
    let (old, new) = (settings(stored), settings(now))
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      if changeable.contains(String(name.prefix { $0 != "." })) { return nil }
      let (before, after) = (old[name], new[name])
      return before == after ? nil : "\(name): \(before ?? "not there") in the store, \(after ?? "not there") now"
    }
  }

  /// Returns one line for each setting, and for the name and the seed, where two runs differ.
  static func lines(stored: RunDescription, now: RunDescription, except changeable: Set<String>) -> [String] {
    var differences = lines(stored: stored.configuration, now: now.configuration, except: changeable)
    if stored.name != now.name { differences.append("name: \(stored.name) in the store, \(now.name) now") }
    if stored.rootSeed != now.rootSeed {
      differences.append("root seed: \(stored.rootSeed.value) in the store, \(now.rootSeed.value) now")
    }
    return differences
  }

  /// Returns every leaf of a JSON document under its dotted name.
  static func settings(_ text: String) -> [String: String] {
    guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) else {
      // Not JSON, which only a damaged store can hold: compared as a whole.
      return ["configuration": text]
    }
    var leaves: [String: String] = [:]
    collect(value, under: "", into: &leaves)
    return leaves
  }

  private static func collect(_ value: Any, under name: String, into leaves: inout [String: String]) {
    if let object = value as? [String: Any], !object.isEmpty {
      for (key, child) in object { collect(child, under: name.isEmpty ? key : "\(name).\(key)", into: &leaves) }
    } else if let list = value as? [Any], !list.isEmpty {
      for (index, child) in list.enumerated() { collect(child, under: "\(name)[\(index)]", into: &leaves) }
    } else {
      let data = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      leaves[name.isEmpty ? "configuration" : name] = data.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
  }
}
