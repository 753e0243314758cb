package import Foundation
import Runs
package import Storage

/// Writes the page of every cell: `episodes/CELL.html` beside the report.
///
/// One batch of transcripts is in memory at a time, whatever the run's size.
package struct EpisodePages {
  /// What was written.
  package struct Summary: Sendable {
    /// How many files, and how many episodes are in them.
    package var files = 0
    package var episodes = 0
  }

  private static let batch = 64

  private let store: RunStore
  private let data: ReportData

  /// Prepares the pages of a report.
  ///
  /// - Parameter store: the run that the report is about.
  package init(_ data: ReportData, of store: RunStore) {
    self.data = data
    self.store = store
  }

  /// Writes the pages into the folder `episodes` of a folder, and removes pages that an earlier report left there.
  ///
  /// - Throws: `StoreError`; an error of the file system.
  package func write(beside folder: URL) throws -> Summary {
    let pages = folder.appending(path: EpisodeFile.folder)
    try FileManager.default.createDirectory(at: pages, withIntermediateDirectories: true)
    let predicates = try store.predicates()
    var written: Set<String> = []
    var summary = Summary()
    for file in data.episodeFiles {
      let cell = try CellEpisodes(file, in: store, predicates: predicates)
      let title = data.subject.environments.first { $0.name == file.cell.environment }?.title
      let page = CellPage(cell: cell, run: data.provenance.run, environment: title ?? file.cell.environment)
      for part in cell.parts.indices {
        let name = file.fileName(part: part)
        try write(page, part, to: pages.appending(path: name))
        written.insert(name)
      }
      summary.episodes += cell.numbers.count
    }
    summary.files = written.count
    try removePages(in: pages, except: written)
    return summary
  }

  private func write(_ page: CellPage, _ part: Int, to file: URL) throws {
    let numbers = Array(page.cell.parts[part])
    try PageFile.write(to: file) { out in
      try out.append(page.head(part: part))
      var prompt: String?
      for start in stride(from: 0, to: numbers.count, by: Self.batch) {
        let batch = numbers[start..<min(start + Self.batch, numbers.count)]
        let pieces = try store.episodes(numbered: batch).map { stored -> Markup in
          defer { prompt = stored.episode.prompt }
          let heading = prompt == stored.episode.prompt ? "" : page.prompt(of: stored, isFirst: prompt == nil)
          return "\(heading)\(page.episode(stored))"
        }
        try out.append(Markup(joining: pieces))
      }
      try out.append(CellPage.tail)
    }
  }

  /// A page of a cell that no longer exists, or a file that a stopped report left, would lead readers astray.
  private func removePages(in folder: URL, except written: Set<String>) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    for name in names where !written.contains(name) && (name.hasSuffix(".html") || name.hasSuffix(".html.part")) {
      try FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }
}
