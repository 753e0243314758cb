import ArgumentParser
import Experiments
import Foundation
import LanguageModels
import ModelHub

struct ListModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List built-in, downloadable and downloaded models.",
    discussion: "Example:\n  subterfuge models list")

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    /// Where the model is: with the program, in the cache, or still to be fetched.
    enum State: String, Encodable { case shipped, cached, fetchable }

    var name: String
    var state: State
    /// `base` or `instruct`; absent where this program cannot know.
    var tuning: String?
    var summary: String
    var bytes: Int64?
    var path: String?
  }

  func run() throws {
    let cache = ModelCache()
    let rows = try Self.rows(of: cache)
    if json { return try Console.json(rows) }
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    for row in rows {
      Console.print(
        "\(row.name.padded(width))\(row.state.rawValue.padded(11))\((row.tuning ?? "").padded(10))\(row.summary)")
      if let path = row.path { Console.print("\("".padded(width + 21))\(path)") }
    }
    Console.print("\nAny repository of Hugging Face: subterfuge models fetch OWNER/NAME. The cache: \(cache.root.path)")
  }

  private static func rows(of cache: ModelCache) throws -> [Row] {
    let parameters = try SeedlingModel.shipped().architecture.parameterCount
    let shipped = Row(
      name: "seedling", state: .shipped,
      summary: "\(parameters) parameters, trained from scratch by this project")
    let cached = cache.models().map { model in
      let known = WheelModel.catalogue.first { $0.name == model.manifest.name }
      return Row(
        name: model.manifest.name, state: .cached, tuning: known?.tuning.rawValue,
        summary:
          "\(model.manifest.bytes.megabytes), \(known?.summary ?? model.manifest.license?.name ?? "licence not stated")",
        bytes: model.manifest.bytes, path: model.entry.path)
    }
    let here = Set(cached.map(\.name))
    let fetchable = WheelModel.catalogue.filter { !here.contains($0.name) }.map { model in
      Row(
        name: model.name, state: .fetchable, tuning: model.tuning.rawValue,
        summary: "\(model.downloadBytes.megabytes) to download; \(model.summary)",
        bytes: model.fileBytes)
    }
    return [shipped] + cached + fetchable
  }
}
