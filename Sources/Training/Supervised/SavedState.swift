internal import Foundation
internal import LanguageModels
internal import MLX

/// A training run on disk: weights, optimiser and place, in one safetensors file that is replaced as a whole.
struct SavedState {
  let parameters: Parameters
  let moments: Parameters
  /// Steps of the optimiser.
  let step: Int
  private var place = ""

  private static let format = "subterfuge-training-1"

  init(parameters: Parameters, moments: Parameters, step: Int) {
    self.parameters = parameters
    self.moments = moments
    self.step = step
  }

  /// Reads a state; throws a `ModelError` that names the file when it is damaged or belongs to another recipe.
  init(contentsOf file: URL, recipe: SeedlingRecipe) throws {
    let advice = "remove '\(file.path)' to start anew"
    let contents: Safetensors
    do { contents = try Safetensors(contentsOf: file) } catch {
      throw ModelError("The training state cannot be read: \(error) Remove the file to start anew.")
    }
    guard contents.metadata["format"] == Self.format, let step = contents.metadata["step"].flatMap({ Int($0) }),
      let place = contents.metadata["place"]
    else { throw ModelError("This is not a training state of the format '\(Self.format)'; \(advice).") }
    guard contents.metadata["recipe"] == (try Self.json(recipe)) else {
      throw ModelError("The training state belongs to another recipe; \(advice), or use the recipe that it was made with.")
    }
    self.step = step
    self.place = place
    parameters = Parameters(contents.arrays.pairs.filter { !$0.name.contains(":") })
    moments = Parameters(
      contents.arrays.pairs.filter { $0.name.hasPrefix("optimizer:") }.map { (String($0.name.dropFirst(10)), $0.array) })
  }

  func decode<Place: Decodable>(_ type: Place.Type) throws -> Place {
    try JSONDecoder().decode(type, from: Data(place.utf8))
  }

  func write(to file: URL, recipe: SeedlingRecipe, place: some Encodable) throws {
    var arrays = parameters
    for (name, array) in moments.pairs { arrays["optimizer:" + name] = array }
    let metadata = [
      "format": Self.format, "step": String(step), "recipe": try Self.json(recipe), "place": try Self.json(place),
    ]
    try Safetensors(arrays: arrays, metadata: metadata).encoded().writeDurably(to: file)
  }

  /// Equal values give equal text.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
