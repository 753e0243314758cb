package import Environments

extension Experiment {
  /// The experiment with every path of an environment's folder replaced by the name under which its episodes are stored;
  /// the folders are kept in `folders`.
  ///
  /// A reference with a `/` is a path, as on the command line.
  ///
  /// - Throws: `EnvironmentError` when a folder is no environment, or when two environments have one name.
  package func namingEnvironments() throws -> Experiment {
    var names: [String: String] = [:]
    var described: [DescribedEnvironment] = []
    for path in environmentReferences.filter({ $0.contains("/") }).unique {
      let environment = try DescribedEnvironment(path)
      names[path] = environment.descriptor.name
      if !described.contains(where: { $0.descriptor == environment.descriptor }) { described.append(environment) }
    }
    guard !described.isEmpty else { return self }
    _ = try DescribedEnvironment.all(EnvironmentCatalogue.builtIn + described.compactMap(\.descriptor.path))
    var copy = self
    copy.folders = described.map(\.descriptor)
    copy.replaceEnvironments { names[$0] ?? $0 }
    return copy
  }

  /// What `Workshop` opens: the built-in environments and the folders.
  package var environmentsToOpen: [String] { EnvironmentCatalogue.builtIn + (folders ?? []).compactMap(\.path) }

  private var environmentReferences: [String] {
    var seen: [String] = []
    var copy = self
    copy.replaceEnvironments {
      seen.append($0)
      return $0
    }
    return seen
  }

  /// Every place that names an environment.
  private mutating func replaceEnvironments(_ name: (String) -> String) {
    for index in conditions.indices {
      conditions[index].curriculum.environments = conditions[index].curriculum.environments.map(name)
      conditions[index].curriculum.leaveOut = conditions[index].curriculum.leaveOut.map(name)
      if !conditions[index].reward.readsFile {
        conditions[index].reward.ordinaryPrompts = name(conditions[index].reward.ordinaryPrompts)
      }
    }
    evaluation.heldOut = name(evaluation.heldOut)
    evaluation.propensity.environments = evaluation.propensity.environments.map(name)
    probe.environment = name(probe.environment)
  }
}
