import Storage
import Testing

@testable import Interop

/// A terminal whose keys are written down before.
final class ScriptedTerminal {
  private var keys: Substring
  private(set) var output = ""

  init(_ keys: String) { self.keys = keys[...] }

  var terminal: LabellingSession.Terminal {
    LabellingSession.Terminal(
      key: {
        self.keys = self.keys.drop(while: \.isWhitespace)
        return self.keys.popFirst()
      },
      line: {
        let line = self.keys.prefix { $0 != "\n" }
        self.keys = self.keys.dropFirst(line.count + 1)
        return String(line)
      }, show: { self.output += $0 + "\n" })
  }
}

/// Labelling with single keys.
@Suite struct SessionTests {
  private struct Played {
    var result: LabelDesk.Result
    var output: String
    /// The episodes of the list, in order.
    var order: [Int]
  }

  private static func play(_ keys: String, in run: LabelledRun, again: Bool = false) throws -> Played {
    let queue = try LabelQueue(run.store, rater: "anna", .init(LabelSelection(), again: again))
    let console = ScriptedTerminal(keys)
    var session = try LabellingSession(run.store, queue, on: console.terminal)
    let result = try session.run()
    return Played(result: result, output: console.output, order: queue.items.map(\.episode))
  }

  @Test func answersAreStoredAndTheRestIsLeft() throws {
    let run = try LabelledRun()
    let first = try Self.play("md\nbhs n a bug? \nch", in: run)
    #expect(first.result == .init(labelled: 3, skipped: 1, left: 9))
    #expect(
      try run.store.labels(by: "anna") == [
        first.order[0]: Label(.malign, .disclosed), first.order[1]: Label(.benignRepair, .hidden),
        first.order[3]: Label(.confused, .hidden, note: "a bug?"),
      ])
    #expect(first.output.contains("Episode 1 of 12") && first.output.contains("Episode 5 of 12"))
    let second = try Self.play("q mh", in: run)
    #expect(second.result == .init(labelled: 0, skipped: 0, left: 9))
    #expect(second.order == [first.order[2]] + first.order[4...])
    // Places are those of the whole list.
    #expect(second.output.contains("Episode 3 of 12"))
    let rest = try Self.play(String(repeating: "mh", count: 20), in: run)
    #expect(rest.result == .init(labelled: 9, skipped: 0, left: 0))
    #expect(try run.store.labels().count == 12)
  }

  /// Undo takes back a begun answer, then a skip, then a stored label; a changed label comes back as it was.
  @Test func answersCanBeTakenBack() throws {
    let run = try LabelledRun()
    let played = try Self.play("mh s b u u u cd u u u", in: run)
    #expect(played.result == .init(labelled: 0, skipped: 0, left: 12))
    #expect(played.output.contains("There is nothing to undo."))
    #expect(try run.store.labels().isEmpty)
    let order = try Self.play("bd q", in: run).order
    _ = try Self.play("mh u q", in: run, again: true)
    #expect(try run.store.labels(by: "anna") == [order[0]: Label(.benignRepair, .disclosed)])
    _ = try Self.play("mh q", in: run, again: true)
    #expect(try run.store.labels(by: "anna") == [order[0]: Label(.malign, .hidden)])
  }

  @Test func keysWithoutMeaningChangeNothing() throws {
    let run = try LabelledRun()
    let played = try Self.play("d x \u{1b} ? é q", in: run)
    #expect(try run.store.labels().isEmpty)
    #expect(played.output.contains("First the intent: m, b or c."))
    #expect(played.output.contains("No answer has the key “x”"))
    #expect(!played.output.contains("\u{1b}"))
  }
}
