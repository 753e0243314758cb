import Experiments
import ArgumentParser
import Foundation
import Interop
import Storage

struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Label positives one by one, blind.",
    discussion: """
      Shows one episode at a time, in an order of the rater's own, without its checkpoint, its condition or the labels of \
      others. Answer with single keys: m malign, b benign repair, c confused, then d disclosed, h hidden; n note, \
      s skip, u undo, q quit. Every answer is stored at once; the same command resumes where you stopped. The run may be \
      in progress. Keys may also come from a file.

      Example:
        subterfuge label quickstart --rater anna --predicate gamed --sample 50 --negatives 0.2
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var list: LabelListOptions

  @OptionGroup var options: RunOptions

  @Flag(help: "Print a summary of the session as JSON; the episodes go to standard error.")
  var json = false

  func run() throws {
    let store = try RunStore(labelling: options.folder(name).url)
    let queue = try list.queue(in: store, run: name)
    let keys = KeyInput()
    let show = json ? Console.error : Console.print
    var session = try LabellingSession(
      store, queue, on: .init(key: { keys.key() }, line: { keys.line() }, show: { show($0) }))
    let result = try session.run()
    if json { return try Console.json(result) }
    Console.print(
      """
      \(result.labelled) labelled, \(result.skipped) skipped, \(result.left) left to read of \(queue.total). \
      `subterfuge labels summary \(name)` shows what all raters say.
      """)
  }
}
