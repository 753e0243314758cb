package import Environments

extension Experiment {
  /// Returns the experiment with every path of an environment replaced by the environment's name, and the environments
  /// that it can name: the built-in ones and those of the paths.
  ///
  /// Episodes are stored under that name. The copy's `environments` keeps the paths and the digests. A reference with a
  /// `/`, or to a `.jsonl` file of prompts, is a path.
  ///
  /// - Parameter open: reads the environment at a path.
  /// - Throws: `EnvironmentError` when a path is not that of an environment, or when two environments share a name.
  package func openingEnvironments(
    open: (String) throws -> DescribedEnvironment = { try DescribedEnvironment($0) }
  ) throws -> (experiment: Experiment, environments: [DescribedEnvironment]) {
    var names: [String: String] = [:]
    var described: [DescribedEnvironment] = []
    for path in environmentReferences.filter(EnvironmentPaths.isPath).unique {
      let environment = try open(path)
      names[path] = environment.descriptor.name
      if !described.contains(where: { $0.descriptor == environment.descriptor }) { described.append(environment) }
    }
    let all = try EnvironmentCatalogue.builtIn.map { try DescribedEnvironment($0) } + described
    try DescribedEnvironment.checkNames(all)
    var copy = self
    copy.environments = described.map(\.descriptor)
    copy.replaceEnvironments { names[$0] ?? $0 }
    copy.environments = copy.described(among: all.map(\.descriptor))
    return (copy, all)
  }

  /// Those of the environments that the experiment names, in the order of first mention. Unknown names are left to
  /// validation.
  private func described(among all: [EnvironmentDescriptor]) -> [EnvironmentDescriptor] {
    environmentReferences.unique.compactMap { name in all.first { $0.name == name } }
  }

  /// The environments that the experiment names: those that it describes already, and the shipped ones as they are today.
  func describedEnvironments() throws -> [EnvironmentDescriptor] {
    let shipped = try EnvironmentCatalogue.builtIn.map { try DescribedEnvironment($0).descriptor }
    return described(among: (environments ?? []) + shipped)
  }

  /// The experiment as a file states it, with the paths of its folders in place of their names.
  package var namingFolders: Experiment {
    let paths = Dictionary(
      uniqueKeysWithValues: (environments ?? []).compactMap { known in known.path.map { (known.name, $0) } })
    var copy = self
    copy.environments = nil
    copy.replaceEnvironments { paths[$0] ?? $0 }
    return copy
  }

  /// Returns the reference that opens an environment of the run: its name, or the path of its folder.
  ///
  /// - Parameter name: the name that the run gave the environment.
  /// - Throws: `ExperimentError` when the folder has changed since the run used it; `EnvironmentError`.
  package func reference(to name: String) throws -> String {
    guard let known = environments?.first(where: { $0.name == name }), let path = known.path else { return name }
    guard try DescribedEnvironment(path).descriptor.digest == known.digest else {
      throw ExperimentError(
        "The environment '\(name)' in \(path) has changed since the run '\(self.name)' used it. Restore its files, or give the "
          + "changed folder another name.")
    }
    return path
  }

  private var environmentReferences: [String] {
    var seen: [String] = []
    var copy = self
    copy.replaceEnvironments {
      seen.append($0)
      return $0
    }
    return seen
  }

  /// Replaces every name of an environment in the experiment.
  private mutating func replaceEnvironments(_ name: (String) -> String) {
    for index in conditions.indices {
      conditions[index].curriculum.environments = conditions[index].curriculum.environments.map(name)
      conditions[index].curriculum.leaveOut = conditions[index].curriculum.leaveOut.map(name)
      conditions[index].reward.ordinaryPrompts = name(conditions[index].reward.ordinaryPrompts)
    }
    evaluation.heldOut.names = evaluation.heldOut.names.map(name)
    evaluation.propensity.environments = evaluation.propensity.environments.map(name)
    probe.environment = name(probe.environment)
  }
}
