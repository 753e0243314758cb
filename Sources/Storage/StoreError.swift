import Foundation
import GRDB
package import Runs

/// An error of the store. Each message is one sentence that says what happened, where, and what to do.
package enum StoreError: Error, Equatable {
  case noRun(folder: String)
  case foreign(path: String)
  case damaged(path: String, detail: String)
  case newer(path: String)
  case older(path: String, detail: String)
  case locked(folder: String)
  case full(path: String)
  case unwritable(path: String, detail: String)
  /// The run was started for something else.
  case otherKind(run: String, stored: RunKind, now: RunKind)
  /// A newer version wrote the configuration.
  case newerConfiguration(run: String, revision: String)
  case unreadableConfiguration(run: String, revision: String, detail: String)
  /// The differing settings, one per line.
  case otherConfiguration(run: String, differences: [String])
  /// A run that is no part of the one that it should be merged into.
  case otherPart(folder: String, differences: [String])
  /// Two parts of a run have something that differs and has to be equal.
  case partsDiffer(folder: String, what: String)
  case duplicateEpisode(String)
  case unknownCheckpoint(String)
  case unknownEpisode(String)
  /// A checkpoint that the run does not have, or whose file does not belong to the run.
  case noCheckpointFile(String)
  case removedCheckpointFile(String)
  case notFinite(what: String)
  case contradiction(what: String)
  case tooManyPredicates(limit: Int)
}

extension StoreError: LocalizedError, CustomStringConvertible {
  package var errorDescription: String? { description }

  package var description: String {
    switch self {
    case .noRun(let folder):
      "There is no run in \(folder). Check the name, or start it with `subterfuge run`."
    case .foreign(let path):
      "\(path) is not a store of Subterfuge; it is left untouched. Choose another run name or move the file away."
    case .damaged(let path, let detail):
      """
      The store \(path) is damaged (\(detail)); nothing was written to it. Copy the file before anything else; \
      `sqlite3 \(path) .recover` saves what can be read.
      """
    case .newer(let path):
      "The store \(path) was written by a newer version of Subterfuge. Update this one to read it."
    case .older(let path, let detail):
      """
      The store \(path) was written by an older version, and cannot be brought up to date where it is (\(detail)). Copy the \
      run's folder to a place that can be written and read it there.
      """
    case .locked(let folder):
      "Another process is working on the run in \(folder). Wait for it or stop it, then run this again."
    case .full(let path):
      """
      No space is left for \(path). What was stored before is safe, the last batch was not stored. Free some space, then \
      run the same command again.
      """
    case .unwritable(let path, let detail):
      """
      The store \(path) cannot be read or written (\(detail)). Check the disk and the file's permissions; \
      `subterfuge run` undoes what a killed run left half done.
      """
    case .otherKind(let run, let stored, let now):
      "The run “\(run)” is of the kind “\(stored.rawValue)”, not “\(now.rawValue)”. Choose another name with --name."
    case .newerConfiguration(let run, let revision):
      """
      The run “\(run)” was started by a newer version of Subterfuge (\(revision)). Update this one to read it.
      """
    case .unreadableConfiguration(let run, let revision, let detail):
      """
      The configuration of the run “\(run)” cannot be read (\(detail)). Open the run with the version that made it: \
      \(revision).
      """
    case .otherConfiguration(let run, let differences):
      """
      The run “\(run)” was started with another configuration. Use another name with --name, or go back to the old settings:
      \(differences.map { "  " + $0 }.joined(separator: "\n"))\(Self.changedFolder(differences))
      """
    case .otherPart(let folder, let differences):
      """
      The run in \(folder) is of another experiment than the first part. Parts of one run have the same settings, name and \
      seed:
      \(differences.map { "  " + $0 }.joined(separator: "\n"))
      """
    case .partsDiffer(let folder, let what):
      """
      \(what) in \(folder) differs from that of an earlier part. Each sequence belongs to one part, and what all share is \
      made once: run it with --only start, then copy the folder to where the parts run.
      """
    case .duplicateEpisode(let key):
      "The episode \(key) is stored already; an episode is never replaced."
    case .unknownCheckpoint(let name):
      "The checkpoint “\(name)” is not in the store; record it before its episodes."
    case .unknownEpisode(let key):
      "The episode \(key) is not in the store; store it before what is said of it."
    case .noCheckpointFile(let name):
      "The run has no weights of a checkpoint “\(name)”. Choose one of its own checkpoints; the report lists them."
    case .removedCheckpointFile(let name):
      """
      The weights of the checkpoint “\(name)” were removed to save space; its record stays. Choose a checkpoint of a whole \
      stage, or train again under another name with every checkpoint kept.
      """
    case .notFinite(let what):
      "\(what) is not a finite number and was not stored. Check the scores that it is made of."
    case .contradiction(let what):
      "\(what) is stored already with another content; what is recorded is never replaced."
    case .tooManyPredicates(let limit):
      "A run can hold \(limit) different predicates; the environments of this one define more."
    }
  }
}

extension StoreError {
  /// What a changed digest means to the person who edited an environment's folder.
  private static func changedFolder(_ differences: [String]) -> String {
    let isChanged = differences.contains { $0.split(separator: ":").first?.hasSuffix("].digest") ?? false }
    return isChanged
      ? "\nA changed digest means that the files of that environment have changed since the run began." : ""
  }

  /// Translates an SQLite error. Only this initialiser gives SQLite errors their meaning.
  init(_ error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_NOTADB: self = .foreign(path: path)
    case .SQLITE_CORRUPT: self = .damaged(path: path, detail: error.message ?? "malformed")
    case .SQLITE_FULL: self = .full(path: path)
    case .SQLITE_READONLY:
      self = .unwritable(path: path, detail: "it is opened for reading only, or a killed run left work to undo")
    default: self = .unwritable(path: path, detail: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }
}
