internal import Foundation

/// Where a model comes from.
protocol ModelSource: Sendable {
  /// - Throws: `HubError` when the person has to accept terms first.
  func checkLicense(accepted: Bool) throws

  /// Brings the model's files into a staging folder; resumes an earlier attempt.
  ///
  /// - Parameter staging: opens the folder for the version that the source settles on.
  /// - Returns: The folder and the manifest that makes it a model.
  /// - Throws: `HubError`, or `CancellationError` when the task is cancelled.
  func fetch(
    staging: @Sendable (_ revision: String) throws -> StagingFolder, on event: @escaping @Sendable (FetchEvent) -> Void
  ) async throws -> (StagingFolder, ModelManifest)
}
