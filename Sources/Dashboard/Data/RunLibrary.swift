import Foundation
import Reporting
import Storage
import Synchronization

/// The runs of a folder, each opened when it is first read.
final class RunLibrary: Sendable {
  let configuration: Dashboard.Configuration
  private let open = Mutex<[String: RunView]>([:])

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

  /// The number of a file, which another file of the same name does not have.
  static func number(of file: URL) -> UInt64 {
    var status = stat()
    return stat(file.path, &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
