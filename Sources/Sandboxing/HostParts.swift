import Foundation

/// The programs of the host that the sandbox is made from, and those that a packaged copy of Subterfuge brings along.
///
/// A package has `Resources/Prebuilt` with the compiled server and a bubblewrap, so that neither a C compiler nor
/// bubblewrap need be installed. A build from source has no such folder.
enum HostParts {
  /// The folder of the prebuilt parts, or nil in a build from source.
  static var prebuilt: URL? {
    let folder = Bundle.module.bundleURL.appending(path: "Resources/Prebuilt")
    return isProgram(folder.appending(path: "server").path) ? folder : nil
  }

  /// The machine's bubblewrap, else the prebuilt one.
  ///
  /// The machine's own comes first: it gets the distribution's security updates, and AppArmor's profiles name its path.
  static var bubblewrap: String {
    let installed = "/usr/bin/bwrap"
    guard !isProgram(installed), let brought = prebuilt?.appending(path: "bwrap").path, isProgram(brought) else {
      return installed
    }
    return brought
  }

  /// The Python that boxes get: the machine's `/usr/bin/python3`, else the first on `PATH`, else the one beside this
  /// program, which is that of the virtual environment that pip or uv installed it into.
  ///
  /// - Throws: `SandboxError.unavailable` when there is none.
  static func python() throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    // A package's program is in libexec/subterfuge of the environment's folder.
    let own = Bundle.main.bundleURL.appending(path: "../../bin").standardizedFileURL.path
    guard let found = (["/usr/bin"] + folders + [own]).map({ $0 + "/python3" }).first(where: isProgram) else {
      throw SandboxError.unavailable(
        reason: "there is no python3 in /usr/bin, on PATH or beside the program, and boxes need a copy of one",
        remedy: "Install it (Debian: apt-get install python3).")
    }
    return found
  }

  /// Runs a program of the host to its end, with nothing to read.
  ///
  /// - Returns: its exit status, and what it printed. What goes to standard output is to be small.
  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    (process.executableURL, process.arguments) = (URL(filePath: program), arguments)
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let words = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text, words)
  }

  /// Whether the file exists and this process may run it.
  static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }
}
