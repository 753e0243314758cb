package import Foundation
internal import MLX
internal import Tokenization

// Shapes: r rank; a module's matrix is [out, in], its adapter a [r, in] and b [out, r].

/// The files of Hugging Face's `peft`: `adapter_model.safetensors` with the factors under
/// `base_model.model.<module>.lora_A.weight` and `...lora_B.weight`, and `adapter_config.json`.
extension Adapter {
  private static let (modelFile, configurationFile) = ("adapter_model.safetensors", "adapter_config.json")
  private static let prefix = "base_model.model."

  /// The part of `adapter_config.json` that says what the numbers mean.
  private struct Configuration: Codable {
    var peft_type = "LORA"
    var task_type: String? = "CAUSAL_LM"
    var base_model_name_or_path: String?
    var r: Int
    var lora_alpha: Float
    var target_modules: [String]
    var lora_dropout: Float? = 0
    var bias: String? = "none"
    var inference_mode: Bool? = true
    var fan_in_fan_out: Bool? = false
    var use_rslora: Bool? = false
    var use_dora: Bool? = false
    var rank_pattern: [String: Int]? = [:]
    var alpha_pattern: [String: Float]? = [:]
    var modules_to_save: [String]?
  }

  /// Writes both files, each whole or not at all.
  ///
  /// - Parameters:
  ///   - folder: is made where it does not exist.
  ///   - base: the name of the model beneath, for `peft` to load.
  package func write(peft folder: URL, base: String?) throws {
    let targets = Set(matrices.keys.compactMap { $0.split(separator: ".").last.map(String.init) })
    let configuration = Configuration(
      base_model_name_or_path: base, r: rank, lora_alpha: alpha, target_modules: targets.sorted())
    let arrays = try parameters().pairs.map { (Self.prefix + $0.name, $0.array) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Safetensors(arrays: Parameters(arrays), metadata: ["format": "pt"]).encoded()
      .writeDurably(to: folder.appending(path: Self.modelFile))
    try encoder.encode(configuration).writeDurably(to: folder.appending(path: Self.configurationFile))
  }

  /// Reads both files, which are untrusted.
  ///
  /// - Throws: a `ModelError` that names the folder and says what is wrong, also when the adapter is of a kind other than
  ///   plain LoRA.
  package init(peft folder: URL) throws {
    do {
      let text = try Data(contentsOf: folder.appending(path: Self.configurationFile))
      let configuration = try JSONDecoder().decode(Configuration.self, from: text)
      try Self.check(configuration)
      let arrays = try Safetensors(contentsOf: folder.appending(path: Self.modelFile)).arrays.pairs.map { name, array in
        guard name.hasPrefix(Self.prefix) else { throw ModelError("its '\(name)' is not under '\(Self.prefix)'") }
        return (String(name.dropFirst(Self.prefix.count)), array)
      }
      try self.init(rank: configuration.r, alpha: configuration.lora_alpha, parameters: Parameters(arrays))
    } catch {
      throw ModelError("The adapter in '\(folder.path)' cannot be used: \(error)")
    }
  }

  /// The name of the model that an adapter's folder says it belongs to; `nil` when this is no such folder.
  ///
  /// - Throws: a `ModelError` when the folder names none.
  package static func base(peft folder: URL) throws -> String? {
    guard let text = try? Data(contentsOf: folder.appending(path: configurationFile)) else { return nil }
    let configuration = try? JSONDecoder().decode(Configuration.self, from: text)
    guard let name = configuration?.base_model_name_or_path, !name.isEmpty else {
      throw ModelError(
        "'\(folder.appending(path: configurationFile).path)' cannot be read or names no base model: set "
          + "base_model_name_or_path to a name or path that --policy would take.")
    }
    return name
  }

  private static func check(_ configuration: Configuration) throws {
    let settings = LoRAConfiguration(rank: configuration.r, alpha: configuration.lora_alpha)
    try settings.validate()
    let isPlain =
      configuration.peft_type == "LORA" && configuration.bias ?? "none" == "none"
      && ![configuration.use_rslora, configuration.use_dora, configuration.fan_in_fan_out].contains(true)
      && (configuration.rank_pattern ?? [:]).isEmpty && (configuration.alpha_pattern ?? [:]).isEmpty
      && (configuration.modules_to_save ?? []).isEmpty
    guard isPlain else {
      throw ModelError(
        "only plain LoRA is supported: no biases, no rsLoRA or DoRA, one rank and alpha for all modules, no further "
          + "modules saved. Merge it into its model with peft, and load that.")
    }
  }
}
