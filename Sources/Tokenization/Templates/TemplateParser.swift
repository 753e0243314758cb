/// Reads the tokens of a template: Jinja's statements and expressions as chat templates use them.
struct TemplateParser {
  typealias Token = TemplateLexer.Token

  private let tokens: [Token]
  private var index = 0

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

  private var peek: Token? { index < tokens.count ? tokens[index] : nil }

  private func failure() -> ModelError {
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

  private mutating func take(_ token: Token) -> Bool {
    guard peek == token else { return false }
    index += 1
    return true
  }

  private mutating func take(symbol: String) -> Bool { take(.symbol(symbol)) }

  private mutating func take(word: String) -> Bool { take(.name(word)) }

  private mutating func need(_ token: Token) throws {
    guard take(token) else { throw failure() }
  }

  private mutating func name() throws -> String {
    guard case .name(let name) = peek else { throw failure() }
    index += 1
    return name
  }

  // MARK: Statements

  /// Statements up to a block that begins with one of the words; the block stays.
  private mutating func body(until words: Set<String>) throws -> [TemplateStatement] {
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

  // MARK: Expressions

  /// An expression, or several with commas, which are a list.
  private mutating func tuple() throws -> TemplateExpression {
    let first = try expression()
    guard peek == .symbol(",") else { return first }
    var members = [first]
    while take(symbol: ","), peek != .mark("%}"), peek != .symbol(")") { members.append(try expression()) }
    return .list(members)
  }

  private mutating func expression() throws -> TemplateExpression {
    var value = try either()
    while take(word: "if") {
      let condition = try either()
      value = .conditional(condition, then: value, otherwise: take(word: "else") ? try expression() : nil)
    }
    return value
  }

  private mutating func either() throws -> TemplateExpression {
    var left = try both()
    while take(word: "or") { left = .either(left, try both()) }
    return left
  }

  private mutating func both() throws -> TemplateExpression {
    var left = try negation()
    while take(word: "and") { left = .both(left, try negation()) }
    return left
  }

  private mutating func negation() throws -> TemplateExpression {
    take(word: "not") ? .not(try negation()) : try comparison()
  }

  private mutating func comparison() throws -> TemplateExpression {
    let left = try sum()
    var others: [(String, TemplateExpression)] = []
    while let operation = comparisonOperator() { others.append((operation, try sum())) }
    return others.isEmpty ? left : .comparison(left, others)
  }

  private mutating func comparisonOperator() -> String? {
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where take(symbol: symbol) { return symbol }
    if take(word: "in") { return "in" }
    if peek == .name("not"), index + 1 < tokens.count, tokens[index + 1] == .name("in") {
      index += 2
      return "not in"
    }
    return nil
  }

  private mutating func sum() throws -> TemplateExpression {
    var left = try joined()
    while let symbol = ["+", "-"].first(where: { take(symbol: $0) }) { left = .binary(symbol, left, try joined()) }
    return left
  }

  private mutating func joined() throws -> TemplateExpression {
    var left = try product()
    while take(symbol: "~") { left = .binary("~", left, try product()) }
    return left
  }

  private mutating func product() throws -> TemplateExpression {
    var left = try power()
    while let symbol = ["*", "//", "/", "%"].first(where: { take(symbol: $0) }) {
      left = .binary(symbol, left, try power())
    }
    return left
  }

  private mutating func power() throws -> TemplateExpression {
    var left = try unary()
    while take(symbol: "**") { left = .binary("**", left, try unary()) }
    return left
  }

  private mutating func unary(isFiltered: Bool = true) throws -> TemplateExpression {
    var value: TemplateExpression
    if take(symbol: "-") {
      value = .negative(try unary(isFiltered: false))
    } else if take(symbol: "+") {
      value = try unary(isFiltered: false)
    } else {
      value = try postfix(primary())
    }
    return isFiltered ? try filtered(value) : value
  }

  private mutating func filtered(_ value: TemplateExpression) throws -> TemplateExpression {
    var value = value
    while true {
      if take(symbol: "|") {
        let called = try name()
        value = .filter(value, called, take(symbol: "(") ? try arguments() : [])
      } else if take(word: "is") {
        value = try test(value)
      } else if peek == .symbol("(") || peek == .symbol("[") || peek == .symbol(".") {
        // `(x | list)[0]` needs its brackets, `x is y` none: what follows a filter is read on.
        value = try postfix(value)
      } else {
        return value
      }
    }
  }

  private mutating func test(_ value: TemplateExpression) throws -> TemplateExpression {
    let isNegated = take(word: "not")
    let called = try name()
    var values: [TemplateExpression.Argument] = []
    if take(symbol: "(") {
      values = try arguments()
    } else if hasOperand {
      values = [.init(name: nil, value: try postfix(primary()))]
    }
    let test = TemplateExpression.test(value, called, values)
    return isNegated ? .not(test) : test
  }

  /// Whether a test's argument follows.
  private var hasOperand: Bool {
    switch peek {
    case .name(let word): !["else", "or", "and", "if", "is", "in", "not"].contains(word)
    case .string, .integer, .number, .symbol("["), .symbol("{"): true
    default: false
    }
  }

  private mutating func postfix(_ value: TemplateExpression) throws -> TemplateExpression {
    var value = value
    while true {
      if take(symbol: ".") {
        if case .integer(let position) = peek {
          index += 1
          value = .item(value, .integer(position))
        } else {
          value = .attribute(value, try name())
        }
      } else if take(symbol: "[") {
        value = try subscripted(value)
      } else if take(symbol: "(") {
        value = .call(value, try arguments())
      } else {
        return value
      }
    }
  }

  private mutating func subscripted(_ value: TemplateExpression) throws -> TemplateExpression {
    var parts: [TemplateExpression?] = [nil]
    while !take(symbol: "]") {
      if take(symbol: ":") {
        parts.append(nil)
      } else {
        parts[parts.count - 1] = try expression()
      }
    }
    if parts.count == 1, let only = parts[0] { return .item(value, only) }
    guard (2...3).contains(parts.count) else { throw failure() }
    return .slice(value, start: parts[0], end: parts[1], step: parts.count == 3 ? parts[2] : nil)
  }

  private mutating func arguments() throws -> [TemplateExpression.Argument] {
    var arguments: [TemplateExpression.Argument] = []
    while !take(symbol: ")") {
      if case .name(let word) = peek, index + 1 < tokens.count, tokens[index + 1] == .symbol("=") {
        index += 2
        arguments.append(.init(name: word, value: try expression()))
      } else {
        arguments.append(.init(name: nil, value: try expression()))
      }
      if peek != .symbol(")") { try need(.symbol(",")) }
    }
    return arguments
  }

  private mutating func primary() throws -> TemplateExpression {
    guard let token = peek else { throw failure() }
    index += 1
    switch token {
    case .string(var text):
      while case .string(let more) = peek {
        index += 1
        text += more
      }
      return .text(text)
    case .integer(let number): return .integer(number)
    case .number(let number): return .number(number)
    case .name("true"), .name("True"): return .boolean(true)
    case .name("false"), .name("False"): return .boolean(false)
    case .name("none"), .name("None"): return .none
    case .name(let name): return .name(name)
    case .symbol("("):
      if take(symbol: ")") { return .list([]) }
      let value = try tuple()
      try need(.symbol(")"))
      return value
    case .symbol("["): return .list(try members(closing: "]") { try $0.expression() })
    case .symbol("{"):
      return .dictionary(
        try members(closing: "}") { parser in
          let key = try parser.expression()
          try parser.need(.symbol(":"))
          return (key, try parser.expression())
        })
    default:
      index -= 1
      throw failure()
    }
  }

  private mutating func members<Member>(
    closing: String, _ read: (inout TemplateParser) throws -> Member
  ) throws -> [Member] {
    var members: [Member] = []
    while !take(symbol: closing) {
      members.append(try read(&self))
      if peek != .symbol(closing) { try need(.symbol(",")) }
    }
    return members
  }
}
