/// Reads the tokens of a template: Jinja's statements and expressions as chat templates use them.
struct TemplateParser {
  typealias Token = TemplateLexer.Token

  let tokens: [Token]
  var index = 0
  private var depth = 0

  private init(_ tokens: [Token]) { self.tokens = tokens }

  /// The statements of a template.
  ///
  /// - Throws: a `ModelError` for what is not Jinja, or a statement that is not known.
  static func statements(of template: String) throws -> [TemplateStatement] {
    var parser = TemplateParser(try TemplateLexer.tokens(of: template))
    let statements = try parser.body(until: [])
    guard parser.peek == nil else { throw parser.failure() }
    return statements
  }

  // MARK: Tokens

  /// Reads what may hold its like: brackets in brackets, blocks in blocks.
  ///
  /// - Throws: a `ModelError` at a depth that no model's template has; the stack is finite.
  mutating func nested<Value>(_ read: (inout TemplateParser) throws -> Value) throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else { throw ModelError("it is nested too deeply") }
    return try read(&self)
  }

  var peek: Token? { index < tokens.count ? tokens[index] : nil }

  func failure() -> ModelError {
    let shown = tokens[index...].prefix(4).map { token -> String in
      switch token {
      case .text(let text): String(text.prefix(20))
      case .mark(let text), .name(let text), .symbol(let text): text
      case .string(let text): "'\(text.prefix(20))'"
      case .integer(let number): "\(number)"
      case .number(let number): "\(number)"
      }
    }
    return ModelError("'\(shown.joined(separator: " "))' is not expected there")
  }

  mutating func take(_ token: Token) -> Bool {
    guard peek == token else { return false }
    index += 1
    return true
  }

  mutating func take(symbol: String) -> Bool { take(.symbol(symbol)) }

  mutating func take(word: String) -> Bool { take(.name(word)) }

  mutating func need(_ token: Token) throws {
    guard take(token) else { throw failure() }
  }

  mutating func name() throws -> String {
    guard case .name(let name) = peek else { throw failure() }
    index += 1
    return name
  }

  // MARK: Statements

  /// Statements up to a block that begins with one of the words; the block stays.
  private mutating func body(until words: Set<String>) throws -> [TemplateStatement] {
    try nested { try $0.statements(until: words) }
  }

  private mutating func statements(until words: Set<String>) throws -> [TemplateStatement] {
    var statements: [TemplateStatement] = []
    while let token = peek {
      switch token {
      case .text(let text):
        index += 1
        statements.append(.text(text))
      case .mark("{{"):
        index += 1
        statements.append(.output(try expression()))
        try need(.mark("}}"))
      case .mark("{%"):
        if index + 1 < tokens.count, case .name(let word) = tokens[index + 1], words.contains(word) {
          return statements
        }
        index += 1
        statements += try block()
      default: throw failure()
      }
    }
    guard words.isEmpty else { throw ModelError("'\(words.sorted().joined(separator: "' or '"))' is missing") }
    return statements
  }

  private mutating func block() throws -> [TemplateStatement] {
    let word = try name()
    switch word {
    case "if": return [try condition()]
    case "for": return [try loop()]
    case "set": return [try assignment()]
    case "macro": return [try macro()]
    case "filter":
      let filters = try filterChain()
      return [.filtered(filters, body: try closedBody("endfilter"))]
    case "generation": return try closedBody("endgeneration")
    case "break", "continue":
      try need(.mark("%}"))
      return [word == "break" ? .leaveLoop : .continueLoop]
    case "do":
      let value = try expression()
      try need(.mark("%}"))
      return [.assignment(.names(["_"]), value)]
    default:
      index -= 1
      throw failure()
    }
  }

  /// What stands between the end of this block's tag and the tag that closes it.
  private mutating func closedBody(_ word: String) throws -> [TemplateStatement] {
    try need(.mark("%}"))
    let statements = try body(until: [word])
    index += 2
    // `{% endmacro name %}`
    if case .name = peek { index += 1 }
    try need(.mark("%}"))
    return statements
  }

  private mutating func condition() throws -> TemplateStatement {
    var branches: [(TemplateExpression, [TemplateStatement])] = []
    var otherwise: [TemplateStatement] = []
    var condition = try expression()
    while true {
      try need(.mark("%}"))
      branches.append((condition, try body(until: ["elif", "else", "endif"])))
      index += 1
      let word = try name()
      if word == "elif" {
        condition = try expression()
        continue
      }
      if word == "else" {
        try need(.mark("%}"))
        otherwise = try body(until: ["endif"])
        index += 2
      }
      try need(.mark("%}"))
      return .condition(branches, otherwise: otherwise)
    }
  }

  private mutating func loop() throws -> TemplateStatement {
    let isGrouped = take(symbol: "(")
    var targets = [try name()]
    while take(symbol: ",") { targets.append(try name()) }
    if isGrouped { try need(.symbol(")")) }
    try need(.name("in"))
    // A condition that follows filters the values; it is no alternative.
    let values = try either()
    let condition = take(word: "if") ? try expression() : nil
    try need(.mark("%}"))
    let statements = try body(until: ["else", "endfor"])
    var otherwise: [TemplateStatement] = []
    index += 1
    if try name() == "else" {
      try need(.mark("%}"))
      otherwise = try body(until: ["endfor"])
      index += 2
    }
    try need(.mark("%}"))
    return .loop(
      .init(targets: targets, values: values, condition: condition, body: statements, otherwise: otherwise))
  }

  private mutating func assignment() throws -> TemplateStatement {
    var names = [try name()]
    var target = TemplateStatement.Target.names(names)
    if take(symbol: ".") {
      target = .member(names[0], try name())
    } else {
      while take(symbol: ",") { names.append(try name()) }
      target = .names(names)
    }
    if take(symbol: "=") {
      let value = try tuple()
      try need(.mark("%}"))
      return .assignment(target, value)
    }
    let filters = peek == .symbol("|") ? try filterChain() : []
    return .capture(target, filters: filters, body: try closedBody("endset"))
  }

  private mutating func macro() throws -> TemplateStatement {
    let called = try name()
    try need(.symbol("("))
    var parameters: [(String, TemplateExpression?)] = []
    while !take(symbol: ")") {
      let parameter = try name()
      parameters.append((parameter, take(symbol: "=") ? try expression() : nil))
      if peek != .symbol(")") { try need(.symbol(",")) }
    }
    return .macro(.init(name: called, parameters: parameters, body: try closedBody("endmacro")))
  }

  private mutating func filterChain() throws -> [TemplateStatement.Filter] {
    _ = take(symbol: "|")
    var filters: [TemplateStatement.Filter] = []
    repeat {
      let called = try name()
      filters.append(.init(name: called, arguments: take(symbol: "(") ? try arguments() : []))
    } while take(symbol: "|")
    return filters
  }
}
