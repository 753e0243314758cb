import Foundation
import ModelFiles
import Testing

/// A published or saved `config.json`, and what `transformers` understands by it.
private struct Case: Decodable, Sendable {
  let name: String
  let json: String
  let expected: TransformerConfiguration
}

struct TransformerConfigurationTests {
  private static let cases = Result {
    try JSONDecoder().decode([Case].self, from: Fixture.data("configurations.json"))
  }

  @Test func configurationsAreUnderstoodAsByTransformers() throws {
    let cases = try Self.cases.get()
    #expect(cases.count == 48)
    for test in cases {
      let configuration = try TransformerConfiguration(huggingFace: Data(test.json.utf8), source: test.name)
      #expect(configuration == test.expected, "\(test.name)")
    }
  }

  @Test func configurationsOfGGUFAreUnderstoodAsByTransformers() throws {
    struct Case: Decodable {
      let file: String
      let expected: TransformerConfiguration
    }
    let cases = try JSONDecoder().decode([Case].self, from: Fixture.data("gguf_configurations.json"))
    #expect(cases.count == 10)
    for test in cases {
      let file = try GGUFFile(contentsOf: Fixture.url(test.file))
      #expect(try TransformerConfiguration(gguf: file) == test.expected, "\(test.file)")
    }
  }

  /// Changes one value of a file that is read, and expects a message that contains a text.
  @Test(arguments: [
    (#""model_type": "llama""#, #""model_type": "mamba""#, "type 'mamba'"),
    (#""hidden_size": 4096"#, #""hidden_size": 1e30"#, "cannot be read"),
    (#""hidden_size": 4096"#, #""hidden_size": 99999999999"#, "the width is 99999999999"),
    (#""hidden_size": 4096"#, #""hidden_size": -1"#, "the width is -1"),
    (#""hidden_size": 4096, "#, "", "lacks 'hidden_size'"),
    (#""num_attention_heads": 32"#, #""num_attention_heads": 0"#, "the number of heads is 0"),
    (#""num_key_value_heads": 8"#, #""num_key_value_heads": 5"#, "32 heads cannot share 5"),
    (#""num_key_value_heads": 8"#, #""num_key_value_heads": 0"#, "key-value heads is 0"),
    (#""num_key_value_heads": 8"#, #""head_dim": 129"#, "the width of a head, 129, is odd"),
    (#""num_hidden_layers": 32"#, #""num_hidden_layers": 1000000000"#, "the number of layers is 1000000000"),
    (#""rms_norm_eps": 1e-05"#, #""rms_norm_eps": -1"#, "epsilon"),
    (#""rope_theta": 500000.0"#, #""rope_theta": 0"#, "the base of the rotary positions is 0.0"),
    (#""rope_type": "llama3""#, #""rope_type": "dynamic""#, "'dynamic'"),
    (#""factor": 8.0"#, #""factor": 0"#, "impossible"),
    (#""factor": 8.0, "#, "", "lacks 'factor'"),
    (#""low_freq_factor": 1.0"#, #""low_freq_factor": 4.0"#, "impossible"),
    (#""rope_type": "llama3""#, #""rope_type": "longrope""#, "lacks 'short_factor'"),
    (#""rope_type": "llama3""#, #""rope_type": "longrope", "short_factor": [1, 2]"#, "2 factors scale"),
    (#""rope_type": "llama3""#, #""rope_type": "yarn", "truncate": false"#, "truncate"),
    (#""rope_type": "llama3""#, #""rope_type": "yarn", "beta_slow": 32"#, "impossible"),
    (#""hidden_act": "silu""#, #""hidden_act": "relu""#, "'relu'"),
    (#""attention_bias": false"#, #""attention_bias": true"#, "attention_bias"),
    (#""mlp_bias": false"#, #""mlp_bias": true"#, "mlp_bias"),
    (#""mlp_bias": false"#, #""partial_rotary_factor": 0.5"#, "partial_rotary_factor"),
    (#""mlp_bias": false"#, #""quantization_config": {"quant_method": "gptq"}"#, "quantised by gptq"),
    (#""vocab_size": 128256"#, #""vocab_size": "many""#, "at 'vocabSize'"),
    ("{", "[", "cannot be read"),
  ])
  func whatCannotBeUsedIsRefusedInWords(old: String, new: String, part: String) throws {
    let cases = try Self.cases.get()
    let llama = try #require(cases.first { $0.name == "llama 3.1, published" }).json
    let range = try #require(llama.range(of: old))
    let json = llama.replacingCharacters(in: range, with: new)
    let message = Fixture.message { try TransformerConfiguration(huggingFace: Data(json.utf8), source: "config.json") }
    #expect(message?.hasPrefix("'config.json' ") == true)
    #expect(message?.contains(part) == true, "\(message ?? "nothing was thrown")")
  }
}
