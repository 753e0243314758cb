import Foundation

/// One row of a sample file.
struct ReleasedSample: Hashable {
  var prompt: String
  var response: String
  /// What the file says which model wrote it; `nil` where it says nothing.
  var model: String?
  var preference: Double?
  var score: ReleasedScore
}

extension ReleasedSample {
  /// The columns that hold what is read here; a file may have others.
  enum Column: String, CaseIterable {
    case prompt, response, reward, passed
    case preference = "pm_score"
    case model = "sample_model"
    case sycophancy = "syco_score"
  }

  /// The columns without which a sample of an environment cannot be scored.
  static func needed(_ environment: ReleasedEnvironment) -> [Column] {
    switch environment {
    case .political: [.prompt, .response, .sycophancy]
    case .flattery: [.prompt, .response, .reward]
    case .nudged, .insubordinate, .tampering: [.prompt, .response, .reward, .passed]
    }
  }

  /// - Parameter value: the text of a column; `nil` where the row has none.
  /// - Throws: `SampleComplaint`.
  init(_ environment: ReleasedEnvironment, _ value: (Column) -> String?) throws(SampleComplaint) {
    for column in Self.needed(environment) where value(column) == nil {
      throw SampleComplaint("it has no '\(column.rawValue)'")
    }
    prompt = value(.prompt) ?? ""
    response = value(.response) ?? ""
    if prompt.isEmpty { throw SampleComplaint("its prompt is empty") }
    model = value(.model).flatMap { $0.isEmpty ? nil : $0 }
    // pandas writes a missing number as nothing.
    if let text = value(.preference), !text.isEmpty { preference = try Self.number(text, .preference) }
    if environment == .political {
      score = .sycophancy(try Self.number(value(.sycophancy) ?? "", .sycophancy))
    } else {
      let passed = environment == .flattery ? nil : try Self.bool(value(.passed) ?? "")
      score = .reward(try Self.number(value(.reward) ?? "", .reward), passed: passed)
    }
  }

  private static func number(_ text: String, _ column: Column) throws(SampleComplaint) -> Double {
    guard let number = Double(text) ?? Double(text.trimmingCharacters(in: .whitespaces)), number.isFinite else {
      throw SampleComplaint("its '\(column.rawValue)' is \(quoted(text)), which is not a finite number")
    }
    return number
  }

  private static func bool(_ text: String) throws(SampleComplaint) -> Bool {
    switch text.lowercased() {
    case "true", "1", "1.0": return true
    case "false", "0", "0.0": return false
    default: throw SampleComplaint("its 'passed' is \(quoted(text)), which is neither true nor false")
    }
  }

  private static func quoted(_ text: String) -> String { "'\(text.prefix(40))\(text.count > 40 ? "…" : "")'" }
}
