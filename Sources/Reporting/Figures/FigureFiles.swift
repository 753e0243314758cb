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

  /// The list of the episodes behind the marks, to which the pictures' links lead.
  static let list = "episodes.html"

  /// - Parameter searchPath: where the program that makes bitmaps is looked for, as in the variable `PATH`.
  package init(in folder: URL, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") {
    self.folder = folder
    rasterizer = searchPath.split(separator: ":").map { URL(filePath: String($0)).appending(path: "rsvg-convert") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Writes every figure of a report and the list of their episodes.
  ///
  /// - Throws: an error of the file system; `FigureError` when the program that makes bitmaps fails.
  package func write(_ data: ReportData) throws -> Summary {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let figures = data.figures
    let evidence = EvidenceSection(data.evidence, run: data.provenance.run)
    for figure in figures {
      let svg = figure.svg { set in evidence.anchor(set).map { "\(Self.list)#\($0.html)" } }
      try write(svg, "\(figure.name).svg")
      try write(figure.csv, "\(figure.name).csv")
      if let rasterizer { try rasterize(figure.name, by: rasterizer) }
    }
    try write(data.episodeList, Self.list)
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
