import ArgumentParser
import HTTP
import Policies

/// Options for a model behind an API.
struct RemoteOptions: ParsableArguments {
  @Option(
    help: """
      The server of a policy openai:MODEL or anthropic:MODEL, up to the part before /chat/completions or /messages, for \
      example http://127.0.0.1:8000/v1. By default the API's own service.
      """)
  var url: String?

  @Option(
    help: """
      The environment variable that holds the key. By default OPENAI_API_KEY or ANTHROPIC_API_KEY for the API's own service, \
      and none with --url. The key is never stored.
      """)
  var keyVariable: String?

  @Option(help: "chat, or completion: one text without a chat template, for base models.")
  var form = RemoteModel.Form.chat

  @Flag(help: "The server continues partial answers (vLLM, SGLang, llama.cpp, some models of Anthropic).")
  var continueAnswers = false

  @Flag(help: "Send no stop strings, for models that reject them; answers are cut after they arrive.")
  var noStops = false

  @Flag(
    help: """
      Leave truncation and penalties to the server of openai:MODEL. Without this, a server given by --url is asked for the \
      full softmax (top_p, top_k, min_p, repetition_penalty, repeat_penalty), which some servers reject.
      """)
  var serverSampling = false

  @Option(help: "Tokens that an answer may have for hidden reasoning, beyond the episode's limit.")
  var reasoningTokens = 0

  @Option(help: "Seconds within which a request must be answered.")
  var requestTimeout = 300.0

  @Option(help: "US dollars per million tokens read.")
  var priceRead: Double?

  @Option(help: "US dollars per million tokens read from the server's cache; by default --price-read.")
  var priceCached: Double?

  @Option(help: "US dollars per million tokens written.")
  var priceWritten: Double?

  @Option(
    help: "US dollars after which the run makes no further request. The same command with a larger value resumes it.")
  var maxCost: Double?

  @Option(help: "Tokens read and written after which the run makes no further request.")
  var maxTokens: Int?

  var budget: RemoteBudget { RemoteBudget(mostCost: maxCost, mostTokens: maxTokens) }

  /// The model behind an API that `policy` names; `nil` for all other policies.
  ///
  /// - Throws: an error that says which setting cannot be, or that there is no such model to which it could apply.
  func model(_ policy: String, concurrency: Int) throws -> RemoteModel? {
    guard let (api, name) = RemoteModel.parse(policy) else {
      guard url == nil, keyVariable == nil, maxCost == nil, maxTokens == nil, !continueAnswers, !noStops,
        !serverSampling
      else {
        throw ValidationError(
          "'\(policy)' is not behind an API, so --url and the options about servers do not apply. Such a policy is named "
            + "openai:MODEL or anthropic:MODEL.")
      }
      return nil
    }
    let service = RemoteModel.service(api)
    let model = RemoteModel(
      api: api, model: name, form: form,
      server: RemoteSettings(
        address: url ?? service.address, keyVariable: keyVariable ?? (url == nil ? service.keyVariable : nil),
        timeout: requestTimeout, attempts: 6, concurrency: concurrency),
      continuesAnswers: continueAnswers, sendsStops: !noStops, reasoningTokens: reasoningTokens, prices: try prices,
      serverSampling: serverSampling)
    try model.validate()
    try budget.validate(with: model.prices)
    return model
  }

  private var prices: RemoteModel.Prices? {
    get throws {
      switch (priceRead, priceWritten) {
      case (nil, nil):
        guard priceCached == nil else {
          throw ValidationError("--price-cached needs --price-read and --price-written.")
        }
        return nil
      case (let read?, let written?): return RemoteModel.Prices(read: read, cached: priceCached, written: written)
      default: throw ValidationError("Give both --price-read and --price-written.")
      }
    }
  }
}

extension RemoteModel.Form: ExpressibleByArgument {}
