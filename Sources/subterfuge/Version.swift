/// The version that is stored with every run.
enum Version {
  static let number = "0.1.0"
  /// What wrote a run: stored beside its configuration.
  static let revision = "subterfuge \(number)"
}
