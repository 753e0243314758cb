internal import Foundation

/// What Hugging Face tells about one version of a repository. Nothing in it is trusted.
struct RepositoryListing: Decodable, Sendable {
  /// One file.
  struct File: Decodable, Sendable {
    /// What is known of a large file, which the repository holds by reference.
    struct LargeFile: Decodable, Sendable {
      var sha256: String
      var size: Int64
    }

    var path: String
    var size: Int64?
    /// Git's SHA-1 of the content, or of the reference to a large file.
    var blob: String?
    var lfs: LargeFile?

    /// The size that the server announces.
    var bytes: Int64? { lfs?.size ?? size }

    private enum CodingKeys: String, CodingKey {
      case path = "rfilename"
      case size, lfs
      case blob = "blobId"
    }
  }

  /// The commit, forty hexadecimal digits.
  var commit: String
  var files: [File]
  var tags: [String]?

  private enum CodingKeys: String, CodingKey {
    case commit = "sha"
    case files = "siblings"
    case tags
  }

  /// The licence's name, such as `apache-2.0`.
  var license: String? {
    tags?.first { $0.hasPrefix("license:") }.map { String($0.dropFirst("license:".count)) }
  }

  /// Reads the server's answer.
  ///
  /// - Throws: `HubError` when it is not what it should be.
  init(_ answer: Data, of repository: HuggingFaceRepository) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: answer)
    } catch {
      throw HubError("The server's list of files of \(repository.identifier) cannot be read: \(error)")
    }
    guard commit.wholeMatch(of: /[0-9a-f]{40}/) != nil else {
      throw HubError("The server names no commit of \(repository.identifier), but '\(commit.prefix(60))'.")
    }
  }

  /// The files that make up the model, and what to load: "." for the folder, or a GGUF file.
  ///
  /// - Throws: `HubError` when no model that can be loaded is among them, or when it is not clear which.
  func choose(for repository: HuggingFaceRepository) throws -> (files: [File], entry: String) {
    if let wanted = repository.file {
      guard let file = files.first(where: { $0.path == wanted }) else {
        throw HubError("\(repository.identifier) has no file \(wanted).\(ggufChoice(repository))")
      }
      return (try checked(parts(with: file) + notices), wanted)
    }
    let weights = self.weights
    let names = Set(files.map(\.path))
    if !weights.isEmpty, names.contains("config.json"), names.contains("tokenizer.json") {
      return (try checked(files.filter { Self.companions.contains($0.path) } + weights + notices), ".")
    }
    // A file in parts counts once, by its first part.
    let whole = ggufs.filter { GGUFPart($0.path).map { $0.number == 1 } ?? true }
    if weights.isEmpty, whole.count == 1, let file = whole.first {
      return (try checked(parts(with: file) + notices), file.path)
    }
    let lacks = ["config.json", "tokenizer.json", "*.safetensors"].filter {
      $0.hasPrefix("*") ? weights.isEmpty : !names.contains($0)
    }
    throw HubError(
      "\(repository.identifier) holds no model that can be loaded: it lacks \(lacks.joined(separator: ", "))."
        + ggufChoice(repository))
  }

  private static let companions: Set = [
    "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "special_tokens_map.json",
    "chat_template.jinja", "model.safetensors.index.json",
  ]

  /// The weights: `model*.safetensors`, else every safetensors file at the top.
  private var weights: [File] {
    let all = files.filter { !$0.path.contains("/") && $0.path.hasSuffix(".safetensors") }
    let usual = all.filter { $0.path.hasPrefix("model") }
    return usual.isEmpty ? all : usual
  }

  private var ggufs: [File] { files.filter { $0.path.lowercased().hasSuffix(".gguf") } }

  /// Licence texts, kept beside the model.
  private var notices: [File] {
    files.filter { $0.path.wholeMatch(of: /(?:LICENSE|LICENCE|NOTICE|USE_POLICY)(?:\.md|\.txt)?/) != nil }
  }

  private func ggufChoice(_ repository: HuggingFaceRepository) -> String {
    guard !ggufs.isEmpty else { return "" }
    let names = ggufs.prefix(12).map(\.path).joined(separator: ", ")
    return " Choose one of its GGUF files with --file: \(names)\(ggufs.count > 12 ? ", ..." : "")"
  }

  /// The file, or all parts of the file that it is a part of.
  ///
  /// - Throws: `HubError` when one of them is not listed.
  private func parts(with file: File) throws -> [File] {
    guard let part = GGUFPart(file.path) else { return [file] }
    return try part.all.map { path in
      guard let found = files.first(where: { $0.path == path }) else {
        throw HubError("\(file.path) is one of \(part.count) parts, and the repository has no file \(path).")
      }
      return found
    }
  }

  /// Refuses paths that leave the folder, names that stand twice, and sizes that cannot be.
  private func checked(_ chosen: [File]) throws -> [File] {
    var seen: Set<String> = []
    for file in chosen {
      guard SafePath.isSafe(file.path), file.path != ModelManifest.fileName, seen.insert(file.path).inserted else {
        throw HubError("The server lists a file by a name that is not used here: '\(file.path.prefix(80))'.")
      }
      guard let bytes = file.bytes, (0...(1 << 44)).contains(bytes) else {
        throw HubError("The server tells no believable size of \(file.path).")
      }
      if let digest = file.lfs?.sha256, digest.wholeMatch(of: /[0-9a-f]{64}/) == nil {
        throw HubError("The server tells no SHA-256 of \(file.path), but '\(digest.prefix(80))'.")
      }
    }
    return chosen
  }
}
