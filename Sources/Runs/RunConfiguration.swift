package import Episodes

/// What a run is started with: one type for each `RunKind`. The store keeps it as JSON beside its kind and version.
///
///     struct Survey: RunConfiguration {
///       static let kind = RunKind.evaluation
///       static let version = 1
///       var name: String
///       var rootSeed: Seed { Seed(1) }
///     }
package protocol RunConfiguration: Codable, Sendable {
  static var kind: RunKind { get }
  /// The version of the stored form that this program writes. Raise it with every change that `upgrade` has to bridge.
  static var version: Int { get }

  /// Settings that may differ when a run is resumed, by their first key: they say where it runs and not what it does.
  static var changeable: Set<String> { get }

  /// The run's name, which is also its folder's.
  var name: String { get }
  /// The seed from which all others derive.
  var rootSeed: Seed { get }

  /// Brings the stored form of an earlier version into that of the next one.
  ///
  /// - Parameter version: the version that `settings` has; below `Self.version`.
  static func upgrade(_ settings: inout SettingsTree, from version: Int) throws
}

extension RunConfiguration {
  package static var changeable: Set<String> { [] }

  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {}

  /// The stored form of any earlier version, in that of this one.
  ///
  /// - Throws: a decoding error if the text is not JSON.
  package static func upgraded(_ text: String, from version: Int) throws -> String {
    guard version < Self.version else { return text }
    var settings: SettingsTree = try StoredJSON.value(text)
    for version in version..<Self.version { try upgrade(&settings, from: version) }
    return try StoredJSON.text(settings, pretty: true)
  }
}

/// A run whose results can be reported: it says what it consists of.
package protocol ReportableRun: RunConfiguration {
  /// The run's checkpoints, conditions and environments.
  ///
  /// - Parameter checkpoints: the names of the checkpoints that the store has, in order.
  /// - Throws: an error if an environment of an earlier version's run no longer exists.
  func outline(checkpoints: [String]) throws -> RunOutline
}
