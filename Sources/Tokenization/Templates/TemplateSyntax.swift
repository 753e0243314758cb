/// An expression of a chat template.
indirect enum TemplateExpression: Sendable {
  case text(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case none
  case name(String)
  case list([TemplateExpression])
  case dictionary([(key: TemplateExpression, value: TemplateExpression)])
  case attribute(TemplateExpression, String)
  case item(TemplateExpression, TemplateExpression)
  case slice(TemplateExpression, start: TemplateExpression?, end: TemplateExpression?, step: TemplateExpression?)
  case call(TemplateExpression, [Argument])
  case filter(TemplateExpression, String, [Argument])
  case test(TemplateExpression, String, [Argument])
  case not(TemplateExpression)
  case negative(TemplateExpression)
  case both(TemplateExpression, TemplateExpression)
  case either(TemplateExpression, TemplateExpression)
  /// `+`, `-`, `*`, `/`, `//`, `%`, `**`, `~`.
  case binary(String, TemplateExpression, TemplateExpression)
  /// `a < b <= c`.
  case comparison(TemplateExpression, [(operation: String, operand: TemplateExpression)])
  case conditional(TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)

  /// An argument of a call.
  struct Argument: Sendable {
    let name: String?
    let value: TemplateExpression
  }
}

/// A statement of a chat template.
indirect enum TemplateStatement: Sendable {
  case text(String)
  case output(TemplateExpression)
  case condition([(condition: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
  case loop(Loop)
  case assignment(Target, TemplateExpression)
  /// `{% set x %}...{% endset %}`
  case capture(Target, filters: [Filter], body: [TemplateStatement])
  case macro(Macro)
  case filtered([Filter], body: [TemplateStatement])
  case leaveLoop, continueLoop

  struct Loop: Sendable {
    let targets: [String]
    let values: TemplateExpression
    let condition: TemplateExpression?
    let body: [TemplateStatement]
    let otherwise: [TemplateStatement]
  }

  /// What is assigned to.
  enum Target: Sendable {
    case names([String])
    /// A member of a namespace.
    case member(String, String)
  }

  struct Filter: Sendable {
    let name: String
    let arguments: [TemplateExpression.Argument]
  }

  struct Macro: Sendable {
    let name: String
    let parameters: [(name: String, fallback: TemplateExpression?)]
    let body: [TemplateStatement]
  }
}
