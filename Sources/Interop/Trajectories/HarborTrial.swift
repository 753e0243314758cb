import Episodes
import Foundation

/// What Harbor recorded of a trial beside its trajectory: `result.json`, else the files of the verifier.
///
///     TRIAL/agent/trajectory.json    TRIAL/verifier/reward.json or reward.txt    TRIAL/result.json
///     TRIAL/steps/STEP/agent/trajectory.json    TRIAL/steps/STEP/verifier/...    of a task in several steps
struct HarborTrial: Sendable, Hashable {
  private static let fileLimit = 64 << 20

  /// `nil` where only the folder's name tells.
  var task: String?
  var name: String?
  var rewards: [(String, Double)] { sortedRewards.map { ($0.name, $0.value) } }
  /// Why there is no reward.
  var failure: EpisodeFailure?
  /// Whether the agent was stopped before it had finished, and graded nevertheless.
  var isCutOff = false

  private struct Reward: Sendable, Hashable {
    var name: String
    var value: Double
  }

  private var sortedRewards: [Reward] = []

  /// - Parameter folder: the folder that holds `agent`.
  /// - Throws: `TableError` naming the file.
  init(_ folder: URL, name shown: String) throws {
    let isStep = folder.deletingLastPathComponent().lastPathComponent == "steps"
    let root = isStep ? folder.deletingLastPathComponent().deletingLastPathComponent() : folder
    let result = try Self.json(root.appending(path: "result.json"), in: shown)
    let step = isStep ? folder.lastPathComponent : nil
    let own = step.map { step in
      result?["step_results"]?.array?.first { $0["step_name"]?.string == step } ?? .null
    }
    let part = own ?? result
    task = result?["task_name"]?.string.map { task in step.map { "\(task)/\($0)" } ?? task }
    name = result?["id"]?.string.map { id in step.map { "\(id)/\($0)" } ?? id }
    if let rewards = part?["verifier_result"]?["rewards"] {
      sortedRewards = try Self.rewards(rewards, "result.json", shown)
    } else {
      sortedRewards = try Self.verifierRewards(folder.appending(path: "verifier"), shown)
    }
    if let exception = part?["exception_info"] {
      let kind = exception["exception_type"]?.string ?? "an exception"
      isCutOff = !sortedRewards.isEmpty
      if sortedRewards.isEmpty {
        failure = EpisodeFailure(
          boundary: Self.boundary(of: kind), message: "\(kind): \(exception["exception_message"]?.string ?? "")")
      }
    }
  }

  private static func boundary(of exception: String) -> EpisodeFailure.Boundary {
    if exception.contains("Verifier") || exception.contains("Reward") { return .grader }
    return exception.contains("Environment") || exception.contains("Sandbox") ? .sandbox : .policy
  }

  private static func verifierRewards(_ folder: URL, _ shown: String) throws -> [Reward] {
    if let json = try json(folder.appending(path: "reward.json"), in: shown) {
      return try rewards(json, "verifier/reward.json", shown)
    }
    guard let bytes = try bytes(folder.appending(path: "reward.txt"), in: shown) else { return [] }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let value = Double(text), value.isFinite else {
      throw TableError(file: shown, "verifier/reward.txt holds '\(text.prefix(40))', which is not a finite number")
    }
    return [Reward(name: "reward", value: value)]
  }

  private static func rewards(_ json: OrderedJSON, _ file: String, _ shown: String) throws -> [Reward] {
    let members = json.object ?? [OrderedJSON.Member(key: "reward", value: json)]
    return try members.map { member in
      guard let value = member.value.double, value.isFinite else {
        throw TableError(file: shown, "\(file): the reward '\(member.key.prefix(40))' is not a finite number")
      }
      return Reward(name: member.key, value: value)
    }
  }

  private static func json(_ file: URL, in shown: String) throws -> OrderedJSON? {
    guard let bytes = try bytes(file, in: shown) else { return nil }
    do { return try JSONCursor.value(bytes) } catch {
      throw TableError(file: "\(shown)/\(file.lastPathComponent)", error.words)
    }
  }

  private static func bytes(_ file: URL, in shown: String) throws -> [UInt8]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    try LogFile.checkPlain(file, name: "\(shown)/\(file.lastPathComponent)")
    return try LogFile.bytes(file, name: "\(shown)/\(file.lastPathComponent)", limit: fileLimit)
  }
}
