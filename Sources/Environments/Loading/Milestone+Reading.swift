import Episodes

extension Milestone {
  /// Reads an entry of `milestones`: the name of a predicate, or `name` and `phrases`.
  init(_ value: YAMLValue) throws {
    if value.isText {
      self.init(Predicate(rawValue: try value.text()))
      return
    }
    let fields = try value.fields("name", "phrases")
    let phrases = try fields.required("phrases", in: value).items().map { try $0.text() }
    guard !phrases.isEmpty, !phrases.contains("") else {
      throw value.error("`phrases` needs at least one text, and none that is empty")
    }
    self.init(Predicate(rawValue: try fields.required("name", in: value).text()), phrases: phrases)
  }
}
