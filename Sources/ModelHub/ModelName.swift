/// What to fetch, and the name by which it is loaded afterwards.
package enum ModelName: Hashable, Sendable {
  /// A model that this project knows where to find, such as `gemma3-270m`.
  case catalogue(String)
  /// A repository on Hugging Face.
  case huggingFace(HuggingFaceRepository)

  /// Reads `NAME` or `[hf:]OWNER/NAME[@REVISION][:FILE.gguf]`.
  ///
  /// - Throws: `HubError` when the text is neither.
  package init(_ text: String) throws {
    if text.contains("/") {
      self = .huggingFace(try HuggingFaceRepository(text.hasPrefix("hf:") ? String(text.dropFirst(3)) : text))
    } else if text.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,95}/) != nil {
      self = .catalogue(text)
    } else {
      throw HubError(
        "'\(text)' names no model. Give a name from 'subterfuge models list', or OWNER/NAME on Hugging Face.")
    }
  }

  /// The one spelling of the name.
  package var text: String {
    switch self {
    case .catalogue(let name): name
    case .huggingFace(let repository): repository.text
    }
  }

  /// The model's folder in the cache: the name as one path component, no two names the same.
  var folderName: String {
    switch self {
    case .catalogue(let name): name
    case .huggingFace(let repository): repository.folderName
    }
  }
}
