package import Tokenization

/// Where a pretrained model's numbers are read from: a GGUF file, or safetensors files. Names and layout are those of
/// `TransformerConfiguration.weightShapes`. Files are mapped, so that a value costs memory only when it is read.
package protocol WeightSource: Sendable {
  /// The numbers of one weight, dequantised, row-major.
  ///
  /// - Throws: a `ModelError` when no weight has this name, or its bytes cannot be read.
  func values(_ name: String) throws -> [Float]

  /// The weight as eight-bit numbers in blocks, when its form in the file is exactly that, as GGUF's quantised forms
  /// are; `nil` for plain numbers. `values` gives the same numbers, bit for bit.
  func blocks(_ name: String) throws -> EightBitBlocks?
}

/// A matrix [out, in] in blocks of `size` along `in`: value = scale * number, or scale * number - offset.
package struct EightBitBlocks: Sendable {
  package let shape: [Int]
  /// Numbers that share a scale: 32 or 16.
  package let size: Int
  /// [out, in].
  package let numbers: [Int8]
  /// [out, in / size].
  package let scales: [Float]
  /// [out, in / size], or empty where the form has none.
  package let offsets: [Float]

  package init(shape: [Int], size: Int, numbers: [Int8], scales: [Float], offsets: [Float] = []) {
    self.shape = shape
    self.size = size
    self.numbers = numbers
    self.scales = scales
    self.offsets = offsets
  }
}

/// A pretrained model on disk: everything that is needed to sample from it and to train it further.
package struct PretrainedModel: Sendable {
  /// What it is called, for example `gemma3-270m`.
  package let name: String
  package let configuration: TransformerConfiguration
  package let tokenizer: any Tokenizer
  package let weights: any WeightSource
  /// SHA-256 of the file, or of the list of files and their digests: names the model in a checkpoint made from it.
  package let digest: String

  package init(
    name: String, configuration: TransformerConfiguration, tokenizer: any Tokenizer, weights: any WeightSource,
    digest: String
  ) {
    self.name = name
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.weights = weights
    self.digest = digest
  }
}
