import ArgumentParser
import Environments
import Foundation
import Sandboxing

/// The option that gives boxes Python packages.
struct PackageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Python packages for tasks in Harbor's form that install some (pip, uvx): a folder that \
      `pip install --target DIR pytest pytest-json-ctrf` filled. By default pytest, where the host has Debian's.
      """, valueName: "dir"))
  var packages: String?

  /// Reads the folder; `nil` without one.
  ///
  /// - Throws: `SandboxError.unavailable` when it holds no packages.
  func read() throws -> BoxPackages? { try packages.map { try BoxPackages(URL(filePath: $0)) } }

  /// Reads an environment, with these packages for its boxes.
  func open(_ reference: String) throws -> DescribedEnvironment {
    try DescribedEnvironment(reference, packages: read())
  }
}
