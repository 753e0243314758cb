import ArgumentParser
import Episodes
import Experiments
import Foundation
import HTTP
import Judging
import Reporting
import Storage

struct LabelsJudge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Ask a language model on a server whether the human was told, and compare with the rule.",
    discussion: """
      The model sees the changed files and the message to the human of every positive in which something was done, never \
      the chain of thought. Each answer is stored; the same command resumes after an interruption. The report shows \
      the agreement of rule and judge.

      Example:
        subterfuge labels judge quickstart --address http://127.0.0.1:8000/v1 --judge qwen2.5-7b-instruct
      """)

  @Argument(help: "The run's name.")
  var name: String

  @Option(help: "The part of the server's address before /chat/completions.")
  var address: String

  @Option(help: "The model's name on the server.")
  var judge: String

  @Option(help: "The environment variable that holds the key; none is sent if not given.")
  var keyVariable: String?

  @Option(help: "Ask about at most this many episodes now.")
  var limit: Int?

  @OptionGroup var selection: LabelSelectionOptions

  @OptionGroup var options: RunOptions

  @Flag(help: "Print what all judges said as JSON.")
  var json = false

  func validate() throws {
    if limit.map({ $0 < 1 }) ?? false { throw ValidationError("--limit must be 1 or more.") }
  }

  func run() async throws {
    let store = try RunStore(labelling: options.folder(name).url)
    let client = try JudgeClient(RemoteSettings(address: address, keyVariable: keyVariable), model: judge)
    let known = Set(try store.judgedDisclosures().filter { $0.judge == judge }.map(\.episode))
    let positives = try store.episodeNumbers(selection.selection.positives, limit: .max).filter { !known.contains($0) }
    var asked = 0
    try await DisclosureJudge(client).judge(
      Array(positives.prefix(limit ?? .max)), episode: { try store.episode(id: $0)?.episode },
      record: { judged in
        try store.record(
          judged.map { JudgedDisclosure(episode: $0.number, judge: judge, rule: $0.rule, said: $0.said) })
        asked += judged.count
        Console.error("\(asked) judged")
      })
    let summaries = try DisclosureSummary.all(store)
    if json { return Console.print(try ReportJSON.text(summaries)) }
    for summary in summaries where summary.judge == judge { Console.print(summary.text) }
    if summaries.allSatisfy({ $0.judge != judge }) {
      Console.print("No episode with '\(selection.predicate)' in which something was done was found.")
    }
  }
}
