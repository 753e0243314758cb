package import Foundation
import GRDB
package import Runs

extension RunStore {
  /// Adds everything that a part of the run stored. Parts are runs of one configuration that worked on different
  /// sequences; what they share has to be equal.
  ///
  /// - Parameters:
  ///   - folder: the part's folder. It is read, and brought up to date if an older version wrote it.
  ///   - type: the configuration's type.
  /// - Throws: `otherPart` if the part was started with other settings; `partsDiffer` if it did the same work with
  ///   another result; `locked` while a process works on the part. Nothing of the part is added then.
  package func merge<Settings: RunConfiguration>(_ folder: URL, as type: Settings.Type) throws {
    let part = try RunStore(reading: folder)
    let lock = try RunLock(folder: folder)
    defer { withExtendedLifetime(lock) {} }
    func description(_ store: RunStore) throws -> RunDescription {
      try RunDescription(store.configuration(as: type), codeRevision: "")
    }
    let differences = ConfigurationDifference.lines(
      stored: try description(self), now: try description(part), except: Settings.changeable)
    if !differences.isEmpty { throw StoreError.otherPart(folder: folder.path, differences: differences) }
    let records = try part.checkpoints()
    try write(beside: part) { db in
      try PartMerge(db: db, folder: folder.path).merge(checkpoints: records)
    }
  }
}
