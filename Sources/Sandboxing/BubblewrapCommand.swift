import Foundation

/// The outer wall: how a server is started inside bubblewrap.
///
/// All namespaces are new, every capability is gone, the root is the read-only minimal system, the environment is empty
/// (also bubblewrap's own, which `/proc/1/environ` would show) and there is no terminal to type into. When we are root,
/// the numbers are given up first: nothing in the sandbox is root outside. One code path serves both cases.
struct BubblewrapCommand {
  let bubblewrap: String
  let root: String
  let kind: WireFormat.Request.Kind

  /// An account that owns nothing. Only used when we are root.
  private static let unusedAccount = 64_001

  /// What commands and programs see. `TIME_STYLE` lets `ls -l` print one date, also for what a command itself has just
  /// written; without byte code beside it, importing a file changes no tree; sets iterate in one order; what Python prints is
  /// printed at once, so that a program that ends itself without cleaning up loses nothing.
  private static let environment = [
    "PATH": "/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
    "PYTHONUNBUFFERED": "1", "TIME_STYLE": "+Jun 14 12:00",
  ]

  var arguments: [String] { giveUpRoot + [bubblewrap] + walls + devices + variables + server }

  private var giveUpRoot: [String] {
    guard geteuid() == 0 else { return [] }
    let account = Self.unusedAccount
    return ["/usr/bin/setpriv", "--reuid=\(account)", "--regid=\(account)", "--clear-groups", "--inh-caps=-all", "--"]
  }

  private var walls: [String] {
    [
      "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
      "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--new-session", "--die-with-parent", "--as-pid-1",
      "--ro-bind", root, "/", "--proc", "/proc", "--chdir", "/",
    ]
  }

  private var devices: [String] {
    ["null", "zero", "full", "random", "urandom"].flatMap { ["--dev-bind", "/dev/\($0)", "/dev/\($0)"] }
  }

  private var variables: [String] {
    Self.environment.sorted { $0.key < $1.key }.flatMap { ["--setenv", $0.key, $0.value] }
  }

  private var server: [String] {
    switch kind {
    case .command: ["/server/server"]
    case .python: ["/server/server", "/usr/bin/python3", "-s", "-S", "-B", "/server/host.py"]
    }
  }
}
