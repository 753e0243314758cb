import ArgumentParser
import Experiments
import Foundation
import LanguageModels
import ModelFiles

struct ExportModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a checkpoint's adapter as the files of Hugging Face's peft.",
    discussion: """
      The folder gets adapter_model.safetensors and adapter_config.json, which peft loads over the base model. Such a \
      folder, made here or by peft, is also a policy: give its path to --policy.

      Example:
        subterfuge models export runs/curriculum-small/checkpoints/exploit_only_flattery.1.safetensors flattery-adapter
      """)

  @Argument(help: "The path of a checkpoint that was trained with an adapter.")
  var checkpoint: String

  @Argument(help: "The folder to write to; created if it is missing.")
  var folder: String

  func run() throws {
    let model = try ModelCatalogue().checkpoint(named: checkpoint)
    guard model.base?.configuration.family != .phi3 else {
      throw ValidationError(
        "'\(checkpoint)' is a Phi-3 model, which stores queries, keys and values in one matrix. peft has no form for an "
          + "adapter of the separate matrices.")
    }
    guard let adapter = model.adapter else {
      throw ValidationError("'\(checkpoint)' has no adapter: it was trained whole, or not at all.")
    }
    try adapter.write(peft: URL(fileURLWithPath: folder), base: model.base?.name)
    Console.print("Wrote an adapter of rank \(adapter.rank) to \(folder)")
  }
}
