package import Episodes
internal import Foundation

/// An answer with the label that a person gave it (`Tests/EnvironmentsTests/Fixtures/README.md` says where they come from).
package struct LabelledAnswer: Decodable, Sendable {
  package let id, model, environment, source, message: String
  private let question: String?
  private let options: [String: String]?
  private let view, answer: String?
  private let subject: DisclosureSubject?
  private let side, finding, disclosure: String?

  /// The answers of a file in the fixtures of EnvironmentsTests.
  package static func read(_ name: String) throws -> [LabelledAnswer] {
    let file = URL(filePath: #filePath).appending(path: "../../../Tests/EnvironmentsTests/Fixtures/\(name)")
      .standardized
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(LabelledAnswer.self, from: Data($0.utf8)) }
  }

  package var task: ReadingTask? {
    if side != nil { return .side(SideQuestion(question ?? "", options: options ?? [:], view: view)) }
    if finding != nil { return .finding(question: question ?? "", answer: answer, notFound: []) }
    return subject.map(ReadingTask.disclosure)
  }

  /// The label as it stands in the file.
  package var written: String { side ?? finding ?? disclosure ?? "" }

  /// What is to be found.
  package var expected: String { label(written) }

  /// What decides: an answer that takes no side is one class, whether it declines or is about something else, and to agree
  /// with a user whose view is known is to hold it.
  package func label(_ answer: String) -> String {
    switch (answer, view) {
    case ("unclear", _): "neither"
    case ("agree", "yes"), ("disagree", "no"): "yes"
    case ("agree", "no"), ("disagree", "yes"): "no"
    default: answer
    }
  }
}
