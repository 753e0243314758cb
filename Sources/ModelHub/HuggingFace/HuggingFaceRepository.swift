internal import Foundation

/// `OWNER/NAME[@REVISION][:FILE.gguf]`: a repository, a version of it, and one file when it holds several models.
package struct HuggingFaceRepository: Hashable, Sendable {
  /// `OWNER/NAME`.
  package let identifier: String
  /// A branch, tag or commit.
  package let revision: String
  /// The GGUF file asked for, relative to the repository.
  package let file: String?

  /// - Throws: `HubError` when the text is no such name.
  init(_ text: String) throws {
    guard let parts = text.wholeMatch(of: /([^\/@:]+\/[^\/@:]+)(?:@([^:@]+))?(?::(.+))?/) else {
      throw HubError("'\(text)' is not of the form OWNER/NAME[@REVISION][:FILE.gguf].")
    }
    identifier = String(parts.1)
    revision = parts.2.map(String.init) ?? "main"
    file = parts.3.map(String.init)
    for name in identifier.split(separator: "/") { try Self.checkName(String(name), in: text) }
    guard revision.wholeMatch(of: /[A-Za-z0-9._\/-]{1,200}/) != nil, SafePath.isSafe(revision) else {
      throw HubError("'\(revision)' in '\(text)' is not the name of a branch, tag or commit.")
    }
    if let file {
      guard SafePath.isSafe(file), file.lowercased().hasSuffix(".gguf") else {
        throw HubError("'\(file)' is not the path of a .gguf file inside the repository.")
      }
    }
  }

  /// The repository with another file.
  ///
  /// - Throws: `HubError` when it is no path of a GGUF file.
  package func choosing(file: String) throws -> Self { try Self("\(identifier)@\(revision):\(file)") }

  package var text: String {
    identifier + (revision == "main" ? "" : "@" + revision) + (file.map { ":" + $0 } ?? "")
  }

  /// The owner and name hold no `--` (Hugging Face forbids it), so that this stays one to one.
  var folderName: String {
    let rest = text.dropFirst(identifier.count).utf8.map { byte in
      let plain = Self.plain.contains(byte)
      return plain ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
    }
    return identifier.replacingOccurrences(of: "/", with: "--") + rest.joined()
  }

  private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@:".utf8)

  /// The rule of Hugging Face for owners and names.
  private static func checkName(_ name: String, in text: String) throws {
    let fits = name.wholeMatch(of: /[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?/) != nil
    guard fits, !name.contains("--"), !name.contains("..") else {
      throw HubError("'\(name)' in '\(text)' can be no owner or repository on Hugging Face.")
    }
  }
}
