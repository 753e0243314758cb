/// Expressions, from the loosest operator to the tightest.
extension TemplateParser {
  /// An expression, or several with commas, which are a list.
  mutating func tuple() throws -> TemplateExpression {
    let first = try expression()
    guard peek == .symbol(",") else { return first }
    var members = [first]
    while take(symbol: ","), peek != .mark("%}"), peek != .symbol(")") { members.append(try expression()) }
    return .list(members)
  }

  mutating func expression() throws -> TemplateExpression { try nested { try $0.conditional() } }

  private mutating func conditional() throws -> TemplateExpression {
    var value = try either()
    while take(word: "if") {
      let condition = try either()
      value = .conditional(condition, then: value, otherwise: take(word: "else") ? try expression() : nil)
    }
    return value
  }

  mutating func either() throws -> TemplateExpression {
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
    take(word: "not") ? .not(try nested { try $0.negation() }) : try comparison()
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
      value = .negative(try nested { try $0.unary(isFiltered: false) })
    } else if take(symbol: "+") {
      value = try nested { try $0.unary(isFiltered: false) }
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

  mutating func arguments() throws -> [TemplateExpression.Argument] {
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
