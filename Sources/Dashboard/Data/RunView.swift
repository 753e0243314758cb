import Episodes
import Foundation
import Interop
import Reporting
import Runs
import Storage
import Synchronization

/// One run as the pages read it: its store, and what is kept of it between requests.
final class RunView: Sendable {
  let folder: URL
  let store: RunStore
  /// The number of the store's file, which tells when a run was removed and started again.
  let file: UInt64
  let configuration: Dashboard.Configuration
  /// Work of label pages, by what they ask for.
  let desks = Mutex<[String: LabelDesk]>([:])
  private let groupValues: Refreshing<[CellGroup]>
  private let reportValue: Refreshing<ReportData>
  private let listingValue: Refreshing<RunListing?>
  private let searcher: Searcher

  var name: String { folder.lastPathComponent }
  /// The address of the run's page.
  var address: String { "/runs/\(name.encodedForQuery)/" }

  /// - Throws: `StoreError`.
  init(_ folder: URL, file: UInt64, _ configuration: Dashboard.Configuration) throws {
    let store = try RunStore(viewing: folder)
    (self.folder, self.file, self.configuration, self.store) = (folder, file, configuration, store)
    groupValues = Refreshing { try store.outcomeGroups() }
    reportValue = Refreshing { try ReportData(store, subject: configuration.outline(store)) }
    listingValue = Refreshing { RunListing(folder) { _ in store } }
    searcher = Searcher(store, cache: configuration.cache)
  }

  /// What tells whether the store has changed.
  var stamp: FileStamp {
    let file = RunStore.file(in: folder)
    return FileStamp(file, URL(filePath: file.path + "-wal"))
  }

  /// How many episodes have each outcome, cell by cell; `nil` while they are counted for the first time.
  ///
  /// - Parameter patience: how long to wait for fresh counts, in seconds.
  func groups(patience: Double = 0.05) throws -> [CellGroup]? { try groupValues.value(stamp, patience: patience) }

  /// Everything that the report says; `nil` while it is computed for the first time.
  func report() throws -> ReportData? { try reportValue.value(stamp, patience: 0.05) }

  /// What the list of runs says; `nil` while it is read for the first time.
  ///
  /// - Parameter patience: how long to wait for a fresh value, in seconds.
  func listing(patience: Double) throws -> RunListing? { try listingValue.value(stamp, patience: patience) ?? nil }

  /// How far the run has got.
  func progress() throws -> RunProgress {
    RunProgress(
      log: folder.appending(path: "log.txt"), isFinished: try store.finished() != nil,
      isWorkedOn: RunStore.isWorkedOn(folder))
  }

  /// What the run consists of; `nil` if this version cannot read its configuration.
  func outline() -> RunOutline? { try? configuration.outline(store) }

  /// The full-text index, which grows while it is asked.
  func search() throws -> SearchIndex { try searcher.index() }

  /// The checkpoints of each training sequence, by its number. Empty where there is only one.
  func sequences() -> [Int: [String]] {
    let checkpoints = outline()?.checkpoints ?? []
    let all = Dictionary(grouping: checkpoints.filter { $0.branch != nil }) { $0.branch?.replicate ?? 1 }
    return all.count > 1 ? all.mapValues { $0.map(\.name) } : [:]
  }

  /// The store with the right to write labels.
  func labellingStore() throws -> RunStore {
    guard configuration.rater != nil else {
      throw PageProblem(403, "This dashboard is for reading only. Start it with --label-as YOUR-NAME to label.")
    }
    return try RunStore(labelling: folder)
  }
}

/// The search index of a run, built by one thread in the background.
private final class Searcher: Sendable {
  private let store: RunStore
  private let cache: URL
  private let opened = Mutex<SearchIndex?>(nil)
  private let isBuilding = Mutex(false)

  init(_ store: RunStore, cache: URL) { (self.store, self.cache) = (store, cache) }

  func index() throws -> SearchIndex {
    let index = try opened.withLock { index in
      let made = try index ?? SearchIndex(of: store, in: cache)
      index = made
      return made
    }
    let isFree = isBuilding.withLock { isBuilding in
      defer { isBuilding = true }
      return !isBuilding
    }
    if isFree {
      Thread.detachNewThread {
        // A full disk or a damaged store ends the work; the page shows how far it got, and the next search tries again.
        while (try? index.advance()) == true {}
        self.isBuilding.withLock { $0 = false }
      }
    }
    return index
  }
}
