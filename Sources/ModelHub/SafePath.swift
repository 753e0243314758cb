internal import Foundation

/// Paths that come from elsewhere and must stay inside a folder.
enum SafePath {
  /// Whether the path is relative, plain and cannot leave the folder that it is appended to.
  static func isSafe(_ path: String) -> Bool {
    guard (1...512).contains(path.utf8.count), !path.contains("\\"),
      path.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
    else { return false }
    // No hidden names either: the cache keeps its own state under names that begin with a dot.
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.hasPrefix(".") && part.utf8.count <= 200
    }
  }
}
