internal import Environments
internal import Yams

/// One setting of an experiment from the command line: `training.epochs=3`.
///
/// The key is a path of keys with dots, as in an experiment file. A condition is named by its name:
/// `conditions.hhh.training.epochs=3`. The value is YAML: `[political, nudged]`.
struct ExperimentSetting {
  private let text: String
  private let keys: [String]
  private let value: Node

  /// - Throws: `ExperimentError` when the text is not `KEY=VALUE`, or the value is not YAML.
  init(_ text: String) throws {
    self.text = text
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    keys = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !keys.contains("") else {
      throw ExperimentError("--set \(text): write KEY=VALUE, for example training.epochs=3.")
    }
    do {
      value = try YAMLText.compose(String(parts[1]))?.withoutMarks ?? Node("")
    } catch {
      throw ExperimentError("--set \(text): the value is not valid YAML. Quote a text with special characters.")
    }
  }

  /// Returns an experiment file's mapping with the setting in place of the file's own.
  ///
  /// - Throws: `ExperimentError` when the key names a condition that the file does not have.
  func applied(to file: Node.Mapping) throws -> Node.Mapping {
    var file = file
    if keys[0] == "conditions", keys.count > 1 {
      let conditions = file["conditions"] ?? ConditionResolution.usual
      guard conditions.mapping?[Node(keys[1])] != nil else {
        throw ExperimentError(
          "There is no condition '\(keys[1])'. There are: \(conditions.mapping?.keyList ?? "none").")
      }
      file["conditions"] = conditions
    }
    let setting = keys.reversed().reduce(value) { Node.mapping([Node($1): $0]) }
    return Node.mapping(file).merged(with: setting).mapping ?? file
  }

  /// Runs `work` and puts the setting before the message of an error.
  func naming<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let error as ExperimentError {
      throw ExperimentError("--set \(text): \(error.description)")
    }
  }
}

extension Node {
  /// The node without its places in a text, which are not those of a file.
  fileprivate var withoutMarks: Node {
    if let scalar { return .scalar(.init(scalar.string, scalar.tag, scalar.style)) }
    if let sequence { return .sequence(.init(sequence.map(\.withoutMarks), sequence.tag, sequence.style)) }
    guard let mapping else { return self }
    return .mapping(.init(mapping.map { ($0.withoutMarks, $1.withoutMarks) }, mapping.tag, mapping.style))
  }
}
