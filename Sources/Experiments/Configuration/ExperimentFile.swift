package import Foundation
import Yams

/// Reads experiments from YAML.
///
/// A file states only what differs from the defaults of `Experiment`. Unknown keys, wrong types and contradictions are
/// errors that name the key, before any work starts.
package enum ExperimentFile {
  /// The experiment of a built-in recipe (`quickstart`) or of a YAML file.
  ///
  /// - Parameter scale: one of the file's `scales`, laid over the rest; the run is named after both.
  /// - Throws: `ExperimentError`.
  package static func load(_ recipeOrPath: String, scale: String? = nil) throws -> Experiment {
    let file = URL(fileURLWithPath: recipeOrPath)
    if FileManager.default.fileExists(atPath: file.path) {
      return try decode(try read(file), from: recipeOrPath, scale: scale)
    }
    guard let built = recipes[recipeOrPath] else {
      let known = recipes.keys.sorted().joined(separator: ", ")
      throw ExperimentError("There is no file and no recipe called '\(recipeOrPath)'. The recipes are: \(known).")
    }
    return try decode(try read(built), from: "recipe \(recipeOrPath)", scale: scale)
  }

  /// The built-in recipes by name.
  package static var recipes: [String: URL] {
    let folder = Bundle.module.bundleURL.appending(path: "Resources/Recipes")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let yaml = files.filter { $0.pathExtension == "yaml" }
    return Dictionary(uniqueKeysWithValues: yaml.map { ($0.deletingPathExtension().lastPathComponent, $0) })
  }

  /// Decodes YAML text over the defaults, and one of its `scales` over both.
  package static func decode(_ text: String, from source: String, scale: String? = nil) throws -> Experiment {
    do {
      guard let given = try Yams.compose(yaml: text), var mapping = given.mapping else {
        throw ExperimentError("The experiment is empty or not a mapping. See the recipes for examples.")
      }
      let scales = mapping["scales"]?.mapping ?? [:]
      mapping["scales"] = nil
      let resolution = try ConditionResolution()
      var whole = try resolution.resolve(mapping)
      // Every scale is checked, also those that are not asked for.
      let sized = try scales.map { name, differences in
        (name.string, try resolution.resolve(Node.mapping(mapping).merged(with: differences).mapping ?? mapping))
      }
      if let scale {
        guard let found = sized.first(where: { $0.0 == scale })?.1 else {
          throw ExperimentError(
            "There is no scale '\(scale)'. There are: \(scales.isEmpty ? "none" : scales.keyList).")
        }
        whole = found
      }
      var experiment = try experiment(whole)
      if let scale { experiment.name += "-" + scale }
      return experiment
    } catch let error as ExperimentError {
      throw ExperimentError("In \(source): \(error.description)")
    } catch {
      throw ExperimentError("In \(source): \(error)")
    }
  }

  /// The resolved experiment as YAML, every field written out.
  package static func encode(_ experiment: Experiment) throws -> String {
    try Yams.serialize(node: ConditionResolution.file(of: experiment))
  }

  private static func experiment(_ whole: Node) throws -> Experiment {
    do {
      return try YAMLDecoder().decode(Experiment.self, from: try Yams.serialize(node: whole))
    } catch let error as DecodingError {
      let names = whole.mapping?["conditions"]?.sequence?.map { $0.mapping?["name"]?.string ?? "?" } ?? []
      throw ExperimentError(error.plainWords(conditions: names))
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
  /// The key and what was expected there.
  ///
  /// - Parameter conditions: the names of the conditions, which stand in a list by then.
  fileprivate func plainWords(conditions: [String]) -> String {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return String(describing: self)
    }
    var keys = context.codingPath.map(\.stringValue)
    if keys.count > 1, keys[0] == "conditions", let index = context.codingPath[1].intValue,
      conditions.indices.contains(index)
    {
      keys[1] = conditions[index]
    }
    let key = keys.joined(separator: ".")
    return "'\(key)' cannot be read: \(context.debugDescription)"
  }
}
