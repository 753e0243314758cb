internal import Foundation
internal import HTTP

/// What an answer other than the wanted one means.
struct HuggingFaceRefusal {
  let client: HuggingFaceClient
  let repository: HuggingFaceRepository

  /// The error to throw for a response: `Transient` when it is worth another try, else `HubError`.
  func error(_ response: HTTPResponse, asking what: String) -> any Error {
    switch response.status {
    case 408, 429, 500...599:
      let delay = response.headers["Retry-After"].flatMap(Double.init).map { min(max($0, 0), 60) }
      return HuggingFaceClient.Transient(description: "the server answers \(response.statusLine)", delay: delay)
    case 401, 403:
      return HubError(denied(response.headers["X-Error-Code"]))
    case 404:
      return HubError(missing(what, response.headers["X-Error-Code"]))
    default:
      return HubError("\(client.endpoint.absoluteString) answers \(response.statusLine) when asked for \(what).")
    }
  }

  private var page: String { "\(client.endpoint.absoluteString)/\(repository.identifier)" }

  private func denied(_ code: String?) -> String {
    // Without a token, a repository that does not exist looks like one that is private.
    if code == "RepoNotFound" {
      return "There is no repository \(repository.identifier), or it is private. Check the name; for a private one "
        + "set HF_TOKEN to a token of an account that may read it."
    }
    let token =
      client.token == nil ? "set HF_TOKEN to a token of that account" : "check that HF_TOKEN is of that account"
    return "\(repository.identifier) is only given to those who have accepted its licence. Accept it, signed in, at "
      + "\(page), \(token), and run the same command again."
  }

  private func missing(_ what: String, _ code: String?) -> String {
    switch code {
    case "RevisionNotFound": "\(repository.identifier) has no revision '\(repository.revision)'. See \(page)."
    case "EntryNotFound": "\(repository.identifier) has no \(what). See \(page)."
    default: "\(client.endpoint.absoluteString) has no \(what). Check the name; see \(page)."
    }
  }
}
