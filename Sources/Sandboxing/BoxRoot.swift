internal import Digests
import Foundation

/// The read-only system that a box sees, made once per machine from the machine's own shell, core utilities and Python.
///
/// The episode server is compiled into it with `cc`, which is present wherever Swift is. Building it as a product of the
/// package would make it depend on how the package is built (SwiftPM links C products with the Swift runtime, which the
/// minimal system does not have, and sanitizers would follow it into the box); compiled here it is the same everywhere.
enum BoxRoot {
  /// The path of the system, made first if necessary (about 5 s, 60 MB).
  ///
  /// - Throws: `SandboxError.unavailable` with the reason when it cannot be made, for example on a full disk.
  static func prepare() throws -> String {
    do {
      let sources = Bundle.module.bundleURL.appending(path: "Resources/Server")
      let target = folder.appending(path: "root-" + (try key(of: sources))).path
      if !FileManager.default.fileExists(atPath: target) {
        try FileManager.default.createDirectory(
          at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try make(target, from: sources)
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

  /// Where the unprivileged account that we become can read it: root's home is closed to it.
  static var folder: URL {
    if geteuid() == 0 { return URL(filePath: "/var/cache/subterfuge/sandbox") }
    let variables = ProcessInfo.processInfo.environment
    let caches =
      variables["XDG_CACHE_HOME"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    return caches.appending(path: "subterfuge/sandbox")
  }

  /// Changes with the server's sources and with the shell and Python that are copied.
  private static func key(of sources: URL) throws -> String {
    let hash = Digest()
    for name in try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted() {
      hash.update(Array(name.utf8))
      hash.update(try Data(contentsOf: sources.appending(path: name)))
    }
    for program in ["/usr/bin/bash", "/usr/bin/python3"] {
      var status = stat()
      guard stat(program, &status) == 0 else {
        throw SandboxError.unavailable(
          reason: "\(program) is not installed",
          remedy: "Install bash and python3 (Debian: apt-get install bash python3).")
      }
      hash.update(Array("\(program) \(status.st_size) \(status.st_mtim.tv_sec)".utf8))
    }
    return Digest.hexadecimal(hash.finish().prefix(8))
  }

  private static func make(_ target: String, from sources: URL) throws {
    let script = Process()
    script.executableURL = URL(filePath: "/usr/bin/bash")
    script.arguments = [sources.appending(path: "make-root.sh").path, sources.path, target]
    let errors = Pipe()
    script.standardError = errors
    script.standardOutput = FileHandle.nullDevice
    script.standardInput = FileHandle.nullDevice
    try script.run()
    let words = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    script.waitUntilExit()
    guard script.terminationStatus == 0 else {
      throw SandboxError.unavailable(
        reason: "its minimal system cannot be made: " + words.split(separator: "\n").suffix(3).joined(separator: "; "),
        remedy:
          "It needs bash, GNU core utilities, python3, cc and 100 MB in \((target as NSString).deletingLastPathComponent)."
      )
    }
  }
}
