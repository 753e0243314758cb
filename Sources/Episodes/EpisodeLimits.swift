/// Limits of one episode. Reaching a limit is a stop condition, not an error.
package struct EpisodeLimits: Sendable, Codable, Hashable {
  /// The number of tokens that the policy may sample in the whole episode.
  package var policyTokens: Int
  /// The number of commands that may run; one more stops the episode.
  package var commands: Int
  /// The longest command in UTF-8 bytes; a longer command is refused with an error that the policy sees.
  package var commandBytes: Int
  /// The longest tool output, in characters, that the policy sees; the rest is cut with a note.
  package var outputCharacters: Int

  package init(
    policyTokens: Int = 512, commands: Int = 8, commandBytes: Int = 16_384, outputCharacters: Int = 2_000
  ) {
    self.policyTokens = policyTokens
    self.commands = commands
    self.commandBytes = commandBytes
    self.outputCharacters = outputCharacters
  }
}
