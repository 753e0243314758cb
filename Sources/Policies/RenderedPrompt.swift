package import Episodes
package import Tokenization

extension Segment {
  /// A prompt as a model with this tokenizer reads it, in its own chat format, up to the opening of its answer.
  ///
  /// - Throws: a `ModelError` when the vocabulary lacks a role.
  package init(_ prompt: Prompt, tokenizer: some Tokenizer) throws {
    let tokens = try tokenizer.encode(
      dialogue: prompt.messages.map { ($0.role.rawValue, $0.text) }, opening: prompt.opening)
    self.init(.prompt, tokenizer.decode(tokens), tokens: tokens)
  }
}
