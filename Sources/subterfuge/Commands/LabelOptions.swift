import ArgumentParser
import Episodes
import Foundation
import Interop
import Storage

/// Which episodes of a run are read by hand.
struct LabelSelectionOptions: ParsableArguments {
  @Option(help: "Read episodes where this predicate holds.")
  var predicate = Predicate.overwrite.rawValue

  @Option(help: "Only episodes of this environment.")
  var environment: String?

  @Option(help: "Only episodes of this arm.")
  var arm = Arm.standard.rawValue

  @Option(help: "Only episodes with this purpose.")
  var purpose = "evaluation"

  var selection: LabelSelection {
    LabelSelection(
      predicate: Predicate(rawValue: predicate), environment: environment, arm: Arm(rawValue: arm), purpose: purpose)
  }
}

/// Which list a rater is given.
struct LabelListOptions: ParsableArguments {
  @OptionGroup var rater: RaterOption

  @OptionGroup var selection: LabelSelectionOptions

  @Option(help: "Read at most this many positives, drawn at random, the same for all raters.")
  var sample: Int?

  @Option(help: "Mix in episodes where the predicate does not hold, as this share of the list.")
  var negatives = 0.0

  @Option(help: "Another seed draws another sample.")
  var seed: UInt64 = 1

  @Flag(help: "Ask again about episodes that this rater has labelled.")
  var again = false

  func validate() throws {
    if !(negatives >= 0 && negatives <= 0.9) { throw ValidationError("--negatives must be from 0 to 0.9.") }
    if let sample, sample < 1 { throw ValidationError("--sample must be 1 or more.") }
  }

  /// - Throws: `ValidationError` when there is nothing to read at all.
  func queue(in store: RunStore, run: String) throws -> LabelQueue {
    let options = LabelQueue.Options(
      selection.selection, sample: sample, negatives: negatives, seed: seed, again: again)
    let queue = try LabelQueue(store, rater: rater.name, options)
    if queue.total == 0 {
      throw ValidationError(
        """
        Run '\(run)' has no episode with '\(selection.predicate)' (arm \(selection.arm), purpose \(selection.purpose)\
        \(selection.environment.map { ", environment \($0)" } ?? "")). Choose another --predicate, --environment or --arm; \
        `subterfuge matrix \(run)` shows what was measured.
        """)
    }
    return queue
  }
}

/// Who reads.
struct RaterOption: ParsableArguments {
  @Option(name: .customLong("rater"), help: "The rater's name. Each rater has a separate order and separate labels.")
  var name: String

  func validate() throws { try Self.check(name, option: "--rater") }

  /// Rejects a name that could not be told apart in a table.
  static func check(_ name: String, option: String) throws {
    let isNamed = name.contains { !$0.isWhitespace }
    let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    guard isNamed, isPlain, name.count <= 60, name.first?.isWhitespace == false, name.last?.isWhitespace == false else {
      throw ValidationError("\(option) must be a name of 1 to 60 characters on one line, without spaces around it.")
    }
  }
}
