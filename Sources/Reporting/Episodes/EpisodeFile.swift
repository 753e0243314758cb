import Episodes
package import Storage

/// The page of one cell's episodes, in the folder `episodes` beside the report.
package struct EpisodeFile: Sendable, Codable, Hashable {
  /// The name of the folder.
  package static let folder = "episodes"

  /// The cell whose episodes the page shows.
  package var cell: Cell
  /// The file's name without its ending: lower-case letters, digits and hyphens, whatever the checkpoint and the
  /// environment are called.
  package var name: String
  /// How many episodes the cell has, failed ones among them.
  package var attempted: Int
  /// Whether links lead to lists of the dashboard and not to files beside the report.
  var isServed = false

  private enum CodingKeys: String, CodingKey { case cell, name, attempted }

  /// Names a file for each cell. Two cells never share a name.
  static func all(_ counts: [CellCounts], mainPurpose: String) -> [EpisodeFile] {
    var used: [String: Int] = [:]
    return counts.filter { $0.attempted > 0 }.map { counts in
      let cell = counts.cell
      let parts = [cell.checkpoint, cell.environment, cell.arm.rawValue]
      let purpose = cell.purpose == mainPurpose ? [] : [cell.purpose]
      var name = String((parts + purpose).map(\.slug).joined(separator: "-").prefix(longestName))
      while let count = used[name] {
        used[name] = count + 1
        name += "-\(count + 1)"
      }
      used[name] = 1
      return EpisodeFile(cell: cell, name: name, attempted: counts.attempted)
    }
  }

  /// File systems allow 255 bytes; parts of a page and temporary files add to the name.
  private static let longestName = 150

  /// The name of one part of the page.
  ///
  /// - Parameter part: from 0.
  func fileName(part: Int) -> String { part == 0 ? "\(name).html" : "\(name).\(part + 1).html" }

  /// The address of the page from the report.
  ///
  /// - Parameter filter: shows these episodes alone; `nil` for all.
  func address(_ filter: EpisodeFilter? = nil) -> Markup {
    isServed
      ? "\(EpisodeAddress.list(filtered(by: filter)))"
      : "\(Self.folder)/\(fileName(part: 0))#\(filter?.anchor ?? EpisodeFilter.all)"
  }

  /// The address of one of its episodes from the report.
  func address(of place: EpisodePlace) -> Markup {
    isServed
      ? "\(EpisodeAddress.episode(place.key))"
      : "\(Self.folder)/\(fileName(part: place.part))#e-\(place.episode)"
  }

  private func filtered(by filter: EpisodeFilter?) -> EpisodeQuery {
    var query = query
    switch filter {
    case .predicate(let predicate): query.holding = [predicate]
    case .failed: query.failed = true
    case .flagged, nil: break
    }
    return query
  }

  var query: EpisodeQuery { Self.query(of: cell) }

  static func query(of cell: Cell) -> EpisodeQuery {
    EpisodeQuery(checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose)
  }
}
