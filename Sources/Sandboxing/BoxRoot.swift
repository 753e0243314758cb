internal import Digests
import Foundation

/// The read-only system that a box sees, made once per machine from the machine's own shell, core utilities and Python.
///
/// The episode server comes prebuilt in an installed package. Otherwise it is compiled into the system with `cc`, which is
/// present wherever Swift is. Building it as a product of the Swift package would make it depend on how that is built
/// (SwiftPM links C products with the Swift runtime, which the minimal system does not have, and sanitizers would follow
/// it into the box).
enum BoxRoot {
  /// The path of the system, made first if necessary (about 5 s, 60 MB).
  ///
  /// - Throws: `SandboxError.unavailable` with the reason when it cannot be made, for example on a full disk.
  static func prepare() throws -> String {
    do {
      let sources = Bundle.module.bundleURL.appending(path: "Resources/Server")
      let python = try HostParts.python()
      let parts = [sources, HostParts.prebuilt].compactMap { $0 }
      let target = folder.appending(path: "root-" + (try key(of: parts, python))).path
      if !FileManager.default.fileExists(atPath: target) {
        try createFolder()
        try make(target, from: sources, python)
      }
      return target
    } catch let error as SandboxError {
      throw error
    } catch {
      throw SandboxError.unavailable(
        reason: "its minimal system cannot be made in \(folder.path): \(error.localizedDescription)",
        remedy: "Make sure that the folder can be written and has 100 MB free.")
    }
  }

  /// A copy of a prebuilt bubblewrap that the unprivileged account can run; any other bubblewrap is returned as it is.
  ///
  /// - Throws: `SandboxError.unavailable` when it cannot be copied.
  static func reachable(_ bubblewrap: String) throws -> String {
    guard geteuid() == 0, let prebuilt = HostParts.prebuilt, bubblewrap.hasPrefix(prebuilt.path + "/") else {
      return bubblewrap
    }
    do {
      let program = try Data(contentsOf: URL(filePath: bubblewrap))
      let copy = folder.appending(path: "bwrap-" + Digest.hexadecimal(Digest.sha256(program).prefix(8))).path
      if !FileManager.default.fileExists(atPath: copy) {
        try createFolder()
        let unfinished = "\(copy).\(getpid())"
        guard
          FileManager.default.createFile(atPath: unfinished, contents: program, attributes: [.posixPermissions: 0o755]),
          rename(unfinished, copy) == 0
        else { throw CocoaError(.fileWriteUnknown) }
      }
      return copy
    } catch {
      throw SandboxError.unavailable(
        reason: "bubblewrap cannot be copied to \(folder.path): \(error.localizedDescription)",
        remedy: "Make sure that the folder can be written, or install bubblewrap (Debian: apt-get install bubblewrap).")
    }
  }

  private static func createFolder() throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  /// Where the unprivileged account that we become can read it: root's home is closed to it.
  static var folder: URL {
    if geteuid() == 0 { return URL(filePath: "/var/cache/subterfuge/sandbox") }
    let variables = ProcessInfo.processInfo.environment
    let caches =
      variables["XDG_CACHE_HOME"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    return caches.appending(path: "subterfuge/sandbox")
  }

  /// Changes with the server, its sources, and the shell and Python that are copied.
  static func key(of folders: [URL], _ python: String) throws -> String {
    let hash = Digest()
    for folder in folders {
      // pip compiles Python files that it installs, into a folder beside them.
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name != "__pycache__"
      {
        hash.update(Array(name.utf8))
        hash.update(try Data(contentsOf: folder.appending(path: name)))
      }
    }
    for program in ["/usr/bin/bash", python] {
      var status = stat()
      guard stat(program, &status) == 0 else {
        throw SandboxError.unavailable(
          reason: "\(program) is not installed", remedy: "Install it (Debian: apt-get install bash python3).")
      }
      hash.update(Array("\(program) \(status.st_size) \(status.st_mtim.tv_sec)".utf8))
    }
    return Digest.hexadecimal(hash.finish().prefix(8))
  }

  private static func make(_ target: String, from sources: URL, _ python: String) throws {
    let (status, _, words) = try HostParts.run(
      "/usr/bin/bash",
      [sources.appending(path: "make-root.sh").path, sources.path, target, python]
        + (HostParts.prebuilt.map { [$0.path] } ?? []))
    guard status == 0 else {
      let compiler = HostParts.prebuilt == nil ? "a C compiler (cc), " : ""
      throw SandboxError.unavailable(
        reason: "its minimal system cannot be made: " + words.split(separator: "\n").suffix(3).joined(separator: "; "),
        remedy:
          "It needs bash, GNU core utilities, findutils, diffutils, grep, sed, awk, tar, gzip, python3, \(compiler)"
          + "and 100 MB in \((target as NSString).deletingLastPathComponent).")
    }
  }
}
