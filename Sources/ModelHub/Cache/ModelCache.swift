package import Foundation

/// The folder of fetched models: one folder a model, with a manifest that is written last.
package struct ModelCache: Sendable {
  /// The folder that holds the models' folders.
  package let root: URL

  package init(root: URL) { self.root = root }

  /// The person's cache: `$SUBTERFUGE_MODELS`, else `$XDG_CACHE_HOME/subterfuge/models`, else
  /// `~/.cache/subterfuge/models`.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let named = environment["SUBTERFUGE_MODELS"], !named.isEmpty {
      root = URL(filePath: named, directoryHint: .isDirectory)
      return
    }
    // The XDG specification has relative paths ignored.
    let xdg = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let caches = xdg ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    root = URL(filePath: caches, directoryHint: .isDirectory).appending(path: "subterfuge/models")
  }

  /// What to load for a name: a file or a folder; `nil` when no such model is here, or the text is no model's name.
  ///
  /// - Throws: `HubError` when the model is here but damaged.
  package func named(_ text: String) throws -> URL? {
    guard let name = try? ModelName(text) else { return nil }
    return try model(name)?.entry
  }

  /// The model, if it is here.
  ///
  /// - Throws: `HubError` when it is here but damaged: an unreadable manifest, or a file missing or of another size.
  package func model(_ name: ModelName) throws -> CachedModel? {
    let folder = folder(of: name)
    guard let manifest = try ModelManifest.read(in: folder) else { return nil }
    for file in manifest.files {
      guard FileSize.of(folder.appending(path: file.path)) == file.bytes else {
        throw HubError(
          "\(folder.appending(path: file.path).path) is missing or not \(file.bytes) bytes long. "
            + "Fetch it again: subterfuge models fetch \(name.text)")
      }
    }
    return CachedModel(manifest: manifest, folder: folder)
  }

  /// Every whole model, sorted by name. Folders without a readable manifest are no models.
  package func models() -> [CachedModel] {
    let folders = (try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)) ?? []
    return folders.compactMap { folder in
      (try? ModelManifest.read(in: folder)).map { CachedModel(manifest: $0, folder: folder) }
    }.sorted { $0.manifest.name < $1.manifest.name }
  }

  func folder(of name: ModelName) -> URL { root.appending(path: name.folderName, directoryHint: .isDirectory) }

  /// Where a fetch works until the model is whole.
  func stagingFolder(of name: ModelName) -> URL {
    root.appending(path: ".partial/\(name.folderName)", directoryHint: .isDirectory)
  }

  /// The lock of a model. Lock files stay: to delete one would let two processes lock different files of one name.
  func lockFile(of name: ModelName) -> URL { root.appending(path: ".locks/\(name.folderName).lock") }
}
