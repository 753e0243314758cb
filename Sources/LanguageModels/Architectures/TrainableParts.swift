/// Which weights training changes.
package enum TrainableParts: Sendable, Codable, Hashable {
  /// Low-rank matrices beside the frozen weights.
  case adapter(LoRAConfiguration)
  /// All weights but embedding and output head, which in a small model with a large vocabulary are most of it.
  case body
  /// Every weight.
  case all
}
