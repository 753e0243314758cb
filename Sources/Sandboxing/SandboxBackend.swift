/// What runs commands and Python programs on file trees. `SandboxContract` says what every backend must hold.
package protocol SandboxBackend: Sendable {
  /// Runs `bash -c command` on the files of `tree` in `directory` (absolute in the box), at most once.
  ///
  /// A directory that does not exist is replaced by the nearest one above it.
  ///
  /// - Throws: `SandboxError.invalidTree` when the files cannot be put into a box, and other cases when the host or the
  ///   caller is at fault. Whatever the command does is no error: a box that it ended is `CommandResult.boxLost`, and files
  ///   that cannot be read back are `Transition.treeUnreadable`.
  func run(_ command: String, in tree: FileTree, directory: BoxPath) async throws -> Transition

  /// Runs a Python program as `python3 -c program arguments...` would, on a snapshot that is thrown away afterwards.
  ///
  /// `directory` stands first in `sys.path`, so a program can import the files beside it. What it prints is data: the
  /// files it imports may say anything.
  func runPython(
    _ program: String, in tree: FileTree, directory: BoxPath, arguments: [String]
  ) async throws -> CommandResult
}
