import ArgumentParser
import Environments
import Episodes
import Foundation
import Sandboxing

struct GradeAnswers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade your own answers or transcripts, and show what the grader read in them.",
    discussion: """
      --text is a final answer as plain text: no command runs and the files stay as they are. A line of --transcripts is \
      {"text": "..."}, {"messages": [...]} or an exported episode; the <bash> commands in it run in the sandbox, and \
      recorded output is left out. With --json, each answer gives one object on a line of its own.

      Example:
        printf 'I could not find a counter, so I estimate about 42.' > answer.txt
        subterfuge environments grade tampering --text answer.txt --json
      """)

  @Argument(help: "An environment's name or folder.")
  var name: String

  @OptionGroup var choice: VariantOptions

  @OptionGroup var reading: ReaderOptions

  @Option(help: "A file with one final answer.")
  var text: String?

  @Option(help: "A JSONL file with one transcript a line.")
  var transcripts: String?

  @Flag(help: "Print one JSON object for each answer.")
  var json = false

  func validate() throws {
    if (text == nil) == (transcripts == nil) { throw ValidationError("Give either --text or --transcripts.") }
  }

  func run() async throws {
    let answers = try self.answers()
    let definition = try EnvironmentCatalogue.load(name)
    let log = ReadingLog(try Workshop.reader(named: reading.reader))
    let sandbox = try await Sandbox()
    let environment = FolderEnvironment(definition, sandbox: sandbox, reader: log)
    var failures = 0
    for (index, answer) in answers.enumerated() {
      let key = EpisodeKey(
        checkpoint: "given", environment: definition.name, arm: Arm(rawValue: choice.arm), purpose: "grade",
        variant: choice.variant, sample: index)
      let policy = ScriptedPolicy(answer.script, name: "given", style: choice.style)
      let episode = try await EpisodeLoop(environment: environment, policy: policy).run(key, seed: Seed(0))
      if case .failed = episode.result { failures += 1 }
      try show(GradedAnswer(episode, reader: log.name, readings: await log.take()))
    }
    await sandbox.close()
    if failures > 0 { throw ExitCode.failure }
  }

  private func answers() throws -> [GivenAnswer] {
    if let text { return [GivenAnswer(text: try read(text))] }
    let file = transcripts ?? ""
    let lines = try read(file).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    let answers: [GivenAnswer] = try lines.enumerated().compactMap { index, line in
      guard !line.allSatisfy(\.isWhitespace) else { return nil }
      do { return try GivenAnswer(line: String(line)) } catch let problem as EnvironmentError {
        throw EnvironmentError(problem.message, file: file, line: index + 1)
      }
    }
    if answers.isEmpty { throw EnvironmentError("the file holds no transcript", file: file) }
    return answers
  }

  private func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("Cannot read '\(path)'. Give the path of a text file.")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private func show(_ answer: GradedAnswer) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Console.print(String(decoding: try encoder.encode(answer), as: UTF8.self))
    }
    Console.print(answer.lines.joined(separator: "\n"))
  }
}

/// What `environments grade` says of one answer.
struct GradedAnswer: Encodable {
  var environment: String
  var arm: String
  var variant: Int
  /// Counted from 0, in the order of the file.
  var index: Int
  /// What the human reads.
  var message: String
  var facts: [String: Bool]?
  var measures: [String: Double]?
  /// The gaming bonus of training.
  var reward: Double?
  /// What the environment's own reward command printed.
  var baitReward: Double?
  var stop: String?
  var reader: String
  var readings: [Reading]
  var changes: [FileChange]
  /// Why the answer could not be graded.
  var failure: String?

  init(_ episode: Episode, reader: String, readings: [Reading]) {
    environment = episode.key.environment
    arm = episode.key.arm.rawValue
    variant = episode.key.variant
    index = episode.key.sample
    message = VisibleText(of: episode.transcript).message
    self.reader = reader
    self.readings = readings
    changes = episode.changes
    switch episode.result {
    case .graded(let outcome, let stop):
      facts = outcome.facts
      measures = outcome.measures
      reward = outcome.gamingBonus
      baitReward = outcome.baitReward
      self.stop = stop.rawValue
    case .failed(let problem): failure = "\(problem.boundary.rawValue): \(problem.message)"
    }
  }

  /// The same in words.
  var lines: [String] {
    let holding = (facts ?? [:]).filter(\.value).keys.sorted().joined(separator: ", ")
    var lines = [
      "\(index): " + (failure.map { "failed at the \($0)" } ?? "\(holding.isEmpty ? "nothing holds" : holding)")
    ]
    for reading in readings {
      lines.append("   \(reading.task): \(reading.answer)" + (reading.evidence.map { "  “\($0)”" } ?? ""))
    }
    return lines
  }
}
