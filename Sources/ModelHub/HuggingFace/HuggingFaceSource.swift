internal import Foundation
internal import HTTP

/// Fetches a repository of Hugging Face: the list of its files first, then one file after the other.
struct HuggingFaceSource: ModelSource {
  let repository: HuggingFaceRepository
  let environment: [String: String]
  let pace: HuggingFaceClient.Pace
  let availableBytes: @Sendable (URL) -> Int64?

  /// Hugging Face itself asks for what has to be accepted.
  func checkLicense(accepted: Bool) throws {}

  func fetch(
    staging: @Sendable (String) throws -> StagingFolder, on event: @escaping @Sendable (FetchEvent) -> Void
  ) async throws -> (StagingFolder, ModelManifest) {
    try await HuggingFaceClient.with(environment: environment, pace: pace) { client in
      let listing = try await client.retrying(repository.identifier, on: event) { try await list(client) }
      let (files, entry) = try listing.choose(for: repository)
      let folder = try staging(listing.commit)
      let total = files.reduce(0) { $0 + ($1.bytes ?? 0) }
      try DiskSpace.check(total - folder.bytes, at: folder.url, available: availableBytes(folder.url))
      event(.planned(files: files.count, bytes: total))
      var before: Int64 = 0
      for file in files {
        let download = FileDownload(
          client: client, repository: repository, commit: listing.commit, file: file, folder: folder,
          before: before, event: event)
        try await download.run()
        before += download.size
      }
      return (folder, try manifest(of: files, entry, listing, in: folder, at: client.endpoint, on: event))
    }
  }

  private func list(_ client: HuggingFaceClient) async throws -> RepositoryListing {
    let revision = repository.revision.asPathComponent
    let response = try await client.get(path: "/api/models/\(repository.identifier)/revision/\(revision)?blobs=true")
    guard response.status == 200 else {
      throw HuggingFaceRefusal(client: client, repository: repository).error(
        response, asking: "repository \(repository.text)")
    }
    let answer = try await client.transfer { try await response.body.collect(upTo: 32 << 20) }
    return try RepositoryListing(answer, of: repository)
  }

  private func manifest(
    of files: [RepositoryListing.File], _ entry: String, _ listing: RepositoryListing, in folder: StagingFolder,
    at endpoint: URL, on event: @Sendable (FetchEvent) -> Void
  ) throws -> ModelManifest {
    let page = "\(endpoint.absoluteString)/\(repository.identifier)"
    let (large, small) = (files.filter { $0.lfs != nil }, files.filter { $0.lfs == nil })
    let checked = large.map {
      ModelManifest.File(path: $0.path, bytes: $0.bytes ?? 0, sha256: $0.lfs?.sha256 ?? "")
    }
    return ModelManifest(
      name: repository.text, source: page, revision: listing.commit, entry: entry,
      files: checked + (try folder.describe(small.map(\.path), on: event)),
      license: listing.license.map { .init(name: $0, terms: [page], accepted: nil) }, fetched: .now)
  }
}

extension String {
  /// The text as one component of an address's path.
  var asPathComponent: String {
    let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    return addingPercentEncoding(withAllowedCharacters: plain.intersection(.init(charactersIn: "\0"..."\u{7E}")))
      ?? self
  }
}
