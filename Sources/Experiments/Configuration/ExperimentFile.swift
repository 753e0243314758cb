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
      let defaults = try Yams.compose(yaml: try YAMLEncoder().encode(Experiment(name: "unnamed")))
      var whole = try overlay(.mapping(mapping), on: defaults ?? Node([:]), path: "")
      // Every scale is checked, also those that are not asked for.
      let sized = try scales.map { ($0.key.string, try overlay($0.value, on: whole, path: "scales.")) }
      if let scale {
        guard let found = sized.first(where: { $0.0 == scale })?.1 else {
          throw ExperimentError(
            "There is no scale '\(scale)'. There are: \(scales.isEmpty ? "none" : keys(of: scales)).")
        }
        whole = found
      }
      var experiment = try YAMLDecoder().decode(Experiment.self, from: try Yams.serialize(node: whole))
      if let scale { experiment.name += "-" + scale }
      return experiment
    } catch let error as ExperimentError {
      throw ExperimentError("In \(source): \(error.description)")
    } catch let error as DecodingError {
      throw ExperimentError("In \(source): \(error.plainWords)")
    } catch {
      throw ExperimentError("In \(source): \(error)")
    }
  }

  /// The resolved experiment as YAML, every field written out.
  package static func encode(_ experiment: Experiment) throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.sortKeys = true
    return try encoder.encode(experiment)
  }

  private static func read(_ file: URL) throws -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw ExperimentError("Cannot read \(file.path): \(error.localizedDescription)")
    }
  }

  /// `given` laid over `defaults`; a key that the defaults lack is unknown.
  private static func overlay(_ given: Node, on defaults: Node, path: String) throws -> Node {
    guard let known = defaults.mapping else { return given }
    guard let mapping = given.mapping else {
      throw ExperimentError("'\(path)' must be a mapping with keys such as \(keys(of: known)).")
    }
    var result = known
    for (key, value) in mapping {
      let name = key.string ?? "?"
      guard let default_ = known[key] else {
        throw ExperimentError(
          "Unknown key '\(path)\(name)' in line \(key.mark?.line ?? 0). Known here: \(keys(of: known)).")
      }
      result[key] = try overlay(value, on: default_, path: path + name + ".")
    }
    return .mapping(result)
  }

  private static func keys(of mapping: Node.Mapping) -> String {
    mapping.compactMap(\.key.string).sorted().joined(separator: ", ")
  }
}

/// What is wrong with an experiment, in one sentence that says what, where, and what to do.
package struct ExperimentError: LocalizedError, CustomStringConvertible, Sendable {
  package let description: String
  package var errorDescription: String? { description }

  package init(_ description: String) { self.description = description }
}

extension DecodingError {
  /// The key and what was expected there.
  fileprivate var plainWords: String {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return String(describing: self)
    }
    let key = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "'\(key)' cannot be read: \(context.debugDescription)"
  }
}
