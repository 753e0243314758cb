internal import Environments
package import Foundation
import Yams

/// Reads experiments from YAML.
///
/// A file states only the settings that differ from the defaults of `Experiment`. Unknown keys, wrong types and
/// contradictions are errors that name the key, before any work starts.
package enum ExperimentFile {
  /// Loads the experiment of a built-in recipe (`quickstart`) or of a YAML file.
  ///
  /// Relative paths of environments in a file are relative to the file's folder; those in `settings` are relative to the
  /// working directory.
  ///
  /// - Parameters:
  ///   - scale: one of the file's `scales`, which overrides the rest of the file. The run is named after both.
  ///   - settings: settings that override the file and the scale: `training.epochs=3`.
  /// - Throws: `ExperimentError`.
  package static func load(_ recipeOrPath: String, scale: String? = nil, settings: [String] = []) throws -> Experiment {
    let file = URL(fileURLWithPath: recipeOrPath)
    if FileManager.default.fileExists(atPath: file.path) {
      return try decode(
        try read(file), from: recipeOrPath, in: file.deletingLastPathComponent(), scale: scale, settings: settings)
    }
    guard let built = recipes[recipeOrPath] else {
      let known = recipes.keys.sorted().joined(separator: ", ")
      throw ExperimentError("There is no file and no recipe called '\(recipeOrPath)'. The recipes are: \(known).")
    }
    return try decode(try read(built), from: "recipe \(recipeOrPath)", scale: scale, settings: settings)
  }

  /// The built-in recipes by name.
  package static var recipes: [String: URL] {
    let folder = Bundle.module.bundleURL.appending(path: "Resources/Recipes")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let yaml = files.filter { $0.pathExtension == "yaml" }
    return Dictionary(uniqueKeysWithValues: yaml.map { ($0.deletingPathExtension().lastPathComponent, $0) })
  }

  /// Decodes YAML text over the defaults, and applies one of its `scales` and then settings over both.
  ///
  /// - Parameters:
  ///   - source: what the text is called in errors.
  ///   - folder: the folder of relative paths; `nil`: the working directory.
  package static func decode(
    _ text: String, from source: String, in folder: URL? = nil, scale: String? = nil, settings: [String] = []
  ) throws -> Experiment {
    let settings = try settings.map(ExperimentSetting.init)
    var mapping: Node.Mapping
    var experiment: Experiment
    do {
      mapping = try sized(try parse(text, in: folder), scale: scale)
      experiment = try self.experiment(mapping)
    } catch {
      throw ExperimentError("In \(source): \(error)")
    }
    for setting in settings {
      try setting.naming {
        mapping = try setting.applied(to: mapping)
        experiment = try self.experiment(mapping)
      }
    }
    return experiment
  }

  private static func parse(_ text: String, in folder: URL?) throws -> Node.Mapping {
    guard let given = try YAMLText.compose(text),
      let mapping = (folder.map { EnvironmentPaths.resolved(given, in: $0) } ?? given).mapping
    else { throw ExperimentError("The experiment is empty or not a mapping. See the recipes for examples.") }
    return mapping
  }

  /// Applies a scale of a file over the rest of the file.
  private static func sized(_ file: Node.Mapping, scale: String?) throws -> Node.Mapping {
    guard let scales = (file["scales"] ?? Node.mapping([:])).mapping else {
      throw ExperimentError("'scales' must map the names of sizes to what is different in each.")
    }
    var mapping = file
    mapping["scales"] = nil
    _ = try ConditionResolution().resolve(mapping)
    // Every scale is checked, also those that are not asked for.
    let sized = try scales.map { name, differences in
      let whole = Node.mapping(mapping).merged(with: differences).mapping ?? mapping
      _ = try ConditionResolution().resolve(whole)
      return (name.string, whole)
    }
    guard let scale else { return mapping }
    guard var found = sized.first(where: { $0.0 == scale })?.1 else {
      throw ExperimentError(
        "The scale '\(scale)' does not exist. "
          + (scales.isEmpty ? "The experiment defines no scales." : "Choose one of \(scales.keyList)."))
    }
    found["name"] = Node((found["name"]?.string ?? "unnamed") + "-" + scale)
    return found
  }

  /// Encodes the resolved experiment as YAML with every field.
  package static func encode(_ experiment: Experiment) throws -> String {
    try Yams.serialize(node: ConditionResolution.file(of: experiment))
  }

  private static func experiment(_ file: Node.Mapping) throws -> Experiment {
    let whole = try ConditionResolution().resolve(file)
    do {
      return try YAMLDecoder().decode(Experiment.self, from: try Yams.serialize(node: whole))
    } catch let error as DecodingError {
      throw ExperimentError(error.plainWords(in: whole))
    }
  }

  private static func read(_ file: URL) throws -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw ExperimentError("Cannot read \(file.path): \(error.localizedDescription)")
    }
  }
}

extension DecodingError {
  /// Describes the error: the key, its line, the value found and the expected type.
  ///
  /// - Parameter whole: the decoded node, with its conditions as a list.
  fileprivate func plainWords(in whole: Node) -> String {
    let (context, expected): (Context, String?) =
      switch self {
      case .typeMismatch(let type, let found), .valueNotFound(let type, let found): (found, Self.words(for: type))
      case .keyNotFound(_, let found), .dataCorrupted(let found): (found, nil)
      @unknown default: (Context(codingPath: [], debugDescription: String(describing: self)), nil)
      }
    var node: Node? = whole
    var keys: [String] = []
    for key in context.codingPath {
      node = key.intValue.map { node?.sequence?[$0] } ?? node?.mapping?[Node(key.stringValue)]
      // A condition goes by its name.
      keys.append(key.intValue.flatMap { _ in node?.mapping?["name"]?.string } ?? key.stringValue)
    }
    let place = "'\(keys.joined(separator: "."))'" + (node?.mark.map { " in line \($0.line)" } ?? "")
    guard let expected else { return "\(place) cannot be read: \(context.debugDescription)." }
    let found = node?.scalar.map { "'\($0.string)'" } ?? (node?.sequence == nil ? "a mapping" : "a list")
    return "\(place) is \(found), and must be \(expected)."
  }

  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is any FixedWidthInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is any Collection.Type: "a list"
    case is Node.Scalar.Type: "a single value"
    default: "a mapping"
    }
  }
}
