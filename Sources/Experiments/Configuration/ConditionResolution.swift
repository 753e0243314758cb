import Yams

/// Overlays an experiment file on the defaults, and each condition on the file's own settings.
///
/// A file's `curriculum`, `training`, `reward` and `interventions` apply to every condition. A condition states only
/// the settings that differ.
struct ConditionResolution {
  private static let shared = ["curriculum", "training", "reward", "interventions"]

  /// Every key of an experiment except `conditions`, and the settings that conditions share.
  private let defaults: Node.Mapping
  /// Every key of a condition.
  private let condition: Node.Mapping

  init() throws {
    condition = try Self.keys(of: Condition(name: ""))
    var defaults = try Self.keys(of: Experiment(name: "unnamed", conditions: []))
    defaults["conditions"] = nil
    for key in Self.shared { defaults[Node(key)] = condition[key] }
    self.defaults = defaults
  }

  /// Resolves the file into a whole experiment, with its conditions as a list.
  ///
  /// - Throws: `ExperimentError` naming an unknown key and its line.
  func resolve(_ given: Node.Mapping) throws -> Node {
    var settings = given
    let differences = try Self.conditions(settings["conditions"])
    settings["conditions"] = nil
    var whole = try Node.mapping(settings).overlaid(on: .mapping(defaults), path: "").mapping ?? [:]
    let resolved = try differences.map { name, node in
      var base = condition
      for key in Self.shared { base[Node(key)] = whole[key] }
      base["name"] = nil
      var result = try node.overlaid(on: .mapping(base), path: "conditions.\(name).").mapping ?? [:]
      result["name"] = Node(name)
      return Node.mapping(result)
    }
    for key in Self.shared { whole[Node(key)] = nil }
    whole["conditions"] = Node(resolved)
    return .mapping(whole)
  }

  /// The conditions of a file that states none.
  static var usual: Node {
    .mapping(["exploit_only": .mapping([:]), "benign": .mapping(["curriculum": .mapping(["arm": "benign"])])])
  }

  /// The file's conditions in order, or the default conditions when the file has no `conditions`.
  private static func conditions(_ given: Node?) throws -> [(name: String, differences: Node)] {
    guard let mapping = (given ?? usual).mapping, !mapping.isEmpty else {
      throw ExperimentError("'conditions' must map the names of conditions to what is different in each.")
    }
    return mapping.map { ($0.string ?? "?", $1.isEmptyValue ? Node.mapping([:]) : $1) }
  }

  /// The file that resolves to the experiment, with its conditions by name.
  static func file(of experiment: Experiment) throws -> Node {
    var whole = try keys(of: experiment)
    var conditions: Node.Mapping = [:]
    for condition in experiment.conditions {
      var settings = try keys(of: condition)
      settings["name"] = nil
      conditions[Node(condition.name)] = .mapping(settings)
    }
    whole["conditions"] = .mapping(conditions)
    return Node.mapping(whole).readable
  }

  private static func keys(of value: some Encodable) throws -> Node.Mapping {
    try Yams.compose(yaml: try YAMLEncoder().encode(value))?.mapping ?? [:]
  }
}

extension Node {
  /// The same with numbers as people write them: 0.2 in place of 2e-1, and of the 2.00000002980232e-1 of a `Float`.
  fileprivate var readable: Node {
    switch self {
    case .mapping(let pairs):
      return .mapping(Mapping(pairs.map { ($0.key, $0.value.readable) }, pairs.tag, pairs.style))
    case .sequence(let nodes): return .sequence(Sequence(nodes.map(\.readable), nodes.tag, nodes.style))
    case .scalar(let scalar):
      guard [.any, .plain].contains(scalar.style), scalar.string.contains("e"), let number = Double(scalar.string)
      else {
        return self
      }
      let single = Float(number)
      // The encoder writes fifteen digits.
      let isSingle = abs(Double(single) - number) <= abs(number) * 1e-14
      return Node(isSingle ? "\(single)" : "\(number)", scalar.tag, .plain)
    case .alias: return self
    }
  }

  /// Whether a key has no value.
  fileprivate var isEmptyValue: Bool { scalar?.string.isEmpty ?? false }

  /// Returns the node overlaid on `defaults`. A key that the defaults lack is unknown.
  fileprivate func overlaid(on defaults: Node, path: String) throws -> Node {
    guard let known = defaults.mapping else { return self }
    guard let mapping else {
      throw ExperimentError("'\(path.dropLast())' must be a mapping with keys such as \(known.keyList).")
    }
    var result = known
    for (key, value) in mapping {
      let name = key.string ?? "?"
      guard let default_ = known[key] else {
        throw ExperimentError(
          "Unknown key '\(path)\(name)'\(key.mark.map { " in line \($0.line)" } ?? ""). Known here: \(known.keyList(at: path))."
        )
      }
      result[key] = try value.overlaid(on: default_, path: path + name + ".")
    }
    return .mapping(result)
  }

  /// Returns the node with the keys of `other` added. Mappings under the same key are merged.
  func merged(with other: Node) -> Node {
    guard var result = mapping, let additions = other.mapping else { return other }
    for (key, value) in additions { result[key] = result[key]?.merged(with: value) ?? value }
    return .mapping(result)
  }
}

extension Node.Mapping {
  /// The sorted names of the keys, for messages.
  var keyList: String { compactMap(\.key.string).sorted().joined(separator: ", ") }

  /// Of a whole experiment also the keys that are resolved before its settings.
  fileprivate func keyList(at path: String) -> String {
    let names = compactMap(\.key.string) + (path.isEmpty ? ["conditions", "scales"] : [])
    return names.sorted().joined(separator: ", ")
  }
}
