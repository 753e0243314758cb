import Runs
import Storage

/// A run that is being worked on: its folder, its store and its checkpoints. Every kind of run opens through it.
struct RunSession: Sendable {
  let folder: RunFolder
  let store: RunStore
  let checkpoints: CheckpointStore

  /// Starts the run in a folder, or resumes it.
  ///
  /// - Parameters:
  ///   - chatFormat: as in `Sampling`.
  ///   - check: is called before a folder is made: a model that is missing, damaged or not fit must not leave an empty run
  ///     behind that holds the name.
  /// - Throws: what `check` throws; a `StoreError` when the folder holds another run.
  init(
    _ configuration: some RunConfiguration, in folder: RunFolder, chatFormat: String, codeRevision: String,
    checking check: (ModelCatalogue) throws -> Void
  ) throws {
    let catalogue = try ModelCatalogue(chatFormat: chatFormat)
    if !folder.exists { try check(catalogue) }
    try folder.create()
    self.init(
      folder, try RunStore(in: folder.url, configuration: configuration, codeRevision: codeRevision), catalogue)
  }

  /// Opens a run that exists to add to it, whatever it was started with.
  init(resuming folder: RunFolder, chatFormat: String, codeRevision: String) throws {
    let catalogue = try ModelCatalogue(chatFormat: chatFormat)
    self.init(folder, try RunStore(resuming: folder.url, codeRevision: codeRevision), catalogue)
  }

  private init(_ folder: RunFolder, _ store: RunStore, _ catalogue: ModelCatalogue) {
    self.folder = folder
    self.store = store
    checkpoints = CheckpointStore(folder: folder, store: store, catalogue: catalogue)
  }
}
