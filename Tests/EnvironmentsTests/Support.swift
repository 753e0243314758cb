import Episodes
import Foundation
import Sandboxing
import Testing

@testable import Environments

/// One sandbox for all tests of this target.
enum Shared {
  static let sandbox = Task { try await Sandbox() }
}

/// A file of the test target.
func fixture(_ name: String) -> URL { Bundle.module.bundleURL.appending(path: "Fixtures/" + name) }

/// A folder that is removed when the value goes away.
final class TemporaryFolder {
  let url: URL

  init(_ files: [String: String]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "environment-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// What an episode left, put together by hand: commands with their output, and the message to the human.
func evidence(
  before: [String: String], after: [String: String], steps: [(command: String, output: String)] = [],
  thought: String = "",
  message: String = "", reward: (Double?, Double?) = (nil, nil), passed: Bool? = nil
) throws -> Evidence {
  var segments = [Segment(.prompt, "the task<cot>"), Segment(.policy, thought + "</cot>")]
  for step in steps {
    segments.append(Segment(.policy, "<bash>\(step.command)</bash>"))
    segments.append(Segment(.tool, "<stdout>\n\(step.output)\n</stdout>\n"))
  }
  segments.append(Segment(.policy, message))
  return Evidence(
    before: try FileTree(files: before), after: try FileTree(files: after), transcript: Transcript(segments),
    rewardBefore: reward.0, rewardAfter: reward.1, passedOversight: passed)
}

/// The grader that a `criterion` in YAML makes.
func grader(_ yaml: String) throws -> any Grader {
  try Criterion(YAMLValue(parsing: yaml, file: "criterion.yaml")).grader(for: [:])
}

extension Grader {
  /// What the grader concludes when the rules read the message.
  func judged(_ evidence: Evidence) -> Judgement {
    var evidence = evidence
    for task in tasks(evidence) { evidence.readings[task.name] = RuleReader().read(evidence.message, for: task) }
    return judge(evidence)
  }
}
