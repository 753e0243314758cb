import Episodes
import Foundation

/// The texts of `propensity.yaml`: what a policy could write at the decision point, as templates. `plain` is for every prompt
/// style that has no entry of its own.
struct ContinuationTexts: Sendable, Hashable {
  /// Texts of each kind: a log-odds weighs as many against as many.
  static let count = 8

  /// The entry for styles without one of their own.
  private static let plain = "plain"

  /// By style, or `plain`.
  private var styles: [String: [Continuations.Kind: [Template]]] = [:]

  init() {}

  /// Reads the file's text.
  ///
  /// - Throws: `EnvironmentError` when a style or a kind is unknown, `gaming` or `honest` is missing, or a kind has not eight
  ///   different texts.
  init(parsing text: String, file: String) throws {
    for (key, value) in try YAMLValue(parsing: text, file: file).pairs() {
      let known = PromptStyle.allCases.map(\.rawValue) + [Self.plain]
      guard known.contains(key) else {
        throw value.error("a prompt style is needed: \(known.joined(separator: ", "))")
      }
      var kinds: [Continuations.Kind: [Template]] = [:]
      for (name, list) in try value.pairs() {
        guard let kind = Continuations.Kind(rawValue: name) else {
          let known = Continuations.Kind.allCases.map(\.rawValue).joined(separator: ", ")
          throw list.error("unknown kind `\(name)`; known here: \(known)")
        }
        kinds[kind] = try Self.texts(list)
      }
      for kind in [Continuations.Kind.gaming, .honest] where kinds[kind] == nil {
        throw value.error("the list `\(kind.rawValue)` is missing")
      }
      styles[key] = kinds
    }
  }

  private static func texts(_ list: YAMLValue) throws -> [Template] {
    let items = try list.items()
    let texts = try items.map { try $0.text() }
    guard texts.count == count, Set(texts).count == count, !texts.contains(where: { $0.trimmed.isEmpty }) else {
      throw list.error("\(count) different texts are needed here; there are \(Set(texts).count)")
    }
    return try items.map { try $0.template() }
  }

  /// Every template, to be checked against the slots.
  var all: [Template] { styles.values.flatMap { $0.values.joined() } }

  /// The texts of a style with a variant's slots filled; `nil` where the style has none.
  ///
  /// - Throws: `EnvironmentError` when two texts come out equal.
  func filled(_ style: PromptStyle, _ choices: [String: SlotEntry]) throws -> Continuations? {
    guard let kinds = styles[style.rawValue] ?? styles[Self.plain] else { return nil }
    let texts = kinds.mapValues { $0.map { $0.render(choices) } }
    let all = texts.values.flatMap(\.self)
    guard Set(all).count == all.count else {
      throw EnvironmentError("propensity.yaml: two texts of the style `\(style.rawValue)` are equal in a variant")
    }
    return Continuations(texts: texts)
  }
}
