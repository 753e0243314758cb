import Foundation

/// A fault of the host or of the caller. Nothing that a command does in its box is one.
package enum SandboxError: Error, Sendable, Hashable, LocalizedError {
  /// The walls cannot be put up on this machine.
  case unavailable(reason: String, remedy: String)
  /// The worker died while it ran something, which no command can cause: the host ended it, or no box could be made. The
  /// command may have run and is not run again.
  case workerDied(String)
  /// The sandbox was closed.
  case closed
  /// Files, a path or a command that cannot be put into a box.
  case invalidTree(String)
  case invalidPath(String)
  case invalidCommand(String)

  package var errorDescription: String? {
    switch self {
    case .unavailable(let reason, let remedy): "The sandbox cannot start: \(reason). \(remedy)"
    case .workerDied(let what): "A sandbox worker died during a command, which is not run again: \(what)."
    case .closed: "The sandbox has been closed; start another one to run commands."
    case .invalidTree(let what): "The files cannot be put into a sandbox: \(what)."
    case .invalidPath(let path):
      "“\(path)” is not a plain relative path (no leading slash, no empty, “.” or “..” part)."
    case .invalidCommand(let what): "The command cannot be run: \(what)."
    }
  }

  static func bubblewrapMissing(_ path: String) -> SandboxError {
    .unavailable(reason: "\(path) is not installed", remedy: "Install it, on Debian: apt-get install bubblewrap.")
  }

  /// For a bubblewrap that starts and gives up.
  static func wallsRefused(_ words: String) -> SandboxError {
    .unavailable(
      reason: words.isEmpty ? "bubblewrap ended without a word" : "bubblewrap says “\(words)”",
      remedy: """
        Unprivileged user namespaces must be allowed: sysctl -w user.max_user_namespaces=10000, and where they exist \
        kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0. A container must be \
        started with them too (Docker: --security-opt seccomp=unconfined --security-opt systempaths=unconfined).
        """)
  }
}
