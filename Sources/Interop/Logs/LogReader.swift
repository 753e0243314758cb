import Foundation
import Storage

/// Reads the samples of a log, one after another.
struct LogReader {
  /// The most bytes of one sample.
  private static let sampleLimit = ZipReader.entryLimit
  private static let continuationLimit = 100

  /// What a log says of itself.
  struct Summary {
    /// `success`, `cancelled` or `error`; `nil` for trajectories.
    var status: String?
    /// The environment of the log and the IDs of its samples, in the order of its data set.
    var environment: String?
    var sampleIDs: [LoggedEpisode.ID] = []
    /// Samples that somebody has marked as invalid.
    var invalidated = 0

    init() {}

    init(_ header: InspectHeader) {
      status = header.status
      environment = header.cell.environment
      sampleIDs = header.sampleIDs
    }
  }

  private let file: LogFile
  private let environment: String?
  private let thresholds: [String: Double]

  /// - Parameter environment: the task of trajectories that do not name one.
  init(_ file: LogFile, environment: String?, thresholds: [String: Double]) {
    self.file = file
    self.environment = environment
    self.thresholds = thresholds
  }

  /// Calls `body` with every sample and what a person calls its place.
  ///
  /// - Parameter begin: called with what the log says of itself, before its first sample.
  /// - Throws: `TableError` naming the file and the place; what `body` throws.
  func forEach(
    begin: (Summary) -> Void, _ body: (LoggedEpisode, _ place: String) throws -> Void
  ) throws -> Summary {
    switch file.format {
    case .inspectArchive: return try readArchive(begin, body)
    case .inspectJSON: return try readJSON(begin, body)
    case .trajectory:
      try body(try trajectory(), "")
      return Summary()
    case .trajectories:
      try readLines(body)
      return Summary()
    }
  }

  private func naming<Value>(_ place: String = "", _ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let complaint as SampleComplaint {
      throw TableError(file: file.name, place.isEmpty ? complaint.words : "\(place): \(complaint.words)")
    }
  }
}

// Logs of Inspect.
extension LogReader {
  private func readArchive(_ begin: (Summary) -> Void, _ body: (LoggedEpisode, String) throws -> Void) throws -> Summary
  {
    let archive = try ZipReader(file.url, name: file.name)
    guard let entry = archive.entries.first(where: { $0.name == "header.json" }) else {
      let isStarted = archive.entries.contains { $0.name == "_journal/start.json" }
      return try naming {
        throw isStarted
          ? InspectHeader.unfinished : SampleComplaint("it is not a log of Inspect: it has no header.json")
      }
    }
    let bytes = try archive.bytes(of: entry)
    let header = try naming("header.json") { try InspectHeader(try JSONCursor.value(bytes)) }
    var summary = Summary(header)
    begin(summary)
    let reader = InspectSampleReader(header, thresholds: thresholds)
    for entry in archive.entries where entry.name.hasPrefix("samples/") && entry.name.hasSuffix(".json") {
      let bytes = try archive.bytes(of: entry)
      guard let episode = try naming(entry.name, { try reader.episode(bytes) }) else {
        summary.invalidated += 1
        continue
      }
      try body(episode, entry.name)
    }
    return summary
  }

  private func readJSON(_ begin: (Summary) -> Void, _ body: (LoggedEpisode, String) throws -> Void) throws -> Summary {
    let pieces = try FilePieces(file.url)
    var splitter = JSONSplitter(cutting: "samples", limit: Self.sampleLimit) { try pieces.next() }
    var members: [OrderedJSON.Member] = []
    var (reader, summary, number) = (InspectSampleReader?.none, Summary(), 0)
    func open() throws -> InspectSampleReader {
      let header = try naming { try InspectHeader(.members(members)) }
      summary = Summary(header)
      begin(summary)
      return InspectSampleReader(header, thresholds: thresholds)
    }
    while let part = try naming("", { try splitter.next() }) {
      switch part {
      case .member(let name, let bytes):
        if reader != nil { continue }
        members.append(OrderedJSON.Member(key: name, value: try naming("'\(name)'") { try JSONCursor.value(bytes) }))
      case .element(let bytes):
        number += 1
        let opened = try reader ?? open()
        reader = opened
        let place = "sample \(number)"
        if let episode = try naming(place, { try opened.episode(bytes) }) {
          try body(episode, place)
        } else {
          summary.invalidated += 1
        }
      }
    }
    if reader == nil { _ = try open() }
    return summary
  }
}

// Trajectories.
extension LogReader {
  private func trajectory() throws -> LoggedEpisode {
    let json = try tree(file.url, name: file.name)
    var (parts, next) = ([OrderedJSON](), json["continued_trajectory_ref"]?.string)
    while let name = next {
      guard !name.contains("/"), !name.hasPrefix("."), parts.count < Self.continuationLimit else {
        throw TableError(
          file: file.name,
          "it goes on in '\(name.prefix(100))'; a continuation is a file beside it, and there are at most "
            + "\(Self.continuationLimit)")
      }
      let url = file.url.deletingLastPathComponent().appending(path: name)
      try LogFile.checkPlain(url, name: name)
      let part = try tree(url, name: name)
      parts.append(part)
      next = part["continued_trajectory_ref"]?.string
    }
    let folder = file.url.deletingLastPathComponent()
    let isTrial = folder.lastPathComponent == "agent"
    let root = isTrial ? folder.deletingLastPathComponent() : file.url.deletingPathExtension()
    // Harbor names the folder of a trial by the task and a random word.
    let name = root.lastPathComponent
    let task = environment ?? name.firstRange(of: "__").map { String(name[..<$0.lowerBound]) } ?? name
    let trial = isTrial ? try HarborTrial(root, name: root.lastPathComponent) : nil
    return try naming {
      try ATIFReader(thresholds: thresholds).episode(json, environment: task, continuations: parts, trial: trial)
    }
  }

  private func tree(_ url: URL, name: String) throws -> OrderedJSON {
    let bytes = try LogFile.bytes(url, name: name, limit: Self.sampleLimit)
    do { return try JSONCursor.value(bytes) } catch { throw TableError(file: name, error.words) }
  }

  private func readLines(_ body: (LoggedEpisode, String) throws -> Void) throws {
    let pieces = try FilePieces(file.url)
    var lines = LineReader(limit: Self.sampleLimit) { try pieces.next() }
    let stem = file.url.lastPathComponent.split(separator: ".").first.map(String.init) ?? file.name
    let reader = ATIFReader(thresholds: thresholds)
    while let line = try naming("line \(lines.line + 1)", { try lines.next() }) {
      let place = "line \(lines.line)"
      let episode = try naming(place) {
        try reader.episode(try JSONCursor.value([UInt8](line)), environment: environment ?? stem)
      }
      try body(episode, place)
    }
  }
}
