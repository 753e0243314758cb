import Foundation
import Reporting
import Storage
import Synchronization

/// The runs of a folder, each opened when it is first read.
final class RunLibrary: Sendable {
  let configuration: Dashboard.Configuration
  private let open = Mutex<[String: RunView]>([:])
  private let comparisons = Mutex<[ComparisonKey: Refreshing<RunsComparison>]>([:])

  init(_ configuration: Dashboard.Configuration) { self.configuration = configuration }

  /// The names of all runs, sorted.
  func names() throws -> [String] { try RunListing.folders(in: configuration.runs).map(\.lastPathComponent) }

  /// A run by its name, which is compared with what the folder holds and never used as a path.
  ///
  /// - Throws: `PageProblem` if there is no such run; `StoreError` if it cannot be read.
  func run(_ name: String) throws -> RunView {
    guard let folder = try RunListing.folders(in: configuration.runs).first(where: { $0.lastPathComponent == name })
    else {
      throw PageProblem(404, "There is no run “\(name)” in the runs folder.")
    }
    let file = FileStamp.number(of: RunStore.file(in: folder))
    if let known = open.withLock({ $0[name] }), known.file == file { return known }
    let view = try RunView(folder, file: file, configuration)
    open.withLock { $0[name] = view }
    return view
  }
}

extension RunLibrary {
  /// Which runs are compared: a run that was removed and started again is another one.
  private struct ComparisonKey: Hashable {
    var names: [String]
    var files: [UInt64]
  }

  /// Comparisons that are kept.
  private static let mostComparisons = 32

  /// Runs beside each other; `nil` while they are compared for the first time.
  func comparison(_ runs: [RunView]) throws -> RunsComparison? {
    let key = ComparisonKey(names: runs.map(\.name), files: runs.map(\.file))
    let value = comparisons.withLock { known in
      if let value = known[key] { return value }
      if known.count >= Self.mostComparisons { known.removeAll() }
      let value = Refreshing {
        do {
          return try RunsComparison(
            runs.map { try ComparedRun($0.name, $0.store) }, outlines: runs.map { $0.outline() })
        } catch let error as SideError {
          throw PageProblem(500, error.description)
        }
      }
      known[key] = value
      return value
    }
    return try value.value(runs.dropFirst().reduce(runs[0].stamp) { $0.joined($1.stamp) }, patience: 0.05)
  }
}

/// What tells whether files have changed.
struct FileStamp: Sendable, Equatable {
  private var parts: [Int64] = []

  init(_ files: URL...) {
    for file in files {
      var status = stat()
      guard stat(file.path, &status) == 0 else { continue }
      parts += [
        Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec), Int64(status.st_ino),
      ]
    }
  }

  /// The stamp of these files and of others.
  func joined(_ other: FileStamp) -> FileStamp {
    var both = self
    both.parts += other.parts
    return both
  }

  /// The number of a file, which another file of the same name does not have.
  static func number(of file: URL) -> UInt64 {
    var status = stat()
    return stat(file.path, &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
