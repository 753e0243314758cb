import Foundation
import Sandboxing

/// The identity of an environment's content.
enum EnvironmentDigest {
  /// The hash of named texts.
  static func of(_ texts: [String: String]) throws -> String {
    let names = texts.keys.sorted()
    let files = names.enumerated().map { index, name in ("\(index)", "\(name.utf8.count) \(name)\n\(texts[name] ?? "")")
    }
    return try FileTree(files: Dictionary(uniqueKeysWithValues: files)).digest.description
  }

  /// The texts of a folder that make its episodes: `environment.yaml`, prompts and files of entries. Self-tests and notes for
  /// people are not among them.
  static func texts(of folder: URL, as label: String) throws -> [String: String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let relevant = names.filter { name in
      name == "environment.yaml" || name.hasSuffix(".jsonl")
        || name.hasPrefix("prompt.") && (name.hasSuffix(".md") || name.hasSuffix(".txt"))
    }
    return try Dictionary(
      uniqueKeysWithValues: relevant.map { ("\(label)/\($0)", try FolderReader.text(of: folder.appending(path: $0))) })
  }
}
