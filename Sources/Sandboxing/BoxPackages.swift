package import Foundation

/// Python packages that boxes get beside the standard library, from a folder that `pip install --target` filled, or pytest
/// as the host's Debian has it.
///
/// A box with packages also has small stand-ins for `pip`, `uv`, `uvx`, `apt-get` and `curl`, which install nothing: they
/// accept what the box has and refuse everything else. All of it is part of the box's read-only system.
package struct BoxPackages: Sendable, Hashable {
  package let folder: URL
  /// The packages' versions by their normal names: in lower case, with `-` for `_` and `.`.
  package let versions: [String: String]
  /// The packages that are taken, with what they require; empty for all.
  let roots: [String]
  /// Whether some of them are compiled, and need more memory than Python alone.
  package let isCompiled: Bool
  /// Changes with the packages' files and with the stand-ins.
  private let digest: String

  /// Reads what a folder holds.
  ///
  /// - Throws: `SandboxError.unavailable` when it is no folder, holds no packages, or lacks what one of them requires.
  package init(_ folder: URL) throws { try self.init(folder, roots: []) }

  private init(_ folder: URL, roots: [String]) throws {
    (self.folder, self.roots) = (folder.standardizedFileURL, roots)
    let listing = try JSONDecoder().decode(
      Listing.self, from: Data(Self.run(["list", folder.path] + roots, about: folder).utf8))
    guard !listing.versions.isEmpty else {
      throw SandboxError.unavailable(
        reason: "\(folder.path) holds no Python packages",
        remedy: "Fill it: pip install --target \(folder.path) pytest pytest-json-ctrf")
    }
    if let (name, by) = listing.missing.min(by: { $0.key < $1.key }) {
      throw SandboxError.unavailable(
        reason: "\(folder.path) lacks the package \(name), which \(by) requires",
        remedy: "Add it: pip install --target \(folder.path) \(name)")
    }
    (versions, isCompiled, digest) = (listing.versions, listing.isCompiled, listing.digest)
  }

  private struct Listing: Decodable {
    var versions, missing: [String: String]
    var isCompiled: Bool
    var digest: String
  }

  /// pytest and what it requires, where the host has Debian's package `python3-pytest`; otherwise `nil`.
  package static let ofHost: BoxPackages? = {
    let folder = URL(filePath: "/usr/lib/python3/dist-packages")
    guard FileManager.default.fileExists(atPath: folder.appending(path: "_pytest").path) else { return nil }
    // A package that cannot be listed counts as missing: tasks that call it are then refused, and the refusal names --packages.
    return try? BoxPackages(folder, roots: ["pytest"])
  }()

  /// The normal form of a package's name: one package is written in many ways.
  package static func normal(_ name: some StringProtocol) -> String {
    name.lowercased().replacing(/[-_.]+/, with: "-")
  }

  /// Whether a package is there, whatever its version.
  package func has(_ name: some StringProtocol) -> Bool { versions[Self.normal(name)] != nil }

  /// Debian packages whose programs a box with packages has.
  package static let debian: Set<String> = {
    guard let text = try? String(contentsOf: resources.appending(path: "debian.txt"), encoding: .utf8) else {
      preconditionFailure("the program's resources are incomplete: debian.txt is missing")
    }
    return Set(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
  }()

  static var resources: URL { Bundle.module.bundleURL.appending(path: "Resources/Packages") }

  /// The limits of a box with these packages. Compiled ones map more memory than they use.
  var limits: Sandbox.Limits {
    var limits = Sandbox.Limits(wallSeconds: 30)
    if isCompiled { limits.memoryBytes = 512 << 20 }
    return limits
  }

  /// A system with the packages, made from the usual one unless it is there already.
  func system(from base: String) throws -> String {
    let target = base + "-" + digest.prefix(16)
    if !FileManager.default.fileExists(atPath: target) {
      _ = try Self.run(["make", base, target, folder.path] + roots, about: folder)
    }
    return target
  }

  /// Runs the program that reads and copies packages.
  private static func run(_ words: [String], about folder: URL) throws -> String {
    let program = resources.appending(path: "packages.py").path
    let (status, output, errors) = try HostParts.run(try HostParts.python(), ["-I", "-S", "-B", program] + words)
    guard status == 0 else {
      throw SandboxError.unavailable(
        reason: "the packages in \(folder.path) cannot be used: "
          + errors.split(separator: "\n").suffix(2).joined(separator: "; "),
        remedy: "Name a folder that `pip install --target` filled, and make sure that the disk has room.")
    }
    return output
  }
}
