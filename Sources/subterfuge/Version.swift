/// The version that is stored with every run.
enum Version {
  static let number = "0.1.0"
  /// What wrote a run, with the commit that was built: `subterfuge 0.1.0+1a2b3c4d5e6f`, and `.dirty` behind it when files
  /// had changed since. Stored beside the run's configuration.
  static let revision = "subterfuge \(number)\(builtCommit.isEmpty ? "" : "+\(builtCommit)")"
}
