/// The arguments of a filter or a function.
struct TemplateArguments {
  let unnamed: [TemplateValue]
  private let named: [String: TemplateValue]

  init(_ arguments: [(name: String?, value: TemplateValue)]) {
    unnamed = arguments.filter { $0.name == nil }.map(\.value)
    named = Dictionary(arguments.compactMap { argument in argument.name.map { ($0, argument.value) } }) { $1 }
  }

  /// All with names, for `namespace(...)` and `dict(...)`.
  var members: [(String, TemplateValue)] { named.sorted { $0.key < $1.key } }

  /// The argument at a place, or with a name.
  subscript(index: Int, name: String) -> TemplateValue? {
    named[name] ?? (unnamed.indices.contains(index) ? unnamed[index] : nil)
  }

  func text(_ index: Int, _ name: String = "") -> TemplateText? {
    if case .text(let text) = self[index, name] { text } else { nil }
  }

  func integer(_ index: Int, _ name: String = "") -> Int? {
    if case .integer(let number) = self[index, name] { number } else { nil }
  }

  /// - Throws: a `ModelError` when there is no such text.
  func needText(_ index: Int) throws -> TemplateText {
    guard let text = text(index) else { throw ModelError("an argument that is not text") }
    return text
  }
}
