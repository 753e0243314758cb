package import Foundation
import Storage

/// Writes figures into a folder: a picture as SVG and as PNG, and its numbers as CSV beside them.
package struct FigureFiles {
  /// What was written.
  package struct Summary: Sendable, Codable {
    package var folder: String
    /// The names of the figures.
    package var figures: [String]
    /// Why there are no PNG files; `nil` when there are.
    package var withoutPNG: String?
  }

  private let folder: URL
  private let rasterizer: URL?

  /// - Parameter searchPath: where the program that makes bitmaps is looked for, as in the variable `PATH`.
  package init(in folder: URL, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") {
    self.folder = folder
    rasterizer = searchPath.split(separator: ":").map { URL(filePath: String($0)).appending(path: "rsvg-convert") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Writes every figure of a report and the list of their episodes, to which the pictures' links lead.
  ///
  /// - Throws: an error of the file system; `FigureError` when the program that makes bitmaps fails.
  package func write(_ data: ReportData) throws -> Summary {
    try write(data.figures, EvidenceSection(data.evidence, run: data.provenance.run), list: "episodes.html")
  }

  /// Writes the figure of a comparison, the list of its episodes and its table.
  ///
  /// - Parameters:
  ///   - runs: those that the sides are of.
  ///   - name: what the files' names begin with.
  /// - Throws: as `write(_:)`; `StoreError`.
  package func write(_ table: ComparisonTable, in runs: [String: ComparedRun], named name: String) throws -> Summary {
    var figure = table.figure
    figure.name = name
    let evidence = EvidenceSection(try table.evidence(in: runs), run: "RUN")
    let summary = try write([figure], evidence, list: "\(name)-episodes.html")
    try write(table.csv, "\(name)-table.csv")
    return summary
  }

  private func write(_ figures: [Figure], _ evidence: EvidenceSection, list: String) throws -> Summary {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let address = list.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? list
    for figure in figures {
      let svg = figure.svg { set in evidence.anchor(set).map { "\(address)#\($0.html)" } }
      try write(svg, "\(figure.name).svg")
      try write(figure.csv, "\(figure.name).csv")
      if let rasterizer { try rasterize(figure.name, by: rasterizer) }
    }
    if !evidence.isEmpty { try write(evidence.page, list) }
    return Summary(folder: folder.path, figures: figures.map(\.name), withoutPNG: rasterizer == nil ? Self.advice : nil)
  }

  private static let advice =
    "There are no PNG files, because rsvg-convert is missing; `apt-get install librsvg2-bin` brings it."

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
  }

  /// Three pixels for each unit of the drawing, so that it can be printed.
  private func rasterize(_ name: String, by program: URL) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "--zoom", "3", "--output", folder.appending(path: "\(name).png").path, folder.appending(path: "\(name).svg").path,
    ]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw FigureError(figure: name, detail: message) }
  }
}

/// A picture that could not be made.
package struct FigureError: Error, LocalizedError {
  let figure: String
  let detail: String

  package var errorDescription: String? {
    """
    rsvg-convert could not draw \(figure).svg (\(detail.trimmingCharacters(in: .whitespacesAndNewlines))). The SVG file is \
    written; another program may draw it.
    """
  }
}
