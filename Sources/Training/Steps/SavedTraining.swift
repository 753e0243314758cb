internal import Foundation
internal import LanguageModels
internal import MLX
internal import Tokenization

/// A training run on disk: weights, optimiser and place, in one safetensors file that is replaced as a whole.
struct SavedTraining {
  let parameters: Parameters
  /// The optimiser's own state.
  let optimizer: Safetensors
  private let placeText: String

  private static let format = "subterfuge-training-1"
  private static let (weightPrefix, optimizerPrefix) = ("weight:", "optimizer:")

  /// The present state of weights and their optimiser.
  init(parameters: Parameters, optimizer: Optimizer) {
    self.parameters = parameters
    self.optimizer = optimizer.state()
    placeText = ""
  }

  /// Reads a state of any recipe; throws a `ModelError` that names the file when it is damaged.
  init(contentsOf file: URL) throws {
    try self.init(contentsOf: file) { _, _ in }
  }

  /// Reads a state, or returns `nil` if the file does not exist.
  ///
  /// - Throws: a `ModelError` naming the file when it is damaged or belongs to another recipe.
  init?(at file: URL, recipe: some Encodable) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let expected = try Self.json(recipe)
    try self.init(contentsOf: file) { advice, found in
      guard found == expected else {
        throw ModelError("The training state belongs to another recipe. \(advice), or use the recipe it was made with.")
      }
    }
  }

  private init(contentsOf file: URL, check: (_ advice: String, _ recipe: String?) throws -> Void) throws {
    let advice = "Remove '\(file.path)' to start anew"
    let contents: Safetensors
    do { contents = try Safetensors(contentsOf: file) } catch {
      throw ModelError("The training state cannot be read: \(error) \(advice).")
    }
    guard contents.metadata["format"] == Self.format, let place = contents.metadata["place"] else {
      throw ModelError("This is not a training state of the format '\(Self.format)'. \(advice).")
    }
    try check(advice, contents.metadata["recipe"])
    placeText = place
    parameters = contents.arrays.named(under: Self.weightPrefix)
    optimizer = Safetensors(arrays: contents.arrays.named(under: Self.optimizerPrefix), metadata: contents.metadata)
  }

  func place<Place: Decodable>(as type: Place.Type) throws -> Place {
    try JSONDecoder().decode(type, from: Data(placeText.utf8))
  }

  func write(to file: URL, recipe: some Encodable, place: some Encodable) throws {
    let arrays = Parameters(
      parameters.pairs.map { (Self.weightPrefix + $0.name, $0.array) }
        + optimizer.arrays.pairs.map { (Self.optimizerPrefix + $0.name, $0.array) })
    var metadata = optimizer.metadata
    metadata["format"] = Self.format
    metadata["recipe"] = try Self.json(recipe)
    metadata["place"] = try Self.json(place)
    try Safetensors(arrays: arrays, metadata: metadata).encoded().writeDurably(to: file)
  }

  /// Equal values give equal text.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
